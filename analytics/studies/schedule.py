"""Studies that are run once a week.

What is due stands in one global table of ids. The sweep claims a row by moving it on by whole weeks and owes
the run in the same transaction, so a sweep that fires twice, or two at once, starts one run.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.audit.record import record
from accounts.tenancy import current_organization_id, organization_context
from accounts.work.outbox import owe
from analytics.models import Run, Schedule, Study

from .services import start_run

WEEK = timedelta(weeks=1)
BATCH = 200
TASK = "analytics.run_weekly"


def next_run(study: Study) -> datetime | None:
    """When a study will be run by itself; None where it is not scheduled."""
    return Schedule.objects.filter(study=study.pk).values_list("due_at", flat=True).first()


def due() -> dict[UUID, datetime]:
    """Every scheduled study of the organization, and when it will be run by itself. One query."""
    rows = Schedule.objects.filter(organization_id=current_organization_id())
    return dict(rows.values_list("study", "due_at"))


@transaction.atomic
def run_weekly(*, study: Study) -> datetime:
    """Run the study every week from now on, at this weekday and time.

    Returns:
        When it will be run next. A study that is scheduled already keeps its time.
    """
    row, is_new = Schedule.objects.get_or_create(
        study=study.pk,
        defaults={"organization_id": current_organization_id(), "due_at": timezone.now() + WEEK},
    )
    if is_new:
        record("study.changed", target=study, before={"weekly": False}, after={"weekly": True})
    return row.due_at


@transaction.atomic
def stop_weekly(*, study: Study) -> bool:
    """Run it only when asked. Returns whether it was scheduled."""
    stopped = Schedule.objects.filter(study=study.pk).delete()[0] > 0
    if stopped:
        record("study.changed", target=study, before={"weekly": True}, after={"weekly": False})
    return stopped


def owe_due(*, now: datetime | None = None) -> int:
    """Owe a run for every study that is due, in any organization. Outside any context.

    Returns:
        How many are owed. Weeks that were slept through are not made up for: one run, then the next week.
    """
    owed, now = 0, now or timezone.now()
    while count := _owe_batch(now):
        owed += count
    return owed


@transaction.atomic
def _owe_batch(now: datetime) -> int:
    rows = list(
        Schedule.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(due_at__lte=now, organization__is_active=True)
        .order_by("due_at")[:BATCH]
    )
    for row in rows:
        row.due_at += WEEK * ((now - row.due_at) // WEEK + 1)
        with organization_context(row.organization_id):
            owe(TASK, study=str(row.study))
    Schedule.objects.bulk_update(rows, ["due_at"])
    return len(rows)


def start_scheduled(*, study_id: str) -> Run | None:
    """Start the week's run, unless one is waiting or under way. Inside the organization.

    A study that is gone or archived takes its schedule with it.
    """
    study = Study.objects.filter(pk=study_id, archived_at__isnull=True).first()
    if study is None:
        Schedule.objects.filter(study=study_id).delete()
        return None
    if study.runs.filter(status__in=(Run.Status.QUEUED, Run.Status.RUNNING)).exists():
        return None
    return start_run(study=study)
