"""What the planner knows of tables that were just filled."""

from collections.abc import Iterable

from django.db import connection, models, transaction


def refresh_statistics(filled: Iterable[type[models.Model]]) -> None:
    """ANALYZE, for whoever does not own the tables: a second or so each, however long they are.

    Call it after the commit of what filled them: it counts what is committed. A table that somebody else is analysing
    right now is left to them.
    """
    tables = [model._meta.db_table for model in filled]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT accounts_refresh_statistics(%s)", [tables])
