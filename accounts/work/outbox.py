"""Side effects that are never lost.

A write that owes something (a mail, a study, a score) says so in the same transaction, as a row. After the commit
the relay is nudged; a periodic sweep of the same relay publishes what a crash left behind. The row is deleted by
its task's own last transaction, so an emptied Redis loses nothing: what was published and never finished falls due
again.
"""

import logging
from datetime import timedelta
from typing import Any

from celery import current_app, shared_task
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import OutboxEntry
from accounts.tenancy import current_organization_id

logger = logging.getLogger(__name__)

BATCH = 200
MAX_ATTEMPTS = 10
#: How long the first publication may take to finish before it is published again; doubles with each attempt.
PATIENCE = timedelta(seconds=20)
LONGEST_PATIENCE = timedelta(hours=1)


def owe(task: str, *, nudge_now: bool = True, **ids: Any) -> OutboxEntry:
    """Owe a task to the organization of this context, in its transaction.

    Args:
        task: the Celery task's name.
        nudge_now: ask the relay to publish right after the commit. Leave it to the sweep (within SWEEP_SECONDS)
            where writes are hot: a nudge costs the request about 3 ms.
        ids: the task's arguments; ids only, as JSON.
    """
    entry = OutboxEntry.objects.create(organization_id=current_organization_id(), task=task, arguments=ids)
    if nudge_now:
        transaction.on_commit(nudge, robust=True)  # a dead Redis must not turn a saved write into an error
    return entry


def nudge() -> None:
    """Wake the relay; if nobody hears it, the sweep will."""
    relay.apply_async(retry=False, expires=60)


@shared_task(name="accounts.relay")
def relay() -> int:
    """Publish what is due. Several may run at once: each takes rows that no other has locked."""
    published = 0
    while count := publish_batch():
        published += count
    return published


def publish_batch() -> int:
    """What a suspended organization owes is left alone, so that it neither runs nor counts as tried."""
    awake = Q(organization=None) | Q(organization__is_active=True) | Q(task__in=while_suspended())
    with transaction.atomic():
        rows = list(
            OutboxEntry.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(awake, due_at__lte=Now(), error="")
            .order_by("due_at")[:BATCH]
        )
        now = timezone.now()
        for row in rows:
            if row.attempts >= MAX_ATTEMPTS:
                row.error = f"given up after {row.attempts} attempts; the task's log says why each failed"
                logger.error("outbox %s (%s): %s", row.pk, row.task, row.error)
                continue
            current_app.send_task(
                row.task,
                kwargs={
                    "organization_id": str(row.organization_id),
                    "outbox_id": row.pk,
                    **row.arguments,
                },
                retry=False,
            )
            row.due_at = now + min(PATIENCE * 2**row.attempts, LONGEST_PATIENCE)
            row.attempts += 1
        OutboxEntry.objects.bulk_update(rows, ["due_at", "attempts", "error"])
    return len(rows)


def while_suspended() -> list[str]:
    """Names of the tasks that a suspended organization goes on with."""
    return [name for name, task in current_app.tasks.items() if getattr(task, "while_suspended", False)]


@shared_task(name="accounts.tidy")
def tidy() -> None:
    """Forget leases nobody holds any more, and what was kept long enough: failed log-ins, answers to idempotent
    requests, exports of customers and of whole organizations. And wrap keys anew that an older secret key had wrapped.
    """
    from accounts.models import FailedLogin, IdempotentRequest, Lease, Organization
    from accounts.organizations.export.services import forget_expired
    from accounts.privacy.erased import keep_readable
    from accounts.privacy.services import forget_exports
    from accounts.tenancy import organization_context

    FailedLogin.objects.filter(at__lt=timezone.now() - timedelta(days=90)).delete()
    Lease.objects.filter(expires_at__lt=timezone.now() - timedelta(days=7)).delete()
    for organization in Organization.objects.all():
        with organization_context(organization):
            IdempotentRequest.forget_old()
            forget_exports()
            keep_readable()
            forget_expired()
