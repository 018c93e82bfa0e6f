"""The database refuses first; the guard explains."""

import uuid
from contextlib import suppress

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import ApiKey, Membership
from accounts.models.apikey import key_hash
from accounts.tenancy import BrokenTransaction, NoOrganization, WrongOrganization, organization_context
from crm.models import Customer, Transaction
from tests import factories
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_without_an_organization_the_guard_raises_before_any_sql(cast: Cast) -> None:
    for use in (
        lambda: list(Customer.objects.all()),
        lambda: Customer(external_id="x", organization_id=cast.organization.pk).save(),
        lambda: list(Membership.objects.filter(pk__in=ApiKey.objects.values("created_by"))),
    ):
        with pytest.raises(NoOrganization, match="organization_context"):
            use()


def test_a_queryset_that_escaped_its_context_is_refused(cast: Cast) -> None:
    with organization_context(cast.organization):
        escaped = Customer.objects.all()
    with pytest.raises(NoOrganization):
        list(escaped)


def test_typed_by_hand_without_an_organization_no_row_is_visible(cast: Cast) -> None:
    with organization_context(cast.organization):
        factories.customer()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM crm_customer")
        assert cursor.fetchone()[0] == 0


def test_each_organization_sees_its_own_rows_only(cast: Cast) -> None:
    with organization_context(cast.organization):
        mine = factories.customer(external_id="same")
    with organization_context(cast.other):
        theirs = factories.customer(external_id="same")
        assert list(Customer.objects.all()) == [theirs]
        assert not Customer.objects.filter(pk=mine.pk).exists()
        assert Customer.objects.filter(pk=mine.pk).update(name="taken") == 0
        assert Customer.objects.filter(pk=mine.pk).delete()[0] == 0
    with organization_context(cast.organization):
        assert Customer.objects.get().name == mine.name


def test_a_row_cannot_be_written_for_another_organization(cast: Cast) -> None:
    with (
        pytest.raises(DatabaseError, match="row-level security"),
        organization_context(cast.organization),
    ):
        Customer.objects.create(external_id="x", organization_id=cast.other.pk)


@pytest.mark.django_db(transaction=True)
def test_a_reference_cannot_leave_the_organization(cast: Cast) -> None:
    with organization_context(cast.other):
        theirs = factories.customer()
    with (
        pytest.raises(DatabaseError, match="crm_transaction_customer_fk"),
        organization_context(cast.organization),
    ):
        Transaction.objects.create(
            customer_id=theirs.pk,
            external_id="1",
            occurred_at=factories.NOW,
            amount=1,
            reporting_amount=1,
            currency="EUR",
        )


def test_a_different_organization_does_not_nest(cast: Cast) -> None:
    with organization_context(cast.organization):
        with organization_context(cast.organization):
            factories.customer()
        with pytest.raises(WrongOrganization), organization_context(cast.other):
            pass
        assert Customer.objects.count() == 1


def test_the_setting_is_gone_after_the_context(cast: Cast) -> None:
    with organization_context(cast.organization):
        factories.customer()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.organization_id', true)")
        assert cursor.fetchone()[0] == ""
    assert connection.organization_id is None


@pytest.mark.django_db(transaction=True)
def test_a_pooled_connection_shows_nothing_after_an_exception(cast: Cast) -> None:
    with organization_context(cast.organization):
        factories.customer()

    def fail() -> None:
        with organization_context(cast.organization):
            assert Customer.objects.count() == 1
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM crm_customer")
        assert cursor.fetchone()[0] == 0


def test_a_swallowed_database_error_is_not_silent_loss(cast: Cast) -> None:
    def swallow() -> None:
        with organization_context(cast.organization):
            factories.customer()
            with suppress(DatabaseError), connection.cursor() as cursor:
                cursor.execute("SELECT 1 / 0")

    with pytest.raises(BrokenTransaction):
        swallow()


@pytest.mark.django_db(transaction=True)
def test_on_commit_hooks_are_outside_the_context(cast: Cast) -> None:
    seen: list[object] = []

    def hook() -> None:
        try:
            Customer.objects.count()
        except NoOrganization as error:
            seen.append(error)

    with organization_context(cast.organization):
        transaction.on_commit(hook)
    assert len(seen) == 1


def test_a_key_resolves_to_its_organization_and_nothing_else(cast: Cast) -> None:
    plain = cast.key("crm:read", organization=cast.other)
    with connection.cursor() as cursor:
        cursor.execute("SELECT accounts_resolve_api_key(%s)", [key_hash(plain)])
        assert cursor.fetchone()[0] == cast.other.pk
        cursor.execute("SELECT accounts_resolve_api_key(%s)", [key_hash("cem_guess")])
        assert cursor.fetchone()[0] is None


def test_ids_made_by_the_database_are_version_7_and_in_time_order(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cem_uuid7() FROM generate_series(1, 50)")
        ids = [row[0] for row in cursor.fetchall()]
    assert all(isinstance(one, uuid.UUID) and one.version == 7 for one in ids)
    assert len(set(ids)) == 50
    assert abs((ids[0].int >> 80) / 1000 - (uuid.uuid1().time - 0x01B21DD213814000) / 1e7) < 60
