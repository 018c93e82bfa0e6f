"""What is recorded: actors, changes, looks, log-ins, and refusals that outlive their request."""

import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from accounts.audit.actions import ACTIONS
from accounts.audit.record import REDACTED, record
from accounts.models import AuditEntry, FailedLogin, OutboxEntry
from accounts.tenancy import organization_context
from crm.cases import open_case
from crm.records.customers import change_customer, create_customer
from tests import factories
from tests.cast import PASSWORD, Cast

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]


def of(cast: Cast, **wanted: Any) -> list[AuditEntry]:
    with organization_context(cast.organization):
        return list(AuditEntry.objects.filter(**wanted).order_by("id"))


def test_every_action_that_the_code_names_is_in_the_table() -> None:
    found = set()
    for room in ("accounts", "crm", "feedback", "analytics", "dashboards"):
        for path in (ROOT / room).rglob("*.py"):
            found |= set(re.findall(r"\brecord(?:_change)?\(\s*\"([a-z_.]+)\"", path.read_text()))
    assert len(found) > 15
    assert found <= set(ACTIONS)


def test_an_unknown_action_is_refused(inside: Cast) -> None:
    with pytest.raises(ValueError, match=r"accounts/audit/actions\.py"):
        record("customer.admired")


def test_a_change_tells_the_fields_that_changed_and_hides_personal_values(inside: Cast) -> None:
    customer = create_customer(external_id="C-9", name="Ana Sousa", segment="basic", country="PT")
    change_customer(customer=customer, name="Ana Reis", segment="gold", country="PT")
    entry = AuditEntry.objects.get(action="customer.changed")
    assert entry.before == {"name": REDACTED, "segment": "basic"}
    assert entry.after == {"name": REDACTED, "segment": "gold"}
    assert entry.subject_id == customer.pk
    assert "Ana" not in str([list(entry.__dict__.values()) for entry in AuditEntry.objects.all()])


def test_a_change_that_changes_nothing_leaves_no_entry(inside: Cast) -> None:
    customer = factories.customer(segment="gold")
    change_customer(customer=customer, segment="gold")
    assert not AuditEntry.objects.exists()


def test_outside_a_request_the_system_acts(inside: Cast) -> None:
    case = open_case(customer_id=factories.customer().pk, reason="detractor", subject="Ana is angry")
    entry = AuditEntry.objects.get(action="case.opened")
    assert (entry.actor_kind, entry.actor_id) == ("system", None)
    assert entry.subject_id == case.customer_id
    assert entry.target_label == f"Case {case.number}", "the subject may name somebody"


def test_an_entry_falls_with_what_it_tells(cast: Cast) -> None:
    def fail() -> None:
        with organization_context(cast.organization):
            create_customer(external_id="C-1")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not of(cast)


def test_every_look_at_a_customer_is_recorded_and_the_page_says_so(client: Client, cast: Cast) -> None:
    with organization_context(cast.organization):
        customer = factories.customer()
    client.force_login(cast.greta)
    page = client.get(f"/o/halden/customers/{customer.pk}/", headers={"X-Request-Id": "look-1234"})
    assert "This view was recorded: Greta" in page.content.decode()
    (entry,) = of(cast, action="customer.viewed")
    assert (entry.actor_name, entry.actor_kind) == ("Greta", "member")
    assert (entry.address, entry.request_id) == ("127.0.0.1", "look-1234")
    assert entry.subject_id == customer.pk


def test_a_look_through_the_api_is_recorded_with_the_key(client: Client, cast: Cast) -> None:
    with organization_context(cast.organization):
        customer = factories.customer()
    headers = {"Authorization": f"Bearer {cast.key('crm:read')}"}
    assert client.get(f"/api/v1/customers/{customer.pk}", headers=headers).status_code == 200
    assert client.get("/api/v1/customers?segment=gold", headers=headers).status_code == 200
    looked, listed = of(cast)
    assert (looked.action, looked.actor_kind, looked.actor_name) == ("customer.viewed", "key", "test")
    assert listed.after == {"count": 0, "query": {"segment": ["gold"]}}


