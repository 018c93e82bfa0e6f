"""The one scoring engine: what NPS, CSAT, CES and ratings are, defined once.

Pages, API, exports, rollups and studies all call it. A metric key is its family, or family and name: "nps",
"csat:delivery", "rating:tidiness"; a key of another shape ("tidiness") is a rating.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, Value, When

from . import intervals
from .metrics import METRICS, Band, Metric, family, label
from .surveys.document import Document
from .surveys.questions import ShortText

__all__ = [
    "METRICS",
    "Band",
    "Counts",
    "Metric",
    "ScoreChange",
    "ScoreSummary",
    "ScoredAnswer",
    "band",
    "band_case",
    "band_sql",
    "banded",
    "difference",
    "family",
    "label",
    "scores_of",
    "side",
    "summarize",
    "verbatims_of",
]

#: So many answers of each value.
Counts = Mapping[float, int]
#: Value, low, high.
Figure = tuple[float | None, float | None, float | None]


@dataclass(frozen=True, slots=True)
class ScoredAnswer:
    metric: str
    question: str
    value: float


def scores_of(document: Document, answers: Mapping[str, Any]) -> list[ScoredAnswer]:
    """The scored answers among clean answers (`Document.validate`), in the survey's order."""
    found = []
    for question_id, metric, _low, _high in document.bound():
        head, _, item = question_id.partition(".")
        value = answers.get(head)
        if item:
            value = value.get(item) if isinstance(value, dict) else None
        if value is not None:
            found.append(ScoredAnswer(metric, question_id, float(value)))
    return found


def verbatims_of(document: Document, answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(question id, text) of what was written in own words."""
    return [
        (question.id, answers[question.id])
        for question in document.questions
        if isinstance(question, ShortText) and answers.get(question.id)
    ]


def band(metric: str, value: float) -> str:
    """ "promoter", "passive", "detractor", "satisfied" …; "" for ratings, which have no bands."""
    return next((one.key for one in family(metric).bands if value <= one.highest), "")


def side(metric: str, value: float) -> int:
    """−1 unfavourable, 0 neither, 1 favourable; 0 for ratings."""
    return next((one.side for one in family(metric).bands if value <= one.highest), 0)


def band_case(metric: str, field: str = "value") -> Case:
    """`band` as an expression for querysets over Score."""
    return Case(
        *(
            When(**{f"{field}__lte": one.highest}, then=Value(one.key))
            for one in family(metric).bands
            if one.highest < math.inf
        ),
        default=Value(next((one.key for one in family(metric).bands if one.highest == math.inf), "")),
        output_field=CharField(),
    )


def band_sql(metric: str, column: str = "value") -> str:
    """`band` as SQL text. Only our own constants go in; `column` must be the programmer's, never a user's."""
    bands = family(metric).bands
    if not bands:
        return "''"
    whens = " ".join(f"WHEN {column} <= {one.highest:g} THEN '{one.key}'" for one in bands[:-1])
    return f"CASE {whens} ELSE '{bands[-1].key}' END"


@dataclass(frozen=True, slots=True)
class ScoreSummary:
    """A figure with its 95 % interval, in the metric's unit. None where there are too few answers for one.

    `mean` stands beside every formula (CSAT shows it); `variance` is that of single answers.
    """

    metric: str
    value: float | None
    low: float | None
    high: float | None
    n: int
    mean: float | None = None
    mean_low: float | None = None
    mean_high: float | None = None
    variance: float | None = None
    bands: Mapping[str, int] | None = None


def summarize(metric: str, counts: Counts) -> ScoreSummary:
    """The metric of so many answers of each value.

    A mean of a single answer has a value but no interval; without any answer everything is None and n is 0.
    """
    n = sum(counts.values())
    if n == 0:
        return ScoreSummary(metric, None, None, None, 0)
    definition = family(metric)
    average = math.fsum(value * count for value, count in counts.items()) / n
    variance: float | None = None
    figure: Figure
    spread: Figure = (average, None, None)
    if n > 1:
        variance = math.fsum(count * (value - average) ** 2 for value, count in counts.items()) / (n - 1)
        spread = intervals.mean(average, variance, n)
    bands = banded(metric, counts)
    if definition.formula == "net":
        down, middle, up = (bands[one.key] for one in definition.bands)
        figure = intervals.nps(up, middle, down)
    elif definition.formula == "share":
        figure = intervals.share(_favourable(metric, counts), n)
    else:
        figure = spread
    value, low, high = figure
    return ScoreSummary(metric, value, low, high, n, *spread, variance=variance, bands=bands or None)


def banded(metric: str, counts: Counts) -> dict[str, int]:
    """Answers in each band, lowest first; {} for ratings."""
    found = {one.key: 0 for one in family(metric).bands}
    if found:
        for value, count in counts.items():
            found[band(metric, value)] += count
    return found


def _favourable(metric: str, counts: Counts) -> int:
    return sum(count for value, count in counts.items() if side(metric, value) > 0)


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """First less second, in the metric's unit, with a 95 % interval and the two-sided p of no difference."""

    metric: str
    value: float
    low: float
    high: float
    p: float
    n: int


def difference(metric: str, now: Counts, before: Counts) -> ScoreChange | None:
    """The change between independent answers, unpooled: Wald for NPS and shares, Welch for means.

    None where it cannot be told: a side without answers (means: fewer than two), or no variation in either.
    """
    first, second = summarize(metric, now), summarize(metric, before)
    if first.value is None or second.value is None:
        return None
    definition = family(metric)
    degrees = math.inf
    if definition.formula == "mean":
        if first.variance is None or second.variance is None:
            return None
        a, b = first.variance / first.n, second.variance / second.n
        if a + b > 0:
            degrees = (a + b) ** 2 / (a**2 / (first.n - 1) + b**2 / (second.n - 1))
    else:
        a, b = _variance(metric, now), _variance(metric, before)
    error = math.sqrt(a + b)
    if error == 0.0:
        return None
    unit, most = {"points": (100.0, 200.0), "share": (1.0, 1.0), "scale": (1.0, math.inf)}[definition.unit]
    value = first.value - second.value
    if degrees == math.inf:
        margin, p = intervals.NORMAL * error * unit, intervals.two_sided(value / (error * unit))
    else:
        margin, p = intervals.t_quantile(degrees) * error, intervals.t_two_sided(value / error, degrees)
    return ScoreChange(
        metric, value, max(-most, value - margin), min(most, value + margin), p, first.n + second.n
    )


def _variance(metric: str, counts: Counts) -> float:
    """Squared standard error of an NPS (in shares, not points) or of a share."""
    n = sum(counts.values())
    if family(metric).formula == "net":
        down, middle, up = banded(metric, counts).values()
        return intervals.net_variance(up, middle, down) / n
    share = _favourable(metric, counts) / n
    return share * (1.0 - share) / n
