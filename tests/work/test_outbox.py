"""What a committed write owes is done once, whatever dies in between."""

from datetime import timedelta

import pytest
from celery import current_app, shared_task
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import OutboxEntry
from accounts.tenancy import NoOrganization, organization_context
from accounts.work import outbox
from accounts.work.outbox import MAX_ATTEMPTS, owe, publish_batch, relay
from accounts.work.task import OrganizationTask
from crm.models import Customer
from tests import factories
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@shared_task(name="tests.rename", base=OrganizationTask)
def rename(customer: str, name: str) -> None:
    Customer.objects.filter(pk=customer).update(name=name)


@shared_task(name="tests.fail", base=OrganizationTask)
def fail(customer: str) -> None:
    Customer.objects.filter(pk=customer).update(name="half done")
    raise ZeroDivisionError


@pytest.fixture
def broker() -> None:
    """The real broker, with nothing of an earlier test in this worker's queue."""
    with current_app.connection_for_write() as link:
        link.SimpleQueue(current_app.conf.task_default_queue).clear()


def published() -> list[tuple[str, dict[str, object]]]:
    found = []
    with current_app.connection_for_read() as link:
        queue = link.SimpleQueue(current_app.conf.task_default_queue)
        while True:
            try:
                message = queue.get(block=False)
            except queue.Empty:
                return found
            found.append((message.headers["task"], message.payload[1]))
            message.ack()


def run(name: str, arguments: dict[str, object]) -> None:
    current_app.tasks[name](**arguments)


def test_owed_in_the_transaction_and_gone_with_it(cast: Cast) -> None:
    def fail() -> None:
        with organization_context(cast.organization):
            owe("tests.rename", customer="x", name="y")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not OutboxEntry.objects.exists()


def test_owing_needs_an_organization(cast: Cast) -> None:
    with pytest.raises(NoOrganization):
        owe("tests.rename", customer="x", name="y")


def test_published_with_its_organization_then_done_once(cast: Cast, broker: None) -> None:
    with organization_context(cast.organization):
        who = factories.customer()
        owe("tests.rename", customer=str(who.pk), name="Renamed")
    assert publish_batch() == 1
    assert publish_batch() == 0, "what is published is not due again at once"
    ((name, arguments),) = published()
    assert arguments["organization_id"] == str(cast.organization.pk)
    run(name, arguments)
    assert not OutboxEntry.objects.exists()
    with organization_context(cast.organization):
        who.refresh_from_db()
        assert who.name == "Renamed"
        Customer.objects.update(name="Changed since")
    run(name, arguments)  # the broker delivered it twice
    with organization_context(cast.organization):
        who.refresh_from_db()
        assert who.name == "Changed since"


@pytest.mark.django_db(transaction=True)
def test_a_failed_task_leaves_nothing_and_is_due_again(cast: Cast, broker: None) -> None:
    with organization_context(cast.organization):
        who = factories.customer(name="Before")
        owe("tests.fail", nudge_now=False, customer=str(who.pk))
    publish_batch()
    ((name, arguments),) = published()
    with pytest.raises(ZeroDivisionError):
        run(name, arguments)
    with organization_context(cast.organization):
        who.refresh_from_db()
        assert who.name == "Before"
    entry = OutboxEntry.objects.get()
    assert entry.attempts == 1
    assert entry.due_at > timezone.now()
    # What was published and lost with Redis falls due again.
    OutboxEntry.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    assert publish_batch() == 1
    assert len(published()) == 1


def test_given_up_after_the_last_attempt_and_kept(cast: Cast, broker: None) -> None:
    with organization_context(cast.organization):
        entry = owe("tests.fail", nudge_now=False, customer="x")
    OutboxEntry.objects.update(attempts=MAX_ATTEMPTS)
    publish_batch()
    assert published() == []
    entry.refresh_from_db()
    assert "given up" in entry.error
    assert publish_batch() == 0


@pytest.mark.django_db(transaction=True)
def test_two_relays_share_the_rows(cast: Cast, broker: None) -> None:
    from threading import Thread

    with organization_context(cast.organization):
        for _ in range(30):
            owe("tests.rename", nudge_now=False, customer="x", name="y")
    done = []

    def work() -> None:
        try:
            done.append(relay())
        finally:
            connection.close()

    threads = [Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(done) == 30
    assert len(published()) == 30


@pytest.mark.django_db(transaction=True)
def test_a_dead_redis_does_not_undo_a_saved_write(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def dead(*args: object, **kwargs: object) -> None:
        raise ConnectionError("redis is away")

    monkeypatch.setattr(outbox.relay, "apply_async", dead)
    with organization_context(cast.organization):
        factories.customer(external_id="kept")
        owe("tests.rename", customer="x", name="y")
    with organization_context(cast.organization):
        assert Customer.objects.filter(external_id="kept").exists()
    assert OutboxEntry.objects.count() == 1


def test_a_task_without_an_organization_is_refused(cast: Cast) -> None:
    with pytest.raises(NoOrganization):
        rename.apply_async(kwargs={"customer": "x", "name": "y"})
    with pytest.raises(NoOrganization):
        rename(customer="x", name="y")


def test_global_tasks_see_no_tenant_row(cast: Cast) -> None:
    with organization_context(cast.organization):
        factories.customer()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM crm_customer")
        assert cursor.fetchone()[0] == 0
