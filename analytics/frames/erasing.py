"""Taking one customer out of a stored frame."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from . import store

COLUMN = "customer"
BATCH = 65_536


def lines_of(path: Path, customer: UUID) -> int:
    """How many lines of the frame are this customer's."""
    with pq.ParquetFile(path) as file:
        if COLUMN not in file.schema_arrow.names:
            return 0
        return sum(
            pc.sum(_theirs(batch, customer)).as_py() or 0
            for batch in file.iter_batches(BATCH, columns=[COLUMN])
        )


def read_lines(path: Path, customer: UUID) -> Iterator[dict[str, Any]]:
    with pq.ParquetFile(path) as file:
        if COLUMN in file.schema_arrow.names:
            for batch in file.iter_batches(BATCH):
                yield from batch.filter(_theirs(batch, customer)).to_pylist()


def without(path: Path, customer: UUID) -> tuple[int, str] | None:
    """Write the frame anew without the customer, in the same row order.

    Returns:
        How many lines went, and the digest of what is left; None where they are not in it.
    """
    gone = lines_of(path, customer)
    if not gone:
        return None
    with pq.ParquetFile(path) as file, store.new_frame(path, file.schema_arrow) as writer:
        for batch in file.iter_batches(BATCH):
            writer.write(batch.filter(pc.invert(_theirs(batch, customer))))
        digest = writer.close()
    return gone, digest


def _theirs(batch: pa.RecordBatch, customer: UUID) -> Any:
    column = batch.column(batch.schema.get_field_index(COLUMN)).cast(pa.string())
    return pc.fill_null(pc.equal(column, str(customer)), False)
