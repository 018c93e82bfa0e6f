from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from accounts.money.rates import set_rate
from accounts.tenancy import organization_context
from crm.models import Customer, Employee, Touchpoint
from crm.records.activity import NoRate, reporting_amount
from tests import factories
from tests.api.conftest import Api, problem
from tests.cast import Cast

pytestmark = pytest.mark.django_db

WHEN = "2026-11-01T12:00:00Z"


@pytest.fixture
def customer(cast: Cast) -> Customer:
    with organization_context(cast.organization):
        Touchpoint.objects.create(key="support", name="Support")
        Employee.objects.create(external_id="E-1", name="Eva")
        return factories.customer(external_id="C-1")


def order(**fields: Any) -> dict[str, Any]:
    return {
        "external_id": "T-1",
        "customer_external_id": "C-1",
        "occurred_at": WHEN,
        "amount": "129.90",
        "currency": "EUR",
        **fields,
    }


def call(**fields: Any) -> dict[str, Any]:
    return {
        "external_id": "I-1",
        "customer_external_id": "C-1",
        "occurred_at": WHEN,
        "channel": "phone",
        **fields,
    }


def test_a_transaction_in_the_reporting_currency(api: Api, customer: Customer) -> None:
    made = api.post("/transactions", order(quantity=2, properties={"sku": "x"}))
    assert made.status_code == 201, made.content
    body = made.json()
    assert (body["amount"], body["reporting_amount"], body["kind"]) == ("129.90", "129.90", "order")
    assert (body["customer"], body["customer_external_id"]) == (str(customer.pk), "C-1")
    assert body["occurred_at"] == WHEN
    assert "rate" not in body
    assert api.get(f"/transactions/{body['id']}").json() == body


def test_another_currency_needs_a_rate(api: Api, customer: Customer) -> None:
    document = problem(api.post("/transactions", order(currency="USD")), 422, "#/rate")
    assert "No exchange rate of USD is known for 20" in document["errors"][0]["detail"]
    made = api.post("/transactions", order(currency="USD", rate="0.915")).json()
    assert (made["amount"], made["currency"], made["reporting_amount"]) == ("129.90", "USD", "118.86")


def test_without_one_that_of_the_organization_on_its_day_counts(api: Api, customer: Customer) -> None:
    with organization_context(customer.organization_id):
        set_rate(currency="USD", day=date(2020, 1, 1), rate=Decimal("0.5"))
        set_rate(currency="USD", day=date(2099, 1, 1), rate=Decimal("3"))
    made = api.post("/transactions", order(currency="USD")).json()
    assert made["reporting_amount"] == "64.95"
    made = api.post("/transactions", order(currency="USD", external_id="o-own", rate="0.915")).json()
    assert made["reporting_amount"] == "118.86", "its own rate comes first"


def test_reporting_amounts() -> None:
    def of(amount: str, rate: str | None, currency: str = "USD") -> Decimal:
        given = None if rate is None else Decimal(rate)
        return reporting_amount(amount=Decimal(amount), currency=currency, rate=given, reporting="EUR")

    assert of("10", None, "EUR") == of("10", "1", "EUR") == 10
    assert of("0.05", "0.5") == Decimal("0.02")  # half to even
    assert of("0.07", "0.5") == Decimal("0.04")
    for amount, rate, currency in (("1", "2", "EUR"), ("1", None, "USD"), ("999999999999.99", "1.1", "USD")):
        with pytest.raises(NoRate):
            of(amount, rate, currency)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("amount", 129.9),
        ("amount", 129),
        ("amount", "-1.00"),
        ("amount", "1.234"),
        ("amount", "1e3"),
        ("amount", "NaN"),
        ("amount", "1000000000000.00"),
        ("amount", None),
        ("currency", "eur"),
        ("currency", "EURO"),
        ("rate", "0"),
        ("kind", "gift"),
        ("occurred_at", "2026-11-01"),
        ("quantity", -1),
        ("quantity", 2**31),
        ("quantity", "x"),
        ("channel", "x" * 17),
        ("properties", "x"),
    ],
)
def test_transaction_values_that_do_not_fit(api: Api, customer: Customer, field: str, value: Any) -> None:
    problem(api.post("/transactions", order(**{field: value})), 422, f"#/{field}")


