"""What a Celery task may be here: global, in one organization, or long in one organization."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import celery
from django.db import transaction

from accounts.models import Organization, OutboxEntry
from accounts.tenancy import NoOrganization, organization_context

from . import lease


class Task(celery.Task):  # type: ignore[type-arg]
    """A task without an organization: it sees no tenant row."""

    abstract = True


class Resting(lease.Superseded):
    """The organization was suspended: stop here. What is owed stays owed and goes on when it is resumed."""


class _InOrganization(Task):
    abstract = True
    #: Such work goes on in a suspended organization: its owner's export, its erasure.
    while_suspended = False
    typing = False  # the organization is an argument of ours, not of the function's

    def apply_async(  # type: ignore[override]
        self, args: Any = None, kwargs: Any = None, **options: Any
    ) -> Any:
        if not (kwargs or {}).get("organization_id"):
            raise NoOrganization(
                f"{self.name} works in one organization: pass organization_id (or use owe())."
            )
        return super().apply_async(args, kwargs, **options)


class OrganizationTask(_InOrganization):
    """Short work in one organization: one transaction, which also pays the outbox row.

    Runs at most once for a row: the row is locked while the work is done and gone when it is.
    """

    abstract = True

    def __call__(
        self, *args: Any, organization_id: str = "", outbox_id: int | None = None, **ids: Any
    ) -> Any:
        if not organization_id:
            raise NoOrganization(f"{self.name} was called without an organization.")
        with organization_context(organization_id):
            if outbox_id is not None and not take(outbox_id):
                return None
            if not (self.while_suspended or is_awake(organization_id)):
                return None
            result = self.run(*args, **ids)
            pay(outbox_id)
            return result


class LongTask(_InOrganization):
    """Long work in one organization, under a lease, in steps that each have their own transaction.

    The function gets a `Work` first. A worker that dies is noticed when its lease runs out; the outbox row falls
    due again and another worker goes on from the last step that was saved.
    """

    abstract = True

    def __call__(
        self, *args: Any, organization_id: str = "", outbox_id: int | None = None, **ids: Any
    ) -> Any:
        if not organization_id:
            raise NoOrganization(f"{self.name} was called without an organization.")
        if outbox_id is not None and not OutboxEntry.objects.filter(pk=outbox_id).exists():
            return None  # published twice, done once
        if not (self.while_suspended or is_awake(organization_id)):
            return None
        name = f"{self.name}:" + ",".join(str(ids[key]) for key in sorted(ids))
        number = lease.claim(name)
        if number is None:
            return None  # somebody lives who does it; if they die, the row falls due again
        work = Work(name, number, organization_id, outbox_id, while_suspended=self.while_suspended)
        try:
            with lease.heartbeat(name, number, outbox_id) as lost:
                work.lost = lost
                return self.run(work, *args, **ids)
        except lease.Superseded:
            return None
        finally:
            lease.release(name, number)


class Work:
    """A claim on a piece of long work."""

    def __init__(
        self,
        name: str,
        number: int,
        organization_id: str,
        outbox_id: int | None,
        *,
        while_suspended: bool = False,
    ) -> None:
        self.name, self.number = name, number
        self.organization_id, self.outbox_id = organization_id, outbox_id
        self.while_suspended = while_suspended
        self.lost: Any = None

    @contextmanager
    def reading(self) -> Iterator[None]:
        """A transaction that only reads; it does not hold the lease's row."""
        with organization_context(self.organization_id):
            yield
        self.check()

    @contextmanager
    def step(self, *, last: bool = False) -> Iterator[None]:
        """A transaction that writes, under the claim. The last one also pays the outbox row.

        Raises Resting when the organization was suspended meanwhile.
        """
        with organization_context(self.organization_id):
            lease.hold(self.name, self.number)
            if not (self.while_suspended or is_awake(self.organization_id)):
                raise Resting(f"{self.name}: the organization is suspended")
            yield
            if last:
                pay(self.outbox_id)

    def check(self) -> None:
        """Raise Superseded as soon as the heartbeat noticed."""
        if self.lost is not None and self.lost.is_set():
            raise lease.Superseded(f"{self.name}: claim {self.number} was superseded")


def is_awake(organization_id: str) -> bool:
    """Whether the organization is neither suspended nor gone."""
    return Organization.objects.filter(pk=organization_id, is_active=True).exists()


def take(outbox_id: int) -> bool:
    """Lock the row for this transaction. False when it is done or being done."""
    return (
        OutboxEntry.objects.select_for_update(skip_locked=True).filter(pk=outbox_id).values_list("pk").first()
        is not None
    )


def pay(outbox_id: int | None) -> None:
    """What was owed is done. Inside the transaction that did it."""
    if outbox_id is not None:
        if not transaction.get_connection().in_atomic_block:
            raise RuntimeError("An outbox row is paid in the transaction that did its work.")
        OutboxEntry.objects.filter(pk=outbox_id).delete()
