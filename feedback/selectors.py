"""Scores over time and by dimension: one GROUP BY each over the scores that count.

Periods are half-open, [start, end), aware instants. Weeks begin on Monday and days at midnight in the
organization's time zone.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, Literal, TypedDict, Unpack
from uuid import UUID

from django.db.models import Count, DateField, F, Q, QuerySet
from django.db.models.functions import TruncDay, TruncMonth, TruncWeek
from django.utils import timezone

from accounts.models import Organization
from accounts.tenancy import current_organization_id
from feedback import intervals, scoring
from feedback.models import Invitation, Score
from feedback.scoring import Counts, ScoreChange, ScoreSummary

Bucket = Literal["day", "week", "month"]
Dimension = Literal[
    "day", "week", "month", "touchpoint", "channel", "survey", "question", "segment", "country", "language"
]
Period = tuple[datetime, datetime]

_TRUNCATE: dict[str, Any] = {"day": TruncDay, "week": TruncWeek, "month": TruncMonth}
_COLUMNS = {
    "touchpoint": "touchpoint_id",
    "channel": "channel",
    "survey": "survey_id",
    "question": "question",
    "segment": "customer__segment",
    "country": "customer__country",
    "language": "response__language",
}


class Filters(TypedDict, total=False):
    """Which scores; a list means any of them, and what is left out is not filtered by."""

    survey: UUID | list[UUID]
    touchpoint: UUID | list[UUID]
    channel: str | list[str]
    question: str | list[str]
    segment: str | list[str]
    country: str | list[str]
    language: str | list[str]
    customer: UUID | list[UUID]


def counting(metric: str, start: datetime, end: datetime, **filters: Unpack[Filters]) -> QuerySet[Score]:
    """The scores of one metric that count, in a period."""
    rows = Score.objects.filter(counts=True, metric=metric, answered_at__gte=start, answered_at__lt=end)
    for name, wanted in filters.items():
        column = "customer_id" if name == "customer" else _COLUMNS[name]
        rows = rows.filter(
            **({f"{column}__in": wanted} if isinstance(wanted, list | tuple | set) else {column: wanted})
        )
    return rows


def score_counts(
    metric: str,
    start: datetime,
    end: datetime,
    *,
    by: Dimension | None = None,
    tz: tzinfo | None = None,
    **filters: Unpack[Filters],
) -> dict[Any, Counts]:
    """How many answers of each value, by group.

    Args:
        by: what to group by. "day", "week" and "month" give the first day of each as a date; dimensions give
            their value (touchpoint and survey their id, None where there is none).
        tz: the organization's time zone, if the caller has it (saves a query for day, week, month).

    Returns:
        {group: {value: count}}; without `by` the one group is None. Empty groups are absent.
    """
    rows = counting(metric, start, end, **filters)
    if by is None:
        counts: dict[float, int] = dict(rows.values_list("value").annotate(Count("id")).order_by())
        return {None: counts} if counts else {}
    group = (
        _TRUNCATE[by]("answered_at", tzinfo=tz or organization_tz(), output_field=DateField())
        if by in _TRUNCATE
        else F(_COLUMNS[by])
    )
    grouped: dict[Any, dict[float, int]] = defaultdict(dict)
    rows_by = rows.annotate(group=group).values_list("group", "value").annotate(Count("id")).order_by()
    for key, value, n in rows_by:
        grouped[key][value] = n
    return dict(grouped)


def summary(metric: str, start: datetime, end: datetime, **filters: Unpack[Filters]) -> ScoreSummary:
    """The metric of a period, with its interval and n. One query."""
    return scoring.summarize(metric, score_counts(metric, start, end, **filters).get(None, {}))


def summaries(
    metric: str, start: datetime, end: datetime, by: Dimension, **filters: Unpack[Filters]
) -> dict[Any, ScoreSummary]:
    """The metric of a period in each group. One query (two by day, week or month)."""
    grouped = score_counts(metric, start, end, by=by, **filters)
    return {key: scoring.summarize(metric, counts) for key, counts in grouped.items()}


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One day, week or month by its first day; n is 0 and the figures None where nobody answered."""

    start: date
    summary: ScoreSummary


