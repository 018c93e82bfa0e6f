from datetime import UTC, datetime
from typing import Any

import pytest

from accounts.tenancy import organization_context
from crm.models import Company, Customer
from tests import factories
from tests.api.conftest import Api, problem
from tests.cast import Cast

pytestmark = pytest.mark.django_db

WHOLE = {
    "external_id": "C-1",
    "name": "Ana Sousa",
    "email": "ana@mail.example",
    "phone": "+351912345678",
    "company": "ACME",
    "segment": "premium",
    "country": "PT",
    "language": "pt-PT",
    "since": "2024-02-01T09:00:00Z",
    "attributes": {"tier": 3, "tags": ["a"]},
}


@pytest.fixture
def acme(cast: Cast) -> Company:
    with organization_context(cast.organization):
        return Company.objects.create(external_id="ACME", name="Acme")


def test_what_is_created_is_what_is_read(api: Api, acme: Company) -> None:
    made = api.post("/customers", WHOLE)
    assert made.status_code == 201
    assert made.json().items() >= WHOLE.items()
    place = made.headers["Location"].removeprefix("http://testserver/api/v1")
    assert api.get(place).json() == made.json()
    assert api.get("/customers/by-external-id/C-1").json() == made.json()
    assert api.get("/customers").json() == {"data": [made.json()], "next_cursor": None}


def test_an_offset_becomes_utc(api: Api) -> None:
    made = api.post("/customers", {"external_id": "a", "since": "2024-02-01T00:30:00+02:00"})
    assert made.json()["since"] == "2024-01-31T22:30:00Z"


def test_an_external_id_is_taken_once(api: Api) -> None:
    api.post("/customers", {"external_id": "a"})
    document = problem(api.post("/customers", {"external_id": "a"}), 409, "#/external_id")
    assert "customer" in document["detail"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("external_id", ""),
        ("external_id", "x" * 201),
        ("external_id", None),
        ("external_id", []),
        ("email", "nobody"),
        ("phone", "912345678"),
        ("country", "pt"),
        ("language", "x"),
        ("since", "2024-02-30T00:00:00Z"),
        ("since", "2024-02-01T00:00:00"),
        ("since", "0001-01-01T00:00:00+14:00"),
        ("since", 5),
        ("company", "nobody"),
        ("company", {}),
        ("attributes", []),
        ("attributes", {str(number): 1 for number in range(201)}),
    ],
)
def test_values_that_do_not_fit(api: Api, field: str, value: Any) -> None:
    problem(api.post("/customers", {"external_id": "a", field: value}), 422, f"#/{field}")


def test_a_change_touches_what_it_names(api: Api, acme: Company) -> None:
    made = api.post("/customers", WHOLE).json()
    changed = api.send("PATCH", f"/customers/{made['id']}", {"segment": "basic", "company": None}).json()
    assert changed == {**made, "segment": "basic", "company": None, "updated_at": changed["updated_at"]}
    assert changed["updated_at"] > made["updated_at"]
    problem(api.send("PATCH", f"/customers/{made['id']}", {"segmnt": "x"}), 422, "#/segmnt")
    problem(api.send("PATCH", f"/customers/{made['id']}", {"country": "x"}), 422, "#/country")


def test_a_change_of_nothing_is_no_change(api: Api, acme: Company) -> None:
    made = api.post("/customers", WHOLE).json()
    assert api.send("PATCH", f"/customers/{made['id']}", {**WHOLE}).json() == made
    assert api.send("PATCH", f"/customers/{made['id']}", {}).json() == made


def test_a_change_into_somebody_elses_external_id(api: Api) -> None:
    api.post("/customers", {"external_id": "a"})
    made = api.post("/customers", {"external_id": "b"}).json()
    problem(api.send("PATCH", f"/customers/{made['id']}", {"external_id": "a"}), 409, "#/external_id")


def test_put_creates_then_changes(api: Api) -> None:
    path = "/customers/by-external-id/shop%2F1%20%C3%A9"
    made = api.send("PUT", path, {"name": "One", "country": "PT"})
    assert (made.status_code, made.json()["external_id"]) == (201, "shop/1 é")
    again = api.send("PUT", path, {"name": "Two"})
    assert (again.status_code, again.json()["id"]) == (200, made.json()["id"])
    assert (again.json()["name"], again.json()["country"]) == ("Two", "PT")
    assert api.send("PUT", path, {"name": "Two"}).json() == again.json()
    problem(api.send("PUT", path, {"external_id": "x"}), 422, "#/external_id")
    problem(api.send("PUT", f"/customers/by-external-id/{'x' * 201}", {}), 404)
    problem(api.send("PUT", "/customers/by-external-id/%00", {}), 404)


def test_filters(api: Api, cast: Cast, acme: Company) -> None:
    with organization_context(cast.organization):
        one = factories.customer(segment="a", country="PT", company=acme, phone="+351912345678")
        factories.customer(segment="b", country="ES")
        Customer.objects.exclude(pk=one.pk).update(updated_at=datetime(2020, 1, 1, tzinfo=UTC))
    for query in (
        f"external_id={one.external_id}",
        f"email={one.email}",
        "phone=%2B351912345678",
        "segment=a",
        "country=PT",
        "company=ACME",
        "updated_since=2020-01-01T00:00:00.000001Z",
        "segment=a&country=PT",
    ):
        assert [row["id"] for row in api.get(f"/customers?{query}").json()["data"]] == [str(one.pk)], query
    assert api.get("/customers?segment=a&country=ES").json()["data"] == []
    assert len(api.get("/customers?updated_since=2020-01-01T00:00:00Z").json()["data"]) == 2
