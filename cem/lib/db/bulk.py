"""Many rows at once into tables with row security.

`COPY FROM` does not work into a table with a policy, so rows go to an unlogged staging table that the runtime role
owns, and from there by set-based SQL into their tables, where the policy checks each of them.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from django.db import connection
from psycopg2 import sql

#: Bytes buffered before they are sent: enough to keep the server busy, little enough to keep memory flat.
CHUNK = 1 << 20
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def copy_line(values: Iterable[Any]) -> str:
    """One row in COPY's text format. None is NULL; everything else is its text, escaped.

    Raises:
        ValueError: when a value holds a NUL character, which PostgreSQL cannot store.
    """
    line = "\t".join("\\N" if value is None else _text(value) for value in values)
    if "\0" in line:
        raise ValueError("holds a NUL character")
    return line + "\n"


def _text(value: Any) -> str:
    if value is True:
        return "t"
    if value is False:
        return "f"
    return str(value).translate(_ESCAPES)


class _Lines(io.RawIOBase):
    """The rows as a file that COPY reads, made while it reads."""

    def __init__(self, rows: Iterable[Iterable[Any]]) -> None:
        self._rows = iter(rows)
        self._rest = b""
        self.count = 0
        self.error: Exception | None = None

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        try:
            return self._read(size)
        except Exception as error:
            self.error = error  # psycopg2 would tell of a cancelled query instead
            raise

    def _read(self, size: int) -> bytes:
        parts, length = [self._rest], len(self._rest)
        while size < 0 or length < size:
            row = next(self._rows, None)
            if row is None:
                break
            self.count += 1
            line = copy_line(row).encode()
            parts.append(line)
            length += len(line)
        data = b"".join(parts)
        if size < 0:
            size = len(data)
        self._rest = data[size:]
        return data[:size]


@contextmanager
def staging_table(columns: dict[str, str], *, name: str | None = None) -> Iterator[sql.Composable]:
    """An unlogged table in the schema `staging` for the block, in one transaction, dropped at its end.

    Args:
        columns: name → SQL type; the types are ours, never a user's text.
        name: without one, a random name.

    Yields:
        The table's quoted, schema-qualified name for psycopg2.sql.
    """
    table = sql.Identifier("staging", name or f"rows_{uuid4().hex}")
    body = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(column), sql.SQL(kind)) for column, kind in columns.items()
    )
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE UNLOGGED TABLE {} ({})").format(table, body))
    yield table  # on an error the transaction is undone, and the table with it
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP TABLE {}").format(table))


def copy_rows(table: sql.Composable, columns: Sequence[str], rows: Iterable[Iterable[Any]]) -> int:
    """COPY rows into a staging table, streaming. Returns how many."""
    lines = _Lines(rows)
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        table, sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.cursor() as cursor:
        try:
            cursor.copy_expert(statement, lines, CHUNK)
        except Exception as error:
            raise (lines.error or error) from error
    return lines.count


def insert_rows(model: Any, fields: Sequence[str], rows: Iterable[Iterable[Any]]) -> int:
    """Insert rows of one model, in the organization of this context, through a staging table.

    Args:
        fields: field names of the model, in the order of each row's values (foreign keys by id). `id` and
            `organization` may be left out: the database makes the one and the context knows the other. All
            other columns without a value must be NULL-able or be listed.
        rows: iterables of values; dicts and lists for JSON must already be JSON text.
    """
    options = model._meta
    columns = {
        options.get_field(field).column: options.get_field(field).db_type(connection) for field in fields
    }
    # Serial types make a sequence; in staging it is the plain number.
    plain = {name: kind.split(" GENERATED")[0].split(" CHECK")[0] for name, kind in columns.items()}
    target = [sql.Identifier(name) for name in columns]
    source: list[sql.Composable] = list(target)
    if "organization_id" not in columns:
        target.append(sql.Identifier("organization_id"))
        source.append(sql.SQL("current_setting('app.organization_id')::uuid"))
    if "id" not in columns and options.pk.get_internal_type() == "UUIDField":
        target.append(sql.Identifier("id"))
        source.append(sql.SQL("cem_uuid7()"))
    with staging_table(plain) as table:
        count = copy_rows(table, list(columns), rows)
        with connection.cursor() as cursor:
            cursor.execute(
                sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {}").format(
                    sql.Identifier(options.db_table),
                    sql.SQL(", ").join(target),
                    sql.SQL(", ").join(source),
                    table,
                )
            )
    return count
