"""What COPY … TO STDOUT writes, as record batches."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
from django.db import connection

from . import store

BATCH = 50_000  # rows in memory at once


def copied(
    columns: pa.Schema,
    statement: str,
    parameters: dict[str, Any],
    path: Path,
    *,
    batch_rows: int = BATCH,
    alive: Callable[[], None] = lambda: None,
) -> tuple[int, str, list[int]]:
    """Rows of a statement into a Parquet file. Its first row is counts, in the fourth column.

    Returns:
        How many rows, the digest of their content, and the counts.
    """
    with store.new_frame(path, columns) as writer, connection.cursor() as cursor:
        rows = CopiedRows(columns, writer, batch_rows, alive)
        text = cursor.mogrify(statement, parameters).decode()
        # Before the tables' statistics are up to date (right after an import) the planner takes everything for one row
        # and joins by looping over all pairs: 900 customers took a minute. What has to loop (LATERAL) still does.
        # Sorts and hashes of 300,000 answers stay in memory: a fifth less work.
        cursor.execute(
            "SET LOCAL enable_nestloop = off; SET LOCAL jit = off; "
            "SELECT set_config('work_mem', '64MB', true) "
            "WHERE pg_size_bytes(current_setting('work_mem')) < pg_size_bytes('64MB')"
        )
        try:
            cursor.copy_expert(f"COPY ({text}) TO STDOUT WITH (FORMAT csv, NULL '')", rows)
        except Exception as error:
            raise (rows.error or error) from error
        cursor.execute("RESET enable_nestloop; RESET jit; RESET work_mem")
        rows.flush()
        digest = writer.close()
    return writer.rows, digest, rows.counts


class CopiedRows:
    """What COPY writes to: lines in, record batches out."""

    def __init__(
        self, columns: pa.Schema, writer: store.FrameWriter, size: int, alive: Callable[[], None]
    ) -> None:
        self._columns, self._writer, self._size, self._alive = columns, writer, size, alive
        self._lines: list[bytes] = []
        self.counts: list[int] = []
        self.error: Exception | None = None
        kinds = {
            field.name: pa.int64() if pa.types.is_timestamp(field.type) else field.type for field in columns
        }
        self._convert = pyarrow.csv.ConvertOptions(
            column_types=kinds, strings_can_be_null=False, null_values=[""]
        )

    def write(self, line: bytes) -> None:
        """libpq hands over one row a call."""
        if not self.counts:
            self.counts = [int(count) for count in line.decode().split(",")[3].split()]
            return
        self._lines.append(line)
        if len(self._lines) >= self._size:
            try:
                self.flush()
            except Exception as error:
                self.error = error  # psycopg2 would tell of a failed COPY instead
                raise

    def flush(self) -> None:
        if not self._lines:
            return
        table = pyarrow.csv.read_csv(
            pa.BufferReader(b"".join(self._lines)),
            read_options=pyarrow.csv.ReadOptions(
                column_names=self._columns.names, use_threads=False, block_size=1 << 26
            ),
            parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
            convert_options=self._convert,
        ).cast(self._columns)
        self._lines.clear()
        for batch in table.to_batches():
            self._writer.write(batch)
        self._alive()
