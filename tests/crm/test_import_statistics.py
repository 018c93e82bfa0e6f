"""After a large import the planner knows how large the tables are; a small one is not worth the second."""

from pathlib import Path

import pytest
from django.db import ProgrammingError, connection, transaction

from accounts.work.statistics import refresh_statistics
from crm.imports.run import MANY
from crm.models import Transaction
from tests.cast import Cast

from .files import TRANSACTIONS, Desk

pytestmark = pytest.mark.django_db
MAPPING = {**TRANSACTIONS, "create_customers": True}


def known() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'crm_transaction'")
        return int(cursor.fetchone()[0])


def orders(first: int, count: int) -> str:
    lines = (f"O-{n},C-{n % 50},2026-01-05,10.00" for n in range(first, first + count))
    return "order,customer,date,amount\n" + "\n".join(lines) + "\n"


def test_a_large_import_tells_the_planner(cast: Cast, tmp_path: Path) -> None:
    desk = Desk(tmp_path, cast.organization)
    before = known()
    desk.take("transactions", orders(0, 20), MAPPING)
    assert known() == before
    desk.take("transactions", orders(20, MANY), MAPPING)
    assert known() >= MANY
    assert known() != before


def test_nothing_but_tables_of_ours_is_analysed(cast: Cast) -> None:
    refresh_statistics([Transaction])
    missing = pytest.raises(ProgrammingError, match="does not exist")
    with missing, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT accounts_refresh_statistics(ARRAY['crm_transaction; DROP TABLE x'])")
