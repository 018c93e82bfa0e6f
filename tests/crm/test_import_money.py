"""Imports in other currencies: by the rate that held on the row's day, the same figure as by the API."""

import random
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.money.rates import set_rate
from accounts.tenancy import organization_context
from crm.imports.mapping import MappingError
from crm.imports.run import MANY
from crm.models import Transaction
from crm.records.activity import record_transaction
from tests import factories
from tests.cast import Cast
from tests.crm.files import TRANSACTIONS, Desk, counts

pytestmark = pytest.mark.django_db(transaction=True)

HEAD = "order,customer,date,amount,currency\n"
MIXED = {"columns": TRANSACTIONS["columns"] | {"currency": "currency"}}


@pytest.fixture
def desk(cast: Cast, tmp_path: Path) -> Desk:
    return Desk(tmp_path, cast.organization)


def rates(desk: Desk, currency: str = "USD", **by_day: str) -> None:
    with organization_context(desk.organization):
        for day, rate in by_day.items():
            set_rate(currency=currency, day=date.fromisoformat(day.strip("d")), rate=Decimal(rate))


def amounts(desk: Desk) -> dict[str, Decimal]:
    with organization_context(desk.organization):
        return dict(Transaction.objects.values_list("external_id", "reporting_amount"))


def test_each_row_takes_the_rate_of_its_day(desk: Desk) -> None:
    rates(desk, **{"20260101": "0.5", "20260201": "0.25"})
    rates(desk, "SEK", **{"20260115": "0.1"})
    rows = (
        "1,C,2026-01-01,10,USD\n2,C,2026-01-31T23:59,10,usd\n3,C,2026-02-01,10,USD\n"
        "4,C,2026-06-01,10,USD\n5,C,2026-03-01,10,SEK\n6,C,2025-01-01,10,EUR\n"
    )
    assert counts(desk.take("transactions", HEAD + rows, MIXED)) == (6, 0, 0, 0)
    assert amounts(desk) == {
        "1": Decimal(5),
        "2": Decimal(5),
        "3": Decimal("2.5"),
        "4": Decimal("2.5"),
        "5": Decimal(1),
        "6": Decimal(10),
    }
    assert counts(desk.take("transactions", HEAD + rows, MIXED)) == (0, 0, 6, 0), "the same again"
    rates(desk, **{"20260525": "1.5"})
    assert counts(desk.take("transactions", HEAD + rows, MIXED)) == (0, 1, 5, 0), (
        "a new rate counts from its day"
    )
    assert amounts(desk)["4"] == 15


def test_the_day_is_the_organizations(desk: Desk) -> None:
    """Half past eleven in the evening in Lisbon's summer is the next day there already."""
    rates(desk, **{"20260701": "1", "20260702": "2"})
    rows = "1,C,2026-07-01T22:59:59+00:00,10,USD\n2,C,2026-07-01T23:00:00+00:00,10,USD\n"
    desk.take("transactions", HEAD + rows, MIXED)
    assert amounts(desk) == {"1": Decimal(10), "2": Decimal(20)}


def test_without_a_rate_the_row_is_refused_and_says_which(desk: Desk) -> None:
    rates(desk, **{"20260201": "0.25"})
    rows = "1,C,2026-01-31,10,USD\n2,C,2026-02-01,10,USD\n3,C,2026-02-01,10,NOK\n"
    assert counts(desk.take("transactions", HEAD + rows, MIXED)) == (1, 0, 0, 2)
    first, second = desk.refused()
    assert (first["column"], first["raw"]) == ("currency", "1,C,2026-01-31,10,USD")
    assert first["reason"] == (
        "no rate of USD to EUR is known for 2026-01-31: set one from that day or before under Settings, "
        'Exchange rates, or map "rate"'
    )
    assert "no rate of NOK to EUR is known for 2026-02-01" in second["reason"]


