"""The headline figures of the overview: one query each, for both periods, the weeks and the distribution."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, DateField, F, Q
from django.db.models.functions import TruncDay

from analytics.stats.intervals import nps_difference
from crm.models import Case, Touchpoint
from dashboards.charts import MEAN, SCORE, SHARE, Estimate, Spark, Unit
from dashboards.filters import Filters, Span
from feedback import intervals, scoring
from feedback.metrics import family, label
from feedback.models import Invitation
from feedback.selectors import RIPE, score_counts

from .verdicts import Change

METRICS = ("nps", "csat", "ces")
_UNITS: dict[str, Unit] = {"points": SCORE, "share": SHARE, "scale": MEAN}
_NOTES = {"nps": "Would recommend, 0–10", "csat": "4 or 5 of 5", "ces": "Mean, 1–7; higher is easier"}
WEEK = timedelta(days=7)

Daily = Mapping[date, Mapping[float, int]]


@dataclass(frozen=True, slots=True)
class Headline:
    """One row of the ledger. `estimate` and `change` are None below the organization's minimum n."""

    key: str
    name: str
    note: str
    unit: Unit
    estimate: Estimate | None
    before: Estimate | None
    change: Change | None
    spark: Spark
    n: int
    counts: Mapping[float, int]
    #: Counts by day over both periods, for pictures.
    daily: Daily


def headlines(filters: Filters, minimum_n: int) -> list[Headline]:
    """NPS, CSAT, CES, response rate and cases closed in time. Their changes are one family of tests."""
    narrowing = score_filters(filters)
    rows = [_score(metric, filters.span, minimum_n, narrowing) for metric in METRICS]
    rows.append(_response_rate(filters, minimum_n))
    rows.append(_closed_in_time(filters, minimum_n))
    return rows


def score_filters(filters: Filters) -> dict[str, Any]:
    """The bar's restrictions as the scores know them."""
    found: dict[str, Any] = {}
    if filters.segment:
        found["segment"] = filters.segment
    if filters.channel:
        found["channel"] = filters.channel
    if filters.touchpoint:
        found["touchpoint"] = list(
            Touchpoint.objects.filter(key=filters.touchpoint).values_list("pk", flat=True)
        )
    return found


def within(daily: Daily, span: Span) -> dict[float, int]:
    """The counts of a span, added up from days."""
    total: dict[float, int] = {}
    for offset in range(span.days):
        for value, count in daily.get(span.first + timedelta(days=offset), {}).items():
            total[value] = total.get(value, 0) + count
    return total


def weeks(span: Span) -> list[Span]:
    """Whole weeks counted back from the span's last day, so that the last one is never cut short."""
    found = []
    last = span.last
    while last - WEEK + timedelta(days=1) >= span.first:
        found.append(Span(last - WEEK + timedelta(days=1), last, span.zone))
        last -= WEEK
    return found[::-1]


def summarized(metric: str, counts: Mapping[float, int], minimum_n: int) -> Estimate | None:
    """The one engine's figure as a page shows it: with interval and n, or nothing."""
    summary = scoring.summarize(metric, counts)
    if summary.n < minimum_n or summary.value is None or summary.low is None or summary.high is None:
        return None
    return Estimate(summary.value, summary.low, summary.high, summary.n)


def _score(metric: str, span: Span, minimum_n: int, narrowing: Mapping[str, Any]) -> Headline:
    # A single query feeds every figure of a metric: both periods, the weeks, the distribution.
    daily: Daily = score_counts(metric, span.before().start, span.end, by="day", tz=span.zone, **narrowing)
    now, before = within(daily, span), within(daily, span.before())
    estimate, earlier = summarized(metric, now, minimum_n), summarized(metric, before, minimum_n)
    unit = _UNITS[family(metric).unit]
    change = None
    if estimate and earlier and (found := scoring.difference(metric, now, before)):
        difference = Estimate(found.value, found.low, found.high, found.n)
        change = Change(difference, found.p, unit)
    parts = weeks(span)
    spark = Spark(
        f"{label(metric)} by week",
        tuple(week.first for week in parts),
        tuple(summarized(metric, within(daily, week), minimum_n) for week in parts),
        unit,
    )
    return Headline(
        metric,
        label(metric),
        _NOTES[metric],
        unit,
        estimate,
        earlier,
        change,
        spark,
        sum(now.values()),
        now,
        daily,
    )


