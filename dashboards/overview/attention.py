"""What needs somebody now: counts, not estimates, so they have no interval."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Min, Q
from django.utils import timezone

from crm.models import Case, ImportRun


@dataclass(frozen=True, slots=True)
class Notice:
    title: str
    detail: str = ""
    url: str = ""


def notices() -> list[Notice]:
    """Overdue cases, and the last import if it failed or refused rows. Two queries."""
    found = []
    now = timezone.now()
    late = Q(due_at__lt=now)
    cases = Case.objects.exclude(status=Case.Status.CLOSED).aggregate(
        open=Count("id"),
        late=Count("id", filter=late),
        unowned=Count("id", filter=Q(owner=None)),
        first=Min("due_at"),
    )
    if cases["late"]:
        title = f"{cases['late']:,} of {cases['open']:,} open cases {'is' if cases['late'] == 1 else 'are'} past due"
        unowned = f" {cases['unowned']:,} have no owner." if cases["unowned"] else ""
        found.append(Notice(title, f"Oldest by {_span(now - cases['first'])}.{unowned}"))
    elif cases["open"]:
        found.append(Notice(f"{cases['open']:,} open cases, none past due"))
    run = ImportRun.objects.order_by("-started_at").first()
    if run is not None and run.status == ImportRun.Status.FAILED:
        found.append(Notice(f"The last import failed: {run.file_name}", run.error[:200]))
    elif run is not None and run.failed:
        found.append(
            Notice(
                f"{run.failed:,} rows of {run.file_name} were refused",
                f"{run.created + run.updated:,} were taken in.",
            )
        )
    return found


def _span(length: timedelta) -> str:
    days, hours = length.days, length.seconds // 3600
    if days:
        return f"{days} day{'s' if days > 1 else ''} {hours} h"
    return f"{hours} h"
