"""A search that shows customers leaves one entry, with whom it showed and without what was typed."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from accounts.audit.selectors import Wanted, page
from accounts.models import AuditEntry
from accounts.tenancy import organization_context
from crm.models import Customer
from tests import factories
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(cast: Cast) -> list[Customer]:
    with organization_context(cast.organization):
        return [factories.customer(name=f"Ana Sousa {n}", email=f"ana{n}@mail.example") for n in range(3)]


def entries(cast: Cast, **wanted: Any) -> list[AuditEntry]:
    with organization_context(cast.organization):
        return list(AuditEntry.objects.filter(**wanted).order_by("id"))


@pytest.mark.parametrize(
    ("query", "shown"), [("Ana Sousa", 3), ("ana1@mail.example", 1), ("nobody here", 0), ("", 3)]
)
def test_a_search_is_one_entry_with_whom_it_showed(
    client: Client, cast: Cast, people: list[Customer], query: str, shown: int
) -> None:
    client.force_login(cast.greta)
    assert client.get("/o/halden/customers/", {"q": query}).status_code == 200
    (entry,) = entries(cast, action="customers.listed")
    assert (entry.actor_name, entry.after["count"]) == ("Greta", shown)
    assert set(entry.subject_ids or ()) <= {person.pk for person in people}
    assert len(entry.subject_ids or ()) == shown
    assert entry.after.get("query") == ({"q": "•••"} if query else None)
    assert "ana" not in repr(entry.after).lower()


def test_the_entry_costs_one_statement(
    client: Client, cast: Cast, people: list[Customer], monkeypatch: pytest.MonkeyPatch, query_budget: Any
) -> None:
    from accounts.audit.listing import record_listed

    with organization_context(cast.organization), query_budget(1):
        record_listed([person.pk for person in people], {"q": "Ana"})


def test_a_list_through_the_api_says_whom_it_showed(
    client: Client, cast: Cast, people: list[Customer]
) -> None:
    headers = {"Authorization": f"Bearer {cast.key()}"}
    client.get("/api/v1/customers?email=ana1@mail.example&segment=", headers=headers)
    (entry,) = entries(cast, action="customers.listed")
    assert entry.subject_ids == [people[1].pk]
    assert entry.after["query"] == {"email": "•••", "segment": [""]}


def test_whoever_was_shown_is_found_in_the_trail(client: Client, cast: Cast, people: list[Customer]) -> None:
    client.force_login(cast.greta)
    client.get("/o/halden/customers/", {"q": "Ana Sousa"})
    (entry,) = entries(cast, action="customers.listed")
    with organization_context(cast.organization):
        assert page(Wanted(subject=people[0].pk))[0] == [entry]
        assert page(Wanted(text=str(people[0].pk)))[0] == [entry]
    client.force_login(cast.olga)
    body = client.get(f"/o/halden/settings/audit/?subject={people[0].pk}").content.decode()
    assert "Listed customers" in body
    headers = {"Authorization": f"Bearer {cast.key()}"}
    found = client.get(f"/api/v1/audit?customer={people[0].pk}", headers=headers).json()["data"]
    assert [one["action"] for one in found] == ["customers.listed"]
    assert str(people[0].pk) in found[0]["customer_ids"]
    exported = b"".join(client.get("/o/halden/settings/audit/export/").streaming_content)  # type: ignore[attr-defined]
    assert str(people[0].pk).encode() in exported


def test_erasing_takes_one_out_of_many_and_leaves_the_others(
    client: Client, cast: Cast, people: list[Customer]
) -> None:
    client.force_login(cast.greta)
    client.get("/o/halden/customers/", {"q": "Ana Sousa"})
    client.force_login(cast.vera)
    client.get(f"/o/halden/customers/{people[0].pk}/")  # refused, and the address is kept
    headers = {"Authorization": f"Bearer {cast.key('linkage:read')}"}
    client.get("/api/v1/customers/by-external-id/K-77", headers=headers)
    with organization_context(cast.organization), connection.cursor() as cursor:
        cursor.execute("SELECT accounts_audit_pseudonymise(%s)", [people[0].pk])
        assert cursor.fetchone()[0] == 2
        kept = repr(list(AuditEntry.objects.values()))
        assert str(people[0].pk) not in kept
        assert "K-77" not in kept
        (entry,) = AuditEntry.objects.filter(action="customers.listed")
        assert {one.pk for one in people[1:]} < set(entry.subject_ids or ())
        assert len(entry.subject_ids or ()) == 3, "that a third was shown is still told"
        denied = AuditEntry.objects.filter(action="access.denied").earliest("id")
        assert denied.after["path"].startswith("/o/halden/customers/")


def test_erasing_in_one_organization_changes_no_list_of_another(cast: Cast) -> None:
    from accounts.audit.record import record

    with organization_context(cast.other):
        same = factories.customer().pk
        record("customers.listed", after={"count": 1}, subjects=[same])
    with organization_context(cast.organization), connection.cursor() as cursor:
        cursor.execute("SELECT accounts_audit_pseudonymise(%s)", [same])
        assert cursor.fetchone()[0] == 0
    with organization_context(cast.other):
        assert AuditEntry.objects.get().subject_ids == [same]
