"""Tables that a bench fills: without foreign keys and indexes meanwhile, which are made anew all at once."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from cem.lib.db.base import as_owner


@contextmanager
def bare(*tables: str) -> Iterator[None]:
    """What other tables refer to (and so their unique constraints) stays.

    Foreign keys come back unvalidated: what is filled in here refers to what is there by construction.
    """
    with as_owner(connection), connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.conrelid::regclass::text, c.conname, pg_get_constraintdef(c.oid), c.contype::text "
            "FROM pg_constraint c WHERE c.conrelid = ANY(%s::regclass[]) AND c.contype IN ('f', 'p', 'u') "
            "AND NOT EXISTS (SELECT FROM pg_constraint r WHERE r.contype = 'f' AND c.contype <> 'f' "
            "AND r.conindid = c.conindid)",
            [list(tables)],
        )
        constraints = sorted(cursor.fetchall(), key=lambda one: one[3] != "f")
        cursor.execute(
            "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i "
            "WHERE i.indrelid = ANY(%s::regclass[]) "
            "AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)",
            [list(tables)],
        )
        indexes = cursor.fetchall()
        for table, name, _, _ in constraints:
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
    yield
    with as_owner(connection), connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '512MB'")
        for _, definition in indexes:
            cursor.execute(definition)
        for table, name, definition, kind in reversed(constraints):  # keys first, what refers to them last
            later = " NOT VALID" if kind == "f" and "NOT VALID" not in definition else ""
            cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}{later}')
        cursor.execute("RESET maintenance_work_mem")
