"""For any table of rows: importing twice equals importing once, and the counts add up."""

import csv
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.tenancy import organization_context
from crm.models import Customer, Transaction
from tests.cast import Cast

from .files import CUSTOMERS, KEYLESS, Desk

pytestmark = pytest.mark.django_db
text = st.text(st.characters(codec="utf-8"), max_size=12)
cells = st.one_of(st.sampled_from(["", "1", "2", "C-1", "2026-01-05", "10", "10.0", "-1", "x"]), text)
customers = st.lists(st.tuples(cells, cells, cells, cells), max_size=12)
purchases = st.lists(
    st.tuples(
        st.sampled_from(["1", "2", ""]),
        st.sampled_from(["2026-01-05", "never"]),
        st.sampled_from(["1", "1.0", "2", "-2"]),
    ),
    max_size=12,
)
slow = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def written(header: str, rows: list[tuple[str, ...]]) -> str:
    out = io.StringIO()
    out.write(header + "\r\n")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(rows)
    return out.getvalue()


@given(rows=customers)
@slow
def test_customers(cast: Cast, rows: list[tuple[str, ...]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder), cast.organization)
        file = written("id,name,email,tier", rows)
        first = desk.take("customers", file, CUSTOMERS)
        with organization_context(cast.organization):
            once = list(
                Customer.objects.order_by("external_id").values_list("pk", "name", "email", "attributes")
            )
        second = desk.take("customers", file, CUSTOMERS)
        with organization_context(cast.organization):
            twice = list(
                Customer.objects.order_by("external_id").values_list("pk", "name", "email", "attributes")
            )
            Customer.objects.all().delete()
    assert first.rows == second.rows == len(rows)
    assert first.created == len(once)
    assert twice == once
    assert (second.created, second.updated, second.failed) == (0, 0, first.failed)


@given(rows=purchases)
@slow
def test_purchases_without_ids(cast: Cast, rows: list[tuple[str, ...]]) -> None:
    good = [row for row in rows if row[0] and row[1] != "never" and row[2] != "-2"]
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder), cast.organization)
        file = written("customer,date,amount", rows)
        first = desk.take("transactions", file, KEYLESS)
        second = desk.take("transactions", file, KEYLESS)
        with organization_context(cast.organization):
            stored = Transaction.objects.count()
            Customer.objects.all().delete()
    assert (first.created, first.failed) == (len(good), len(rows) - len(good))
    assert (second.created, second.updated, second.unchanged) == (0, 0, len(good))
    assert stored == len(good)
