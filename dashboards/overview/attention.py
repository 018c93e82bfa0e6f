"""What needs somebody now: counts, not estimates, so they have no interval."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership
from analytics import selectors
from analytics.studies.results import READINGS
from crm.models import Case, ImportRun

#: A finding that turned is news for so long, and so many of them at once.
NEWS = timedelta(days=30)
MOST_TURNS = 3


@dataclass(frozen=True, slots=True)
class Notice:
    title: str
    detail: str = ""
    url: str = ""


def notices(viewer: Membership) -> list[Notice]:
    """Overdue cases, the last import if it failed or refused rows, links whose reading turned. Three queries."""
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
        alone = cases["unowned"]
        unowned = f" {alone:,} {'has' if alone == 1 else 'have'} no owner." if alone else ""
        found.append(Notice(title, f"Oldest by {_span(now - cases['first'])}.{unowned}"))
    elif cases["open"]:
        found.append(
            Notice(f"{cases['open']:,} open {'case' if cases['open'] == 1 else 'cases'}, none past due")
        )
    run = ImportRun.objects.order_by("-started_at").first()
    if run is not None and run.status == ImportRun.Status.FAILED:
        # The message may quote a row, and so name somebody.
        why = run.error[:200] if viewer.may("personal.view") else "Nothing of it was taken in."
        found.append(Notice(f"The last import failed: {run.file_name}", why))
    elif run is not None and run.failed:
        found.append(
            Notice(
                f"{run.failed:,} rows of {run.file_name} were refused",
                f"{run.created + run.updated:,} were taken in.",
            )
        )
    if viewer.may("linkage.view"):
        found += [_turned(turn, viewer) for turn in selectors.turns(since=now - NEWS)[:MOST_TURNS]]
    return found


def _turned(turn: selectors.Turn, viewer: Membership) -> Notice:
    """ "Revenue after NPS now reads “noise”"."""
    at = {"slug": viewer.organization.slug, "pk": turn.study.pk}
    return Notice(
        f"{turn.study.name} now reads “{READINGS.get(turn.after, turn.after)}”",
        f"It was “{READINGS.get(turn.before, turn.before)}” in run {turn.earlier.number}.",
        f"{reverse('run-compare', kwargs=at)}?a={turn.earlier.pk}&b={turn.later.pk}",
    )


def _span(length: timedelta) -> str:
    days, hours = length.days, length.seconds // 3600
    if days:
        return f"{days} day{'s' if days > 1 else ''} {hours} h"
    return f"{hours} h"
