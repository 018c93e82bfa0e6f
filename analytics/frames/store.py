"""Frames on disk: one Parquet file a run, whole or not there.

The digest is of the content, not of the file: the same rows give the same digest whichever version of the
library wrote them, and a torn or changed file does not.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings


def relative_path(organization_id: Any, run_id: Any) -> str:
    return f"frames/{organization_id}/{run_id}.parquet"


def absolute(path: str) -> Path:
    return Path(settings.MEDIA_ROOT) / path


class Digest:
    """SHA-256 over each column's values in the frame's row order, then over the columns' names and digests.

    Numbers as little-endian 64-bit, text as UTF-8 each ended by NUL (which PostgreSQL's text never holds).
    How the rows were cut into batches makes no difference.
    """

    def __init__(self, schema: pa.Schema) -> None:
        self._columns = {name: hashlib.sha256() for name in schema.names}

    def add(self, batch: pa.RecordBatch) -> None:
        for name, column in zip(batch.schema.names, batch.columns, strict=True):
            state = self._columns[name]
            if pa.types.is_floating(column.type):
                state.update(column.to_numpy(zero_copy_only=False).astype("<f8").tobytes())
            elif pa.types.is_integer(column.type):
                state.update(column.to_numpy(zero_copy_only=False).astype("<i8").tobytes())
            elif pa.types.is_timestamp(column.type):
                state.update(column.cast(pa.int64()).to_numpy(zero_copy_only=False).astype("<i8").tobytes())
            else:
                state.update("".join(f"{value}\0" for value in column.to_pylist()).encode())

    def hex(self) -> str:
        whole = hashlib.sha256()
        for name in sorted(self._columns):
            whole.update(f"{name}\0".encode() + self._columns[name].digest())
        return whole.hexdigest()


class FrameWriter:
    """Batches in, Parquet and digest out; memory is that of one batch."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._file = pq.ParquetWriter(path, schema, compression="zstd")
        self._digest = Digest(schema)
        self.rows = 0

    def write(self, batch: pa.RecordBatch) -> None:
        self._digest.add(batch)
        self._file.write_batch(batch)
        self.rows += batch.num_rows

    def close(self) -> str:
        self._file.close()
        return self._digest.hex()


@contextmanager
def new_frame(path: Path, schema: pa.Schema) -> Iterator[FrameWriter]:
    """A frame that appears under its name only when the block ended well."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{uuid4().hex[:8]}")
    try:
        writer = FrameWriter(fresh, schema)
        try:
            yield writer
        finally:
            writer.close()
        with fresh.open("rb") as handle:
            os.fsync(
                handle.fileno()
            )  # the database will name this file: it must survive what the row survives
        fresh.rename(path)
    finally:
        fresh.unlink(missing_ok=True)
        for torn in path.parent.glob(f".{path.name}.*"):  # of a worker that was killed
            torn.unlink(missing_ok=True)


def digest_of(path: Path) -> str | None:
    """The content's digest, or None where the file is absent or not whole."""
    try:
        with pq.ParquetFile(path) as file:
            digest = Digest(file.schema_arrow)
            for batch in file.iter_batches(65_536):
                digest.add(batch)
            return digest.hex()
    except (OSError, pa.ArrowInvalid):
        return None


def read(path: Path, *, without: tuple[str, ...] = ()) -> pd.DataFrame:
    """The frame as pandas, in its row order; columns in `without` are not loaded."""
    with pq.ParquetFile(path) as file:
        columns = [name for name in file.schema_arrow.names if name not in without]
        frame: pd.DataFrame = file.read(columns=columns).to_pandas(strings_to_categorical=True)
    return frame


def ids(path: Path) -> pa.Array:
    """The customers of a frame, in its row order."""
    with pq.ParquetFile(path) as file:
        found = file.read(columns=["customer"]).column(0).combine_chunks()
    return pa.concat_arrays(found.chunks) if isinstance(found, pa.ChunkedArray) else found
