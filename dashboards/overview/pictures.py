"""The overview's two pictures: NPS by week against the period before, and its answers by score."""

from dashboards.charts import Distribution, Period, ScoreGroup, Trend, TrendPoint
from dashboards.charts.base import Tone
from dashboards.filters import Span
from feedback.metrics import family
from feedback.scoring import band

from .figures import Headline, summarized, weeks, within

_TONES: dict[int, Tone] = {-1: "detractor", 0: "passive", 1: "promoter"}


def trend(headline: Headline, span: Span, minimum_n: int) -> Trend | None:
    """Weeks of both periods, each with its interval, and the two periods' own figures."""
    if headline.estimate is None:
        return None
    before = span.before()
    points = tuple(
        TrendPoint(week.first, summarized(headline.key, within(headline.daily, week), minimum_n))
        for week in [*weeks(before), *weeks(span)]
    )
    periods = [Period(span.first, span.last, headline.estimate)]
    if headline.before is not None:
        periods.insert(0, Period(before.first, before.last, headline.before))
    return Trend(f"{headline.name} by week", points, tuple(periods), unit=headline.unit)


def trend_title(headline: Headline, span: Span) -> str:
    assert headline.estimate is not None
    now = f"{headline.name} was {headline.estimate.value:.0f} in these {span.days} days".replace("-", "−")
    if headline.before is None:
        return now
    return f"{now}, after {headline.before.value:.0f} in the {span.days} days before".replace("-", "−")


def distribution(headline: Headline) -> Distribution | None:
    """Answers by score, grouped by band."""
    if headline.estimate is None:
        return None
    scale = family(headline.key).scale
    assert scale is not None
    scores = list(range(scale[0], scale[1] + 1))
    groups = tuple(
        ScoreGroup(
            one.label,
            _TONES[one.side],
            tuple(headline.counts.get(float(s), 0) for s in scores if band(headline.key, s) == one.key),
        )
        for one in family(headline.key).bands
    )
    return Distribution(tuple(map(str, scores)), groups)


def distribution_title(headline: Headline) -> str:
    """The share of 9 and 10, as a fraction in words where it is near one."""
    n = sum(headline.counts.values())
    share = sum(count for score, count in headline.counts.items() if score >= 9) / n
    for fraction, words in ((1 / 2, "Half"), (1 / 3, "A third"), (2 / 3, "Two thirds"), (1 / 4, "A quarter")):
        if abs(share - fraction) < 0.015:
            return f"{words} of the answers are 9 or 10"
    return f"{share:.0%} of the answers are 9 or 10"
