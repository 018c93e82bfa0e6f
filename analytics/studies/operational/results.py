"""What an operational run answers: a documented, JSON-serialisable result, schema version 1.

Every number is finite; what could not be computed is None, with the reason in words in `why`. A row is a
contact that was asked about and answered. `Run.result` holds these classes as JSON and "findings"
(`told.Findings`).

The outcome's scale, `facts.unit`: "share" (CSAT: share of satisfied, 0 to 1), "scale" (CES: mean answer),
"points" (NPS, −100 to 100). The measure's, `facts.measure_unit`: "seconds", "days", "count", "share", "plain".
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, Union

import msgspec

from analytics.studies.plain import plain
from analytics.studies.results import Association, ControlUse, Interval, Reading
from analytics.studies.told import Figure

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class Facts:
    """What went in. `verb`: how the outcome's favourable side is told ("were satisfied"), "" for means.

    customers, agents: clusters of the two dimensions; contacts without an agent are a cluster each.
    placebo_contacts: those whose customer had answered the same question before the contact.
    """

    predictor: str
    predictor_label: str
    measure_unit: str
    plural: str
    outcome: str
    outcome_label: str
    unit: Literal["share", "scale", "points"]
    verb: str
    direction: int
    model: str
    contacts: int
    customers: int
    agents: int
    without_agent: int
    placebo_contacts: int
    first_answer: str | None
    last_answer: str | None
    as_of: str
    tests: int
    declared: int
    minimum_n: int
    level: float
    draws: int
    seed: int
    currency: str | None = None
    controls: list[ControlUse] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Bin:
    """Contacts with `low` < measure ≤ `high` (the first bin holds its low end too; None is open).

    `observed` is unadjusted, clustered by customer; None where n is below the study's minimum: then only n is shown.
    """

    low: float | None
    high: float | None
    words: str
    n: int
    observed: Interval | None


@dataclass(frozen=True, slots=True)
class Point:
    """The adjusted mean outcome at one value of the measure, all contacts at their own controls."""

    x: float
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Threshold:
    """A candidate: a round value of the measure, fixed without looking at answers. `t`: how far apart the answers on
    its two sides are, in standard errors; `below` counts measure ≤ value, `above` measure > value."""

    value: float
    words: str
    below: int
    above: int
    t: float


@dataclass(frozen=True, slots=True)
class Curve:
    """method: "spline" (natural cubic; `knots`; values beyond the ends of the curve count as those) or "levels"
    (a mean for each of few values).

    statistic, df, p, q: Wald test that the curve is flat, F where clusters are counted; q within the run's family.
    """

    method: Literal["spline", "levels"]
    knots: list[float]
    points: list[Point]
    bins: list[Bin]
    thresholds: list[Threshold]
    statistic: float
    df: tuple[float, float]
    p: float
    q: float


@dataclass(frozen=True, slots=True)
class Side:
    """Contacts on one side of the threshold. `words`: "waits over 4 minutes" or "shorter ones"."""

    words: str
    n: int
    observed: Interval
    adjusted: Interval


@dataclass(frozen=True, slots=True)
class Contrast:
    """Contacts above the threshold less those below, at the same controls, in the outcome's unit.

    how: "declared" (the study named the threshold) or "searched": the best of `candidates`, all fixed beforehand;
    intervals and p of the link are corrected for that search (see `thresholds`).
    after, p, q: the link on all contacts. before: the placebo, the customer's previous answer. link_sd and
    placebo_sd: both on contacts with a previous answer, in standard deviations of their own outcome;
    difference_sd: sign(link) × (link − placebo).
    """

    threshold: float
    threshold_words: str
    how: Literal["declared", "searched"]
    candidates: int
    above: Side
    below: Side
    after: Interval
    p: float
    q: float
    reading: Reading
    before: Interval | None = None
    before_p: float | None = None
    link_sd: Interval | None = None
    placebo_sd: Interval | None = None
    difference_sd: Interval | None = None


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Contacts on one side below the study's minimum; days: at the pace of this period, None where there is
    none."""

    noun: str
    n: int
    asked: int
    missing: int
    days: int | None


@dataclass(frozen=True, slots=True)
class Result:
    """schema: version of this shape. `why`: in words why there is no figure, placebo or association."""

    facts: Facts
    reading: Reading
    contrast: Contrast | None = None
    curve: Curve | None = None
    association: Association | None = None
    placebo_association: Association | None = None
    link: Figure | None = None
    placebo: Figure | None = None
    link_sd: float | None = None
    shortfalls: list[Shortfall] = field(default_factory=list)
    why: dict[str, str] = field(default_factory=dict)
    kind: Literal["operational"] = "operational"
    schema: int = SCHEMA_VERSION

    @classmethod
    def of(cls, stored: Union["Result", Mapping[str, Any]]) -> "Result":
        """A result from what a run stores; a result stays what it is."""
        return stored if isinstance(stored, Result) else msgspec.convert(stored, cls)

    def to_json(self) -> dict[str, Any]:
        found = plain(asdict(self))
        assert isinstance(found, dict)
        return found