def test_a_refusal_outlives_the_request_that_it_undoes(client: Client, cast: Cast) -> None:
    client.force_login(cast.vera)
    assert client.get("/o/halden/customers/").status_code == 403
    (entry,) = of(cast, action="access.denied")
    assert entry.actor_name == "Vera"
    assert entry.after == {"permission": "customers.view", "method": "GET", "path": "/o/halden/customers/"}


def test_a_key_without_the_scope_is_noted(client: Client, cast: Cast) -> None:
    headers = {"Authorization": f"Bearer {cast.key('linkage:read')}"}
    assert client.get("/api/v1/customers", headers=headers).status_code == 403
    (entry,) = of(cast, action="access.denied")
    assert (entry.actor_kind, entry.after["permission"]) == ("key", "crm:read")


def test_an_outsiders_404_leaves_no_trace_in_the_organization(client: Client, cast: Cast) -> None:
    client.force_login(cast.otto)
    assert client.get("/o/halden/customers/").status_code == 404
    assert not of(cast)


def test_the_entry_of_a_request_that_broke_is_undone_with_it(client: Client, cast: Cast) -> None:
    client.raise_request_exception = False
    headers = {"Authorization": f"Bearer {cast.key()}", "Idempotency-Key": "one"}
    body = '{"external_id": "C-1", "name": "A"}'
    kind = "application/json"
    assert client.post("/api/v1/customers", body, content_type=kind, headers=headers).status_code == 201
    headers["Idempotency-Key"] = "two"
    assert client.post("/api/v1/customers", body, content_type=kind, headers=headers).status_code == 409
    assert len(of(cast, action="customer.created")) == 1


def log_in(client: Client, email: str, password: str) -> Any:
    page = client.get("/login/").content.decode()
    field = "login" if 'name="login"' in page else "username"
    return client.post("/login/", {field: email, "password": password})


def test_logging_in_and_out_is_recorded_in_each_of_ones_organizations(client: Client, cast: Cast) -> None:
    log_in(client, somebody(cast), PASSWORD)
    client.post("/logout/")
    assert [(one.action, one.actor_name) for one in of(cast)] == [
        ("login.succeeded", "Maya"),
        ("login.ended", "Maya"),
    ]
    with organization_context(cast.other):
        assert not AuditEntry.objects.exists()


def somebody(cast: Cast) -> str:
    """Maya under an address of this test's own: log-ins are counted in Redis, across tests."""
    cast.maya.email = f"maya.{uuid4().hex}@halden.example"
    cast.maya.save()
    return cast.maya.email


@pytest.mark.parametrize("known", [True, False])
def test_a_failed_log_in_costs_the_same_whether_or_not_there_is_such_an_account(
    client: Client, cast: Cast, known: bool
) -> None:
    email = somebody(cast)
    if not known:
        email = f"nobody.{email}"
    log_in(client, email, "not-the-password")
    row = FailedLogin.objects.get()
    assert row.address == "127.0.0.1"
    assert email.encode() not in bytes(row.email_hash)
    assert OutboxEntry.objects.filter(task="accounts.spread_failed_login").count() == 1


def test_a_failed_log_in_reaches_the_organization_of_the_account_once(client: Client, cast: Cast) -> None:
    from accounts.audit.logins import spread_failed_login

    email = somebody(cast)
    log_in(client, email.capitalize(), "not-the-password")
    log_in(client, f"nobody.{email}", "not-the-password")
    owed = list(OutboxEntry.objects.filter(task="accounts.spread_failed_login").order_by("pk"))
    told = [spread_failed_login(**one.arguments, outbox_id=one.pk) for one in (*owed, owed[0])]
    assert told == [1, 0, 1]
    (entry,) = of(cast, action="login.failed")
    assert (entry.target_label, entry.actor_kind) == ("Maya", "nobody")
    assert not OutboxEntry.objects.filter(task="accounts.spread_failed_login").exists()
