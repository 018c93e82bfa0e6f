"""What becomes of rows: created, updated, unchanged, failed."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from accounts.tenancy import organization_context
from crm.models import Customer, ImportRun, Interaction, Touchpoint, Transaction
from tests.cast import Cast

from .files import CUSTOMERS, INTERACTIONS, KEYLESS, TRANSACTIONS, Desk, counts

pytestmark = pytest.mark.django_db
ORDERS = (
    "order,customer,date,amount\nO-1,C-1,2026-01-05,10.00\nO-2,C-1,2026-01-06,5\nO-3,C-2,2026-01-07,7.5\n"
)


@pytest.fixture
def desk(cast: Cast, tmp_path: Path) -> Desk:
    return Desk(tmp_path, cast.organization)


def test_new_then_changed_then_the_same(desk: Desk) -> None:
    assert counts(desk.take("customers", "id,name,email,tier\n1,Ana,a@x.pt,gold\n2,Rui,,\n", CUSTOMERS)) == (
        2,
        0,
        0,
        0,
    )
    changed = "id,name,email,tier\n1,Ana Sá,a@x.pt,gold\n2,Rui,,\n3,Eva,,silver\n"
    assert counts(desk.take("customers", changed, CUSTOMERS)) == (1, 1, 1, 0)
    assert counts(desk.take("customers", changed, CUSTOMERS)) == (0, 0, 3, 0)
    with organization_context(desk.organization):
        ana = Customer.objects.get(external_id="1")
        assert (ana.name, ana.email, ana.attributes) == ("Ana Sá", "a@x.pt", {"tier": "gold"})
        assert Customer.objects.get(external_id="2").attributes == {}


def test_only_mapped_fields_change_and_attributes_are_merged(desk: Desk) -> None:
    with organization_context(desk.organization):
        Customer.objects.create(external_id="1", name="Ana", segment="vip", attributes={"shoe": "38"})
    desk.take(
        "customers", "id,tier\n1,gold\n", {"columns": {"external_id": "id", "attributes": {"tier": "tier"}}}
    )
    with organization_context(desk.organization):
        ana = Customer.objects.get()
        assert (ana.name, ana.segment, ana.attributes) == ("Ana", "vip", {"shoe": "38", "tier": "gold"})


def test_ids_alone_make_customers(desk: Desk) -> None:
    mapping = {"columns": {"external_id": "id"}}
    assert counts(desk.take("customers", "id\n1\n2\n", mapping)) == (2, 0, 0, 0)
    assert counts(desk.take("customers", "id\n1\n2\n", mapping)) == (0, 0, 2, 0)


def test_orders_make_their_customers(desk: Desk) -> None:
    run = desk.take("transactions", ORDERS, TRANSACTIONS)
    assert (counts(run), run.customers_created) == ((3, 0, 0, 0), 2)
    again = desk.take("transactions", ORDERS, TRANSACTIONS)
    assert (counts(again), again.customers_created) == ((0, 0, 3, 0), 0)
    with organization_context(desk.organization):
        order = Transaction.objects.get(external_id="O-3")
        assert (order.amount, order.reporting_amount, order.customer.external_id) == (
            Decimal("7.50"),
            Decimal("7.50"),
            "C-2",
        )
        # midnight in Lisbon, the organization's zone
        assert order.occurred_at == datetime(2026, 1, 7, tzinfo=UTC)


def test_without_new_customers_rows_of_strangers_fail(desk: Desk) -> None:
    with organization_context(desk.organization):
        Customer.objects.create(external_id="C-1")
    run = desk.take("transactions", ORDERS, TRANSACTIONS | {"create_customers": False})
    assert (counts(run), run.customers_created) == ((2, 0, 0, 1), 0)
    assert desk.refused() == [
        {
            "line": "4",
            "column": "customer",
            "reason": "there is no customer with the id 'C-2'",
            "raw": "O-3,C-2,2026-01-07,7.5",
        }
    ]


def test_equal_rows_without_ids_are_separate_purchases(desk: Desk) -> None:
    rows = "customer,date,amount\n1,2026-01-05,10\n1,2026-01-05,10\n1,2026-01-05,11\n1,2026-01-05,10\n"
    assert counts(desk.take("transactions", rows, KEYLESS)) == (4, 0, 0, 0)
    assert counts(desk.take("transactions", rows, KEYLESS)) == (0, 0, 4, 0)
    # the same purchases written otherwise and in another order are the same purchases
    otherwise = (
        "customer,date,amount\n1,2026-01-05,11.00\n1,2026-01-05,10.0\n1,2026-01-05,10.00\n1,2026-01-05,10\n"
    )
    assert counts(desk.take("transactions", otherwise, KEYLESS)) == (0, 0, 4, 0)
    assert counts(desk.take("transactions", rows + "1,2026-01-05,10\n", KEYLESS)) == (1, 0, 4, 0)


def test_a_key_of_some_fields_lets_the_others_change(desk: Desk) -> None:
    mapping = KEYLESS | {"key": ["customer", "occurred_at"]}
    desk.take("transactions", "customer,date,amount\n1,2026-01-05,10\n", mapping)
    run = desk.take("transactions", "customer,date,amount\n1,2026-01-05,12\n", mapping)
    assert counts(run) == (0, 1, 0, 0)


def test_of_rows_with_one_id_the_last_counts_and_none_is_lost_silently(desk: Desk) -> None:
    rows = "id,name,email,tier\n1,Ana,,\n1,Ana B,,\n1,Ana B,,\n2,Rui,,\n"
    assert counts(desk.take("customers", rows, CUSTOMERS)) == (2, 0, 1, 1)
    assert desk.refused()[0]["reason"] == "line 4 has the same id with other values, and counts instead"
    assert desk.refused()[0]["raw"] == "1,Ana,,"
    assert counts(desk.take("customers", rows, CUSTOMERS)) == (0, 0, 3, 1)


def test_another_currency_needs_a_rate(desk: Desk) -> None:
    mapping = {"columns": TRANSACTIONS["columns"] | {"currency": "currency"}}
    rows = "order,customer,date,amount,currency\n1,C,2026-01-05,10,EUR\n2,C,2026-01-05,10,usd\n"
    run = desk.take("transactions", rows, mapping)
    assert counts(run) == (1, 0, 0, 1)
    assert desk.refused()[0]["reason"].startswith("no rate of USD to EUR is known for 20")
    assert 'Settings, Exchange rates, or map "rate"' in desk.refused()[0]["reason"]
    rated = {
        "columns": mapping["columns"] | {"rate": {"column": "currency", "values": {"usd": "0.9", "EUR": "1"}}}
    }
    assert counts(desk.take("transactions", rows, rated)) == (1, 0, 1, 0)
    with organization_context(desk.organization):
        assert Transaction.objects.get(external_id="2").reporting_amount == Decimal("9.00")


def test_interactions_with_touchpoint_and_measures(desk: Desk) -> None:
    with organization_context(desk.organization):
        Touchpoint.objects.create(key="helpdesk", name="Help desk")
    rows = "id,customer,channel,at,touchpoint,wait\n1,C,Phone,2026-01-05T10:00:00Z,helpdesk,31.5\n"
    rows += (
        "2,C,phone,2026-01-05T10:00:00Z,nowhere,3\n3,C,pigeon,2026-01-05T10:00:00Z,,3\n4,C,web,2026-01-06,,\n"
    )
    run = desk.take("interactions", rows, INTERACTIONS)
    assert (counts(run), run.customers_created) == ((2, 0, 0, 2), 1)
    assert [(row["line"], row["column"]) for row in desk.refused()] == [("4", "channel"), ("3", "touchpoint")]
    with organization_context(desk.organization):
        first = Interaction.objects.get(external_id="1")
        assert (first.channel, first.touchpoint.name, first.measures) == (
            "phone",
            "Help desk",
            {"wait_seconds": 31.5},
        )
        assert Interaction.objects.get(external_id="4").measures == {}


def test_a_dry_run_counts_and_changes_nothing(desk: Desk) -> None:
    bad = ORDERS + "O-4,C-9,never,1\n"
    run = desk.take("transactions", bad, TRANSACTIONS, dry_run=True)
    assert (counts(run), run.customers_created) == ((3, 0, 0, 1), 2)
    with organization_context(desk.organization):
        assert not Transaction.objects.exists()
        assert not Customer.objects.exists()
        assert not ImportRun.objects.exists()


def test_the_run_tells_what_was_done(desk: Desk) -> None:
    run = desk.take("transactions", ORDERS, TRANSACTIONS)
    with organization_context(desk.organization):
        saved = ImportRun.objects.get()
    assert saved.pk == run.pk
    assert (saved.status, saved.rows, saved.created, saved.file_name) == (
        "finished",
        3,
        3,
        "transactions.csv",
    )
    assert (len(saved.file_hash), saved.mapping, saved.errors_file) == (64, TRANSACTIONS, "")


def test_an_import_never_touches_another_organization(cast: Cast, tmp_path: Path) -> None:
    with organization_context(cast.other):
        Customer.objects.create(external_id="C-1", name="Otto's")
    here = Desk(tmp_path, cast.organization)
    here.take("transactions", ORDERS, TRANSACTIONS)
    with organization_context(cast.other):
        assert list(Customer.objects.values_list("external_id", "name")) == [("C-1", "Otto's")]
        assert not Transaction.objects.exists()
        assert not ImportRun.objects.exists()
    there = Desk(tmp_path, cast.other)
    mapping = {"columns": TRANSACTIONS["columns"] | {"currency": {"constant": "USD"}}}
    run = there.take("transactions", ORDERS, mapping)
    assert (counts(run), run.customers_created) == ((3, 0, 0, 0), 1)
    with organization_context(cast.organization):
        assert set(Transaction.objects.values_list("currency", flat=True)) == {"EUR"}
        assert Transaction.objects.count() == 3
