"""How long each kind of data is kept: what an organization chose, shown before it is done, done daily.

Rooms add their kinds in `AppConfig.ready`. A period that was changed deletes nothing until somebody who saw the
counts says so.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from celery import shared_task
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.audit.record import record
from accounts.models import AuditEntry, Membership, Organization, RetentionPolicy
from accounts.tenancy import organization_context
from accounts.work.outbox import owe
from accounts.work.task import LongTask, Work

TASK = "accounts.keep_periods"
#: Rows deleted in one transaction.
BATCH = 2_000
LONGEST_DAYS = 36_500


@dataclass(frozen=True)
class Kind:
    """A kind of data. `count(before)` and `delete(before, most)` run inside the organization's context."""

    name: str
    label: str
    #: Nobody can choose fewer days.
    least_days: int
    count: Callable[[datetime], int]
    delete: Callable[[datetime, int], int]


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Raises ValueError when the name is taken by another."""
    if _kinds.setdefault(kind.name, kind) is not kind:
        raise ValueError(f"There is already a kind of data called {kind.name!r}.")


def kinds() -> list[Kind]:
    return list(_kinds.values())


def rows(
    name: str, label: str, moment: str, wanted: Callable[[], QuerySet[Any]], least_days: int = 30
) -> Kind:
    """A kind that is the rows of a queryset whose `moment` lies too far back."""

    def count(before: datetime) -> int:
        return wanted().filter(**{f"{moment}__lt": before}).count()

    def delete(before: datetime, most: int) -> int:
        old = wanted().filter(**{f"{moment}__lt": before}).order_by(moment)
        ids = list(old.values_list("pk", flat=True)[:most])
        wanted().filter(pk__in=ids).delete()
        return len(ids)

    return Kind(name, label, least_days, count, delete)


def register_own() -> None:
    register(Kind("audit_trail", "Audit trail", 90, _count_trail, _expire_trail))


def _count_trail(before: datetime) -> int:
    return AuditEntry.objects.filter(at__lt=before).count()


def _expire_trail(before: datetime, most: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT accounts_audit_expire(%s, %s)", [before, most])
        gone: int = cursor.fetchone()[0]
    return gone


def current() -> RetentionPolicy:
    """The organization's policy; an unsaved one that keeps everything where there is none yet."""
    return RetentionPolicy.objects.select_related("changed_by__user").first() or RetentionPolicy()


def checked(periods: dict[str, Any]) -> dict[str, int]:
    """Kind → days, of those that have a period.

    Raises:
        ValidationError: by kind, with what may stand there.
    """
    errors, found = {}, {}
    for name, days in periods.items():
        kind = _kinds.get(name)
        if kind is None:
            errors[name] = f"There is no kind of data called {name!r}; there are: {', '.join(_kinds)}."
        elif days is None:
            continue  # kept for ever
        elif (
            not isinstance(days, int) or isinstance(days, bool) or not kind.least_days <= days <= LONGEST_DAYS
        ):
            errors[name] = (
                f"Choose {kind.least_days} to {LONGEST_DAYS:,} days, or leave it empty to keep for ever."
            )
        else:
            found[name] = days
    if errors:
        raise ValidationError(errors)
    return found


def dry_run(periods: dict[str, int]) -> dict[str, int]:
    """How many rows of each kind these periods would delete now."""
    return {name: _kinds[name].count(before(days)) for name, days in periods.items()}


def before(days: int) -> datetime:
    return timezone.now() - timedelta(days=days)


@transaction.atomic
def propose(*, periods: dict[str, Any], changed_by: Membership | None = None) -> RetentionPolicy:
    """Keep these periods in mind, with what they would delete. Nothing is deleted until `enforce`."""
    policy = current()
    wanted = checked(periods)
    record("retention.changed", target=policy, label="Retention", before=policy.periods, after=wanted)
    policy.periods, policy.preview, policy.is_enforced = wanted, dry_run(wanted), False
    policy.previewed_at = policy.changed_at = timezone.now()
    policy.changed_by = changed_by
    policy.save()
    return policy


@transaction.atomic
def enforce(*, policy: RetentionPolicy, changed_by: Membership | None = None) -> None:
    """From now on, today and every day."""
    policy.is_enforced, policy.changed_by, policy.changed_at = True, changed_by, timezone.now()
    policy.save(update_fields=["is_enforced", "changed_by", "changed_at"])
    record("retention.changed", target=policy, label="Retention", after={"enforced": True, **policy.periods})
    owe(TASK, policy=str(policy.pk))


@shared_task(name="accounts.retention_due")
def retention_due() -> int:
    """Owe the day's deletions of each organization that has a policy in force. Returns how many have."""
    due = 0
    for organization in Organization.objects.filter(is_active=True):
        with organization_context(organization):
            for policy in RetentionPolicy.objects.filter(is_enforced=True):
                owe(TASK, policy=str(policy.pk))
                due += 1
    return due


@shared_task(name=TASK, base=LongTask)
def keep_periods(work: Work, policy: str) -> None:
    """Delete what is older than the organization keeps, in small transactions; again it finds nothing."""
    with work.reading():
        found = RetentionPolicy.objects.filter(pk=policy, is_enforced=True).first()
    removed: dict[str, int] = {}
    periods: dict[str, int] = found.periods if found else {}
    for name, days in periods.items():
        limit = before(days)
        while name in _kinds:
            with work.step():
                # Somebody may have taken it back meanwhile.
                if not RetentionPolicy.objects.filter(pk=policy, is_enforced=True, periods=periods).exists():
                    break
                gone = _kinds[name].delete(limit, BATCH)
            removed[name] = removed.get(name, 0) + gone
            if gone < BATCH:
                break
    with work.step(last=True):
        if found is not None:
            found.last_run, found.last_run_at = removed, timezone.now()
            found.save(update_fields=["last_run", "last_run_at"])
            if any(removed.values()):
                record("retention.enforced", target=found, label="Retention", after=removed)
