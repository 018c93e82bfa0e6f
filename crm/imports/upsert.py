"""Staged rows into a table: new ones are inserted, different ones updated, the same ones left alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import IntegrityError, transaction
from psycopg2 import sql

from .staging import Staging

#: The staged row's own id, or for keyless rows their hash and the ordinal among equal rows in file order.
OWN_ID = sql.SQL("s.external_id")
HASH_ID = sql.SQL("s.digest::text || '-' || row_number() OVER (PARTITION BY s.digest ORDER BY s.line)")


@dataclass
class Upsert:
    """Which columns of `table` are written, each from an SQL expression over the staged row `s` and joins."""

    table: str
    external_id: sql.Composable
    #: Column → expression, inserted and kept up to date.
    fields: dict[str, sql.Composable]
    #: JSON columns that take the staged members and keep the others.
    merged: Sequence[str] = ()
    #: Column → expression for new rows only; what the mapping does not fill.
    initial: dict[str, sql.Composable] = field(default_factory=dict)
    #: Column → expression, written with the fields but no reason to write by itself.
    along: dict[str, sql.Composable] = field(default_factory=dict)
    joins: sql.Composable = field(default_factory=lambda: sql.SQL(""))

    def run(self, staging: Staging, organization_id: UUID) -> tuple[int, int]:
        """Returns (created, updated). Inside the organization's context.

        Rows that are the same already are sorted out by a join before the insert, since ON CONFLICT would
        lock (and so write) each of them; it stays for ids that somebody else writes meanwhile.
        """
        if self._is_empty(staging, organization_id):
            try:
                with transaction.atomic():
                    return self._insert(staging, organization_id), 0
            except IntegrityError:
                pass  # somebody else has just written one of these ids; the whole upsert sorts it out
        written = {**self.fields, **self.along}
        names, initial = list(written), list(self.initial)
        if self.fields:
            update: sql.Composable = sql.SQL("UPDATE SET {}, updated_at = now() WHERE {}").format(
                _comma(
                    sql.SQL("{} = {}").format(sql.Identifier(name), self._new(name, "t", "excluded"))
                    for name in names
                ),
                self._differs("t", "excluded"),
            )
        else:
            update = sql.SQL("NOTHING")
        row = staging.one(
            """
            WITH wanted AS (
                SELECT {selected} FROM {rows} s {joins}
            ), written AS (
                INSERT INTO {table} AS t (organization_id, id, created_at, updated_at, {names})
                SELECT %(organization)s, cem_uuid7(), now(), now(), {wanted}
                  FROM wanted w
                  LEFT JOIN {table} o
                    ON o.organization_id = %(organization)s AND o.external_id = w.external_id
                 WHERE o.id IS NULL OR {differs}
                ON CONFLICT (organization_id, external_id) DO {update}
                RETURNING (t.xmax = 0) AS created
            )
            SELECT count(*) FILTER (WHERE created), count(*) FILTER (WHERE NOT created) FROM written
            """,
            {"organization": organization_id},
            selected=_comma(
                sql.SQL("{} AS {}").format(expression, sql.Identifier(name))
                for name, expression in {"external_id": self.external_id, **written}.items()
            ),
            joins=self.joins,
            table=sql.Identifier(self.table),
            names=_comma(map(sql.Identifier, ["external_id", *names, *initial])),
            wanted=_comma(
                [sql.Identifier("w", name) for name in ["external_id", *names]] + list(self.initial.values())
            ),
            differs=self._differs("o", "w"),
            update=update,
        )
        return int(row[0]), int(row[1])

    def _is_empty(self, staging: Staging, organization_id: UUID) -> bool:
        row = staging.one(
            "SELECT NOT EXISTS (SELECT FROM {table} WHERE organization_id = %(organization)s)",
            {"organization": organization_id},
            table=sql.Identifier(self.table),
        )
        return bool(row[0])

    def _insert(self, staging: Staging, organization_id: UUID) -> int:
        """All staged rows into a table without any of this organization: nothing to compare with, and a plain
        INSERT costs a third less than one that looks for conflicts."""
        filled = {"external_id": self.external_id, **self.fields, **self.along, **self.initial}
        return staging.run(
            """
            INSERT INTO {table} (organization_id, id, created_at, updated_at, {names})
            SELECT %(organization)s, cem_uuid7(), now(), now(), {values} FROM {rows} s {joins}
            """,
            {"organization": organization_id},
            table=sql.Identifier(self.table),
            names=_comma(map(sql.Identifier, filled)),
            values=_comma(filled.values()),
            joins=self.joins,
        )

    def _new(self, name: str, old: str, new: str) -> sql.Composable:
        if name in self.merged:
            return sql.SQL("{} || {}").format(sql.Identifier(old, name), sql.Identifier(new, name))
        return sql.Identifier(new, name)

    def _differs(self, old: str, new: str) -> sql.Composable:
        if not self.fields:
            return sql.SQL("false")
        return sql.SQL("({}) IS DISTINCT FROM ({})").format(
            _comma(sql.Identifier(old, name) for name in self.fields),
            _comma(self._new(name, old, new) for name in self.fields),
        )


def _comma(parts: Iterable[sql.Composable]) -> sql.Composable:
    return sql.SQL(", ").join(parts)


def refuse_repeated(staging: Staging, columns: Sequence[str]) -> None:
    """Of several rows with the same id the last one counts. Earlier ones that say the same are merely
    unchanged; those that say something else are refused, so that no value disappears in silence."""
    if not staging.one("SELECT EXISTS (SELECT FROM {rows} GROUP BY external_id HAVING count(*) > 1)")[0]:
        return
    same = sql.SQL("({}) IS NOT DISTINCT FROM ({})").format(
        _comma(sql.Identifier("s", name) for name in columns),
        _comma(sql.Identifier("last", name) for name in columns),
    )
    last = sql.SQL(
        "(SELECT external_id AS id, max(line) AS last_line FROM {rows} "
        "GROUP BY external_id HAVING count(*) > 1) AS repeated "
        "JOIN {rows} last ON last.line = repeated.last_line"
    ).format(rows=staging.rows)
    repeated = sql.SQL("s.external_id = repeated.id AND s.line < repeated.last_line")
    staging.refuse(
        sql.SQL("{} AND NOT ({})").format(repeated, same),
        "external_id",
        sql.SQL("'line ' || repeated.last_line || ' has the same id with other values, and counts instead'"),
        using=last,
    )
    staging.run("DELETE FROM {rows} s USING {last} WHERE {repeated}", last=last, repeated=repeated)


def unknown_reference(staging: Staging, column: str, table: str, key: str, what: str, label: str) -> int:
    """Refuse staged rows whose `column` names nothing in `table`. Empty ones pass."""
    return staging.refuse(
        sql.SQL("s.{column} <> '' AND NOT EXISTS (SELECT FROM {table} r WHERE r.{key} = s.{column})").format(
            column=sql.Identifier(column), table=sql.Identifier(table), key=sql.Identifier(key)
        ),
        label,
        sql.SQL("'there is no {} ' || quote_literal(s.{})").format(sql.SQL(what), sql.Identifier(column)),
    )


def create_customers(staging: Staging, column: str, organization_id: UUID) -> int:
    """Make the customers that staged rows name and nobody knows yet. Returns how many."""
    return staging.run(
        """
        INSERT INTO crm_customer (organization_id, id, external_id, name, email, phone, segment, country,
                                  language, attributes, created_at, updated_at)
        SELECT %(organization)s, cem_uuid7(), named.id, '', '', '', '', '', '', '{{}}', now(), now()
          FROM (SELECT DISTINCT {column} AS id FROM {rows} WHERE {column} <> '') named
         WHERE NOT EXISTS (SELECT FROM crm_customer c
                            WHERE c.organization_id = %(organization)s AND c.external_id = named.id)
        ON CONFLICT (organization_id, external_id) DO NOTHING
        """,
        {"organization": organization_id},
        column=sql.Identifier(column),
    )