@pytest.mark.parametrize("path", ["/transactions", "/interactions"])
def test_the_customer_is_named_one_way(api: Api, cast: Cast, customer: Customer, path: str) -> None:
    make = order if path == "/transactions" else call
    with organization_context(cast.other):
        theirs = factories.customer(external_id="theirs")
    assert (
        api.post(
            path, {**make(customer=str(customer.pk), external_id="2"), "customer_external_id": None}
        ).status_code
        == 422
    )
    body = make()
    del body["customer_external_id"]
    problem(api.post(path, body), 422, "#/customer")
    problem(api.post(path, make(customer=str(customer.pk))), 422, "#/customer_external_id")
    problem(api.post(path, make(customer_external_id="nobody")), 422, "#/customer_external_id")
    problem(api.post(path, make(customer_external_id="theirs")), 422, "#/customer_external_id")
    problem(api.post(path, {**body, "customer": str(theirs.pk)}), 422, "#/customer")
    problem(api.post(path, {**body, "customer": "1"}), 422, "#/customer")
    assert api.post(path, {**body, "customer": str(customer.pk)}).status_code == 201
    problem(api.post(path, make()), 409, "#/external_id")


def test_an_interaction(api: Api, customer: Customer) -> None:
    given = call(
        touchpoint="support",
        employee="E-1",
        duration_seconds=340,
        subject="Late",
        is_complaint=True,
        measures={"wait_seconds": 41.5, "transfers": 1},
        properties={"queue": "a"},
    )
    made = api.post("/interactions", given)
    assert made.status_code == 201, made.content
    assert made.json().items() >= given.items()
    assert api.get(f"/interactions/{made.json()['id']}").json() == made.json()


@pytest.mark.parametrize(
    ("field", "value", "place"),
    [
        ("channel", "pigeon", "#/channel"),
        ("touchpoint", "nowhere", "#/touchpoint"),
        ("employee", "nobody", "#/employee"),
        ("measures", {"wait": "long"}, "#/measures/wait"),
        ("measures", {"wait": True}, "#/measures/wait"),
        ("measures", {"wait": 1e16}, "#/measures/wait"),
        ("measures", [1], "#/measures"),
        ("duration_seconds", 1.5, "#/duration_seconds"),
        ("is_complaint", "perhaps", "#/is_complaint"),
    ],
)
def test_interaction_values_that_do_not_fit(
    api: Api, customer: Customer, field: str, value: Any, place: str
) -> None:
    problem(api.post("/interactions", call(**{field: value})), 422, place)


def test_filters(api: Api, cast: Cast) -> None:
    with organization_context(cast.organization):
        touchpoint = Touchpoint.objects.create(key="support", name="Support")
        one = factories.transaction(kind="refund", channel="web", currency="EUR")
        other = factories.transaction(occurred_at=factories.NOW.replace(year=2020), currency="USD")
        contact = factories.interaction(channel="chat", touchpoint=touchpoint, is_complaint=True)
        factories.interaction(occurred_at=factories.NOW.replace(year=2020))
    for query in (
        f"customer={one.customer_id}",
        f"customer_external_id={one.customer.external_id}",
        f"external_id={one.external_id}",
        "kind=refund",
        "channel=web",
        "currency=EUR",
        "occurred_after=2026-11-01T12:00:00Z",
    ):
        assert [row["id"] for row in api.get(f"/transactions?{query}").json()["data"]] == [str(one.pk)], query
    before = api.get("/transactions?occurred_before=2026-11-01T12:00:00Z").json()["data"]
    assert [row["id"] for row in before] == [str(other.pk)]
    for query in (
        "channel=chat",
        "touchpoint=support",
        "is_complaint=true",
        f"customer={contact.customer_id}",
    ):
        found = api.get(f"/interactions?{query}").json()["data"]
        assert [row["id"] for row in found] == [str(contact.pk)], query
