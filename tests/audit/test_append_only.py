"""The runtime role adds to the trail and reads it; it can neither change nor remove what is there."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.audit.record import record
from accounts.models import AuditEntry
from accounts.tenancy import organization_context
from cem.lib.db.base import as_owner
from tests import factories
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def call(statement: str, *parameters: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts_auditentry SET actor_name = 'somebody else'",
        "DELETE FROM accounts_auditentry",
        "TRUNCATE accounts_auditentry",
        "ALTER TABLE accounts_auditentry DISABLE TRIGGER ALL",
        "DROP TRIGGER accounts_audit_append_only ON accounts_auditentry",
    ],
)
def test_the_runtime_role_cannot_touch_what_is_written(inside: Cast, statement: str) -> None:
    record("organization.changed")
    with (
        pytest.raises(DatabaseError, match=r"permission denied|must be owner"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert AuditEntry.objects.count() == 1


def test_the_trigger_refuses_even_where_somebody_granted_too_much(
    transactional_db: None, django_db_blocker: Any
) -> None:
    """Grants are one guard, the trigger another: a GRANT by mistake opens nothing."""
    from tests.cast import make_cast

    cast = make_cast()
    with organization_context(cast.organization):
        record("organization.changed")
    role = connection.settings_dict["USER"]
    with as_owner(connection), connection.cursor() as cursor:
        cursor.execute(f'GRANT UPDATE, DELETE ON accounts_auditentry TO "{role}"')
    try:
        for statement in (
            "UPDATE accounts_auditentry SET actor_name = 'x'",
            "DELETE FROM accounts_auditentry",
        ):
            with (
                pytest.raises(DatabaseError, match="append-only"),
                organization_context(cast.organization),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement)
    finally:
        with as_owner(connection), connection.cursor() as cursor:
            cursor.execute(f'REVOKE UPDATE, DELETE ON accounts_auditentry FROM "{role}"')


def test_a_customer_becomes_a_pseudonym_in_one_organization_only(cast: Cast) -> None:
    same = uuid.uuid4()
    for organization in (cast.organization, cast.other):
        with organization_context(organization):
            who = factories.customer(id=same) if organization == cast.organization else None
            if who is not None:
                record("customer.changed", target=who, before={"segment": "a"}, after={"segment": "gold"})
            else:
                record("customer.viewed", subject=same, label="Customer C-1")
    with organization_context(cast.organization):
        assert call("SELECT accounts_audit_pseudonymise(%s)", same) == 1
        entry = AuditEntry.objects.get(action="customer.changed")
        assert entry.subject_id not in (None, same)
        assert entry.target_id == str(entry.subject_id), "one pseudonym, so that looks can still be counted"
        assert (entry.before, entry.after) == ({"segment": "[erased]"}, {"segment": "[erased]"})
        assert entry.target_label == "Erased customer"
    with organization_context(cast.other):
        assert AuditEntry.objects.get(action="customer.viewed").subject_id == same


def test_without_an_organization_the_functions_do_nothing(cast: Cast) -> None:
    who = uuid.uuid4()
    with organization_context(cast.organization):
        record("customer.viewed", subject=who)
    assert call("SELECT accounts_audit_pseudonymise(%s)", who) == 0
    assert call("SELECT accounts_audit_expire(now() - interval '1 year', 100)") == 0
    with organization_context(cast.organization):
        assert AuditEntry.objects.filter(subject_id=who).exists()


def test_old_entries_are_forgotten_and_recent_ones_never(cast: Cast) -> None:
    now = timezone.now()
    for organization in (cast.organization, cast.other):
        with organization_context(organization):
            for days in (10, 100, 400):
                AuditEntry.objects.create(
                    at=now - timedelta(days=days), action="organization.changed", actor_kind="system"
                )
    with organization_context(cast.organization):
        assert call("SELECT accounts_audit_expire(%s, 100)", now - timedelta(days=365)) == 1
        assert AuditEntry.objects.count() == 2
        with pytest.raises(DatabaseError, match="at least 90 days"), transaction.atomic():
            call("SELECT accounts_audit_expire(%s, 100)", now - timedelta(days=30))
    with organization_context(cast.other):
        assert AuditEntry.objects.count() == 3, "the other organization's trail is its own"