def _response_rate(filters: Filters, minimum_n: int) -> Headline:
    """Answered ÷ delivered invitations sent in the period and at least seven days old."""
    span = filters.span
    sent = Invitation.objects.filter(sent_at__gte=span.before().start, sent_at__lt=span.end - RIPE).exclude(
        status__in=[Invitation.Status.BOUNCED, Invitation.Status.NOT_ASKED]
    )
    if filters.segment:
        sent = sent.filter(customer__segment=filters.segment)
    if filters.channel:
        sent = sent.filter(channel=filters.channel)
    if filters.touchpoint:
        sent = sent.filter(interaction__touchpoint__key=filters.touchpoint)
    daily = _daily(sent, "sent_at", Q(answered_at__isnull=False), span)
    # Both periods lose their last seven days: those invitations are still being answered.
    ripe = Span(span.first, span.last - RIPE, span.zone) if span.days > RIPE.days else span
    before = span.before()
    ripe_before = Span(before.first, before.last - RIPE, span.zone) if span.days > RIPE.days else before
    n = sum(within(daily, ripe).values())
    return _share(
        "response", "Response rate", f"Answered of {n:,} asked", daily, ripe, ripe_before, minimum_n
    )


def _closed_in_time(filters: Filters, minimum_n: int) -> Headline:
    """Closed within target ÷ closed."""
    span = filters.span
    closed = Case.objects.filter(closed_at__gte=span.before().start, closed_at__lt=span.end)
    if filters.segment:
        closed = closed.filter(customer__segment=filters.segment)
    daily = _daily(closed, "closed_at", Q(closed_at__lte=F("due_at")), span)
    return _share("sla", "Cases closed in time", "Within SLA", daily, span, span.before(), minimum_n)


def _daily(rows: Any, moment: str, success: Q, span: Span) -> Daily:
    """{day: {1: successes, 0: the others}}; one query."""
    days = (
        rows.annotate(day=TruncDay(moment, tzinfo=span.zone, output_field=DateField()))
        .values_list("day")
        .annotate(n=Count("id"), yes=Count("id", filter=success))
        .order_by()
    )
    return {day: {1.0: yes, 0.0: n - yes} for day, n, yes in days}


def _proportion(counts: Mapping[float, int], minimum_n: int) -> Estimate | None:
    n = sum(counts.values())
    if n < minimum_n:
        return None
    value, low, high = intervals.share(counts.get(1.0, 0), n)
    assert value is not None
    assert low is not None
    assert high is not None
    return Estimate(value, low, high, n)


def _share(
    key: str, name: str, note: str, daily: Daily, span: Span, before: Span, minimum_n: int
) -> Headline:
    now, then = within(daily, span), within(daily, before)
    estimate, earlier = _proportion(now, minimum_n), _proportion(then, minimum_n)
    parts = weeks(span)
    spark = Spark(
        f"{name} by week",
        tuple(week.first for week in parts),
        tuple(_proportion(within(daily, week), minimum_n) for week in parts),
        SHARE,
    )
    change = _share_change(now, then) if estimate and earlier else None
    return Headline(key, name, note, SHARE, estimate, earlier, change, spark, sum(now.values()), now, daily)


def _share_change(now: Mapping[float, int], then: Mapping[float, int]) -> Change | None:
    """Unpooled difference of two shares: an NPS without detractors is 100 × a share, variance and all."""
    first, second = ((counts.get(1.0, 0), counts.get(0.0, 0), 0) for counts in (now, then))
    if _constant(first) and _constant(second):
        return None
    found = nps_difference(first, second)
    difference = Estimate(found.value / 100, found.low / 100, found.high / 100)
    return Change(difference, found.p, SHARE)


def _constant(counts: Iterable[float]) -> bool:
    return sum(1 for count in counts if count) < 2