def test_a_rate_of_the_rows_own_comes_first(desk: Desk) -> None:
    rates(desk, **{"20260101": "0.5"})
    mapping = {"columns": MIXED["columns"] | {"rate": "rate"}}
    rows = "order,customer,date,amount,currency,rate\n1,C,2026-02-01,10,USD,0.9\n2,C,2026-02-01,10,USD,\n"
    assert counts(desk.take("transactions", rows, mapping)) == (2, 0, 0, 0)
    assert amounts(desk) == {"1": Decimal(9), "2": Decimal(5)}


def test_a_file_in_one_other_currency_needs_no_mapped_rate_once_there_are_dated_ones(desk: Desk) -> None:
    mapping = {"columns": TRANSACTIONS["columns"] | {"currency": {"constant": "USD"}}}
    rows = "order,customer,date,amount\n1,C,2026-02-01,10\n"
    with pytest.raises(MappingError, match="has no exchange rate of USD"):
        desk.take("transactions", rows, mapping)
    rates(desk, **{"20260101": "0.5"})
    assert counts(desk.take("transactions", rows, mapping)) == (1, 0, 0, 0)
    assert amounts(desk) == {"1": Decimal(5)}


def test_a_result_that_cannot_be_stored_is_refused(desk: Desk) -> None:
    rates(desk, **{"20260101": "2000"})
    rows = "1,C,2026-02-01,600000000,USD\n2,C,2026-02-01,400000000,USD\n3,C,2026-02-01,600000000,EUR\n"
    assert counts(desk.take("transactions", HEAD + rows, MIXED)) == (2, 0, 0, 1)
    assert desk.refused()[0]["reason"] == "amount times rate is above 999999999999.99"


def test_another_organizations_rates_count_for_nobody_else(desk: Desk, cast: Cast) -> None:
    with organization_context(cast.other):
        set_rate(currency="GBP", day=date(2026, 1, 1), rate=Decimal("1.3"))
    assert counts(desk.take("transactions", HEAD + "1,C,2026-02-01,10,GBP\n", MIXED)) == (0, 0, 0, 1)


def test_import_and_api_give_the_same_cents(desk: Desk) -> None:
    """Half cents too: 0.05 at 0.5 is 0.02, half to even, on both ways."""
    rates(desk, **{"20260101": "0.5", "20260301": "0.91735"})
    chance = random.Random(5)
    rows = [("0.05", "2026-01-05"), ("0.07", "2026-01-05"), ("999999.99", "2026-03-05")]
    rows += [
        (f"{chance.randint(1, 200_000) / 100:.2f}", f"2026-0{chance.randint(1, 6)}-05") for _ in range(300)
    ]
    text = "".join(f"i{n},C,{day},{amount},USD\n" for n, (amount, day) in enumerate(rows))
    assert counts(desk.take("transactions", HEAD + text, MIXED)) == (len(rows), 0, 0, 0)
    found = amounts(desk)
    with organization_context(desk.organization):
        who = factories.customer()
        for n, (amount, day) in enumerate(rows):
            moment = datetime.fromisoformat(day).replace(tzinfo=UTC, hour=12)
            made: Any = record_transaction(
                customer=who, amount=Decimal(amount), currency="USD", external_id=f"a{n}", occurred_at=moment
            )
            assert made.reporting_amount == found[f"i{n}"], (amount, day)
    assert found["i0"] == Decimal("0.02")
    assert found["i1"] == Decimal("0.04")


def test_no_query_for_each_row(desk: Desk) -> None:
    rates(desk, **{"20260101": "0.5"})

    def asked(rows: int) -> int:
        text = "".join(f"{rows}-{n},C,2026-0{n % 9 + 1}-05,{n},USD\n" for n in range(rows))
        with CaptureQueriesContext(connection) as queries:
            desk.take("transactions", HEAD + text, MIXED)
        return len(queries)

    asked(1)
    # From so many on the planner is told as well, once.
    assert asked(MANY + 1_000) == asked(MANY)
    assert asked(MANY - 1) == asked(20)
