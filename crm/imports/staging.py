"""The unlogged tables of one import: its rows, and which of them are refused by the database's own checks.

They live over many short transactions, so they are swept by lease: the tables of an import whose lease nobody
renews belong to a dead process.
"""

import io
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models.functions import Now
from psycopg2 import sql

from accounts.models import Lease

PREFIX = "import_"


def lease_name(run_id: UUID) -> str:
    return f"{PREFIX}{run_id.hex}"


class Staging:
    """The tables of one import."""

    def __init__(self, run_id: UUID, columns: dict[str, str]) -> None:
        self.columns = columns
        self.rows = sql.Identifier("staging", lease_name(run_id))
        self.refused = sql.Identifier("staging", f"{lease_name(run_id)}_refused")

    def create(self) -> None:
        body = sql.SQL(", ").join(
            sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(kind))
            for name, kind in self.columns.items()
        )
        self.run("CREATE UNLOGGED TABLE {rows} ({body})", body=body)
        self.run("CREATE UNLOGGED TABLE {refused} (line bigint, label text, reason text)")

    def copy(self, lines: str) -> None:
        """COPY these lines in, in a transaction of their own."""
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
            self.rows, sql.SQL(", ").join(map(sql.Identifier, self.columns))
        )
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.copy_expert(statement, io.BytesIO(lines.encode()), 1 << 16)

    def drop(self) -> None:
        self.run("DROP TABLE IF EXISTS {rows}, {refused}")

    def run(self, statement: str, params: Any = None, **parts: sql.Composable) -> int:
        """Execute a statement in which {rows} and {refused} are our tables. Returns rows touched."""
        with connection.cursor() as cursor:
            cursor.execute(self._compose(statement, parts), params)
            return int(cursor.rowcount)

    def one(self, statement: str, params: Any = None, **parts: sql.Composable) -> Any:
        """The first row of a query."""
        with connection.cursor() as cursor:
            cursor.execute(self._compose(statement, parts), params)
            return cursor.fetchone()

    def all(self, statement: str, params: Any = None) -> list[Any]:
        """All rows of a query that returns few."""
        with connection.cursor() as cursor:
            cursor.execute(self._compose(statement, {}), params)
            return list(cursor.fetchall())

    def _compose(self, statement: str, parts: dict[str, sql.Composable]) -> sql.Composable:
        return sql.SQL(statement).format(rows=self.rows, refused=self.refused, **parts)

    def refuse(
        self,
        where: sql.Composable,
        label: str,
        reason: sql.Composable,
        *,
        using: sql.Composable | None = None,
    ) -> int:
        """Take out the staged rows (alias s) that match, for a reason in SQL. Returns how many."""
        return self.run(
            "WITH gone AS (DELETE FROM {rows} s {using} WHERE {where} RETURNING s.line, {reason} AS reason) "
            "INSERT INTO {refused} (line, label, reason) SELECT line, {label}, reason FROM gone",
            using=sql.SQL("USING {}").format(using) if using else sql.SQL(""),
            where=where,
            reason=reason,
            label=sql.Literal(label),
        )

    def refusals(self) -> Iterator[tuple[int, str, str]]:
        """(line, label, reason) by line, streamed. Inside a transaction."""
        with connection.connection.cursor(name="refusals") as cursor:
            cursor.itersize = 5_000
            cursor.execute(self._compose("SELECT line, label, reason FROM {refused} ORDER BY line", {}))
            yield from cursor


def sweep() -> list[str]:
    """Drop the tables that dead imports left. Returns their names."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'staging' AND tablename LIKE %s "
            "AND tableowner = current_user",
            [PREFIX.replace("_", r"\_") + "%"],
        )
        tables = [name for (name,) in cursor.fetchall()]
        alive = alive_leases()
        dead = [name for name in tables if name.removesuffix("_refused") not in alive]
        for name in dead:
            cursor.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(sql.Identifier("staging", name)))
    return dead


def alive_leases() -> set[str]:
    """The leases of imports that somebody is at work on."""
    return set(
        Lease.objects.filter(name__startswith=PREFIX, expires_at__gt=Now()).values_list("name", flat=True)
    )
