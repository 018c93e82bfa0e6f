"""One holder at a time; a superseded one can write nothing more."""

from threading import Thread

import pytest
from django.db import connection

from accounts.models import Lease, OutboxEntry
from accounts.tenancy import organization_context
from accounts.work import lease
from accounts.work.outbox import owe
from accounts.work.task import Work
from crm.models import Customer
from tests import factories
from tests.cast import Cast
from tests.waiting import until

pytestmark = pytest.mark.django_db


def expire(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_lease SET expires_at = clock_timestamp() - interval '1 second' WHERE name = %s",
            [name],
        )


def test_one_holder_until_released_or_stale(db: None) -> None:
    assert lease.claim("x") == 1
    assert lease.claim("x") is None
    lease.release("x", 1)
    assert lease.claim("x") == 2
    expire("x")
    assert lease.claim("x") == 3
    lease.release("x", 2)  # the superseded holder frees nothing
    assert lease.claim("x") is None


@pytest.mark.django_db(transaction=True)
def test_racing_claims_have_one_winner(db: None) -> None:
    won: list[int | None] = []

    def work() -> None:
        try:
            won.append(lease.claim("race"))
        finally:
            connection.close()

    threads = [Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won, key=str) == [1] + [None] * 7


def test_a_superseded_worker_cannot_write_or_finish(cast: Cast) -> None:
    with organization_context(cast.organization):
        entry = owe("tests.any", nudge_now=False)
    number = lease.claim("job")
    assert number is not None
    old = Work("job", number, str(cast.organization.pk), entry.pk)
    expire("job")
    assert lease.claim("job") == 2
    with pytest.raises(lease.Superseded), old.step(last=True):
        factories.customer()
    with organization_context(cast.organization):
        assert not Customer.objects.exists()
    assert OutboxEntry.objects.filter(pk=entry.pk).exists()
    new = Work("job", 2, str(cast.organization.pk), entry.pk)
    with new.step(last=True):
        factories.customer()
    assert not OutboxEntry.objects.filter(pk=entry.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_the_heartbeat_keeps_the_lease_and_the_row_and_notices_the_loss(cast: Cast, settings: object) -> None:
    settings.LEASE_SECONDS = 1  # type: ignore[attr-defined]
    with organization_context(cast.organization):
        entry = owe("tests.any", nudge_now=False)
    assert lease.claim("long") == 1
    first = Lease.objects.get(pk="long").expires_at
    with lease.heartbeat("long", 1, entry.pk) as lost:
        until(lambda: Lease.objects.get(pk="long").expires_at > first, what="a renewal")
        entry.refresh_from_db()
        assert entry.due_at > first, "not due again while somebody works on it"
        assert not lost.is_set()
        Lease.objects.filter(pk="long").update(claim=2)
        until(lost.is_set, what="the loss to be noticed")