def trend(
    metric: str,
    start: datetime,
    end: datetime,
    bucket: Bucket = "week",
    *,
    tz: tzinfo | None = None,
    **filters: Unpack[Filters],
) -> list[TrendPoint]:
    """The metric over time, every bucket that the period touches, those without answers included."""
    tz = tz or organization_tz()
    grouped = score_counts(metric, start, end, by=bucket, tz=tz, **filters)
    return [
        TrendPoint(first, scoring.summarize(metric, grouped.get(first, {})))
        for first in buckets(start, end, bucket, tz)
    ]


def change(metric: str, period: Period, before: Period, **filters: Unpack[Filters]) -> ScoreChange | None:
    """The metric of a period less that of an earlier one; None where it cannot be told.

    For independent answers: the periods must not overlap. One query for both.
    """
    (start, end), (start0, end0) = period, before
    if start < end0 and start0 < end:
        raise ValueError("The two periods overlap, so their answers are not independent.")
    within = Q(answered_at__gte=start, answered_at__lt=end)
    earlier = Q(answered_at__gte=start0, answered_at__lt=end0)
    rows = (
        counting(metric, min(start, start0), max(end, end0), **filters)
        .filter(within | earlier)
        .values_list("value")
        .annotate(now=Count("id", filter=within), before=Count("id", filter=earlier))
        .order_by()
    )
    now: dict[float, int] = {}
    then: dict[float, int] = {}
    for value, now_n, then_n in rows:
        now[value], then[value] = now_n, then_n
    return scoring.difference(metric, now, then)


@dataclass(frozen=True, slots=True)
class Rate:
    """A share from 0 to 1 with Wilson's 95 % interval; None where n is 0."""

    value: float | None
    low: float | None
    high: float | None
    n: int
    answered: int = 0


#: Younger invitations are not judged yet: their answers are still coming in.
RIPE = timedelta(days=7)


def response_rate(
    start: datetime,
    end: datetime,
    *,
    metric: str | None = None,
    kind: str | None = None,
    survey: UUID | None = None,
    channel: str | None = None,
    now: datetime | None = None,
) -> Rate:
    """Answered ÷ delivered invitations sent in the period and at least 7 days old. One query.

    Args:
        metric: only surveys that any counted answer to this metric came from.
        kind: only surveys of this kind ("relationship", "transactional").

    An invitation counts as delivered unless it bounced; customers who were not asked are in neither number.
    """
    ripe = min(end, (now or timezone.now()) - RIPE)
    invitations = Invitation.objects.filter(sent_at__gte=start, sent_at__lt=ripe).exclude(
        status__in=[Invitation.Status.BOUNCED, Invitation.Status.NOT_ASKED]
    )
    if metric is not None:
        invitations = invitations.filter(survey__in=Score.objects.filter(metric=metric).values("survey"))
    if kind is not None:
        invitations = invitations.filter(survey__kind=kind)
    if survey is not None:
        invitations = invitations.filter(survey=survey)
    if channel is not None:
        invitations = invitations.filter(channel=channel)
    found = invitations.aggregate(n=Count("id"), answered=Count("id", filter=Q(answered_at__isnull=False)))
    if not found["n"]:
        return Rate(None, None, None, 0)
    return Rate(*intervals.share(found["answered"], found["n"]), found["n"], found["answered"])


def organization_tz() -> tzinfo:
    return Organization.objects.only("time_zone").get(pk=current_organization_id()).tz


def buckets(start: datetime, end: datetime, bucket: Bucket, tz: tzinfo) -> Iterator[date]:
    """The first day of every bucket that [start, end) touches."""
    last = (end - timedelta(microseconds=1)).astimezone(tz).date()
    first = start.astimezone(tz).date()
    if bucket == "week":
        first -= timedelta(days=first.weekday())
    elif bucket == "month":
        first = first.replace(day=1)
    while first <= last:
        yield first
        if bucket == "month":
            first = (first + timedelta(days=32)).replace(day=1)
        else:
            first += timedelta(days=7 if bucket == "week" else 1)
