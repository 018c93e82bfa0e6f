"""What a constituency run answers: a documented, JSON-serialisable result, schema version 1.

A row is a unit (team) in one period; **n is the number of units**, never of answers. Every number is finite;
what could not be computed is None, with the reason in words in `why`. `Run.result` holds these classes as
JSON and "findings" (`told.Findings`).

`facts.unit`: the customers' score as in `feedback.scoring`: "share" (CSAT, 0 to 1), "scale" (CES), "points" (NPS).
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
    """What went in.

    units: n. unit_periods: rows. placebo_units: units with at least one row that has a placebo.
    employee_answers, customer_answers: counts behind the rows. period: "month" or "quarter"; when: "same" (customers
    after the unit's last employee answer of that period) or "next" (customers of the whole next period).
    minimum_n: fewest units; minimum_employees: answers below which a unit's period is suppressed;
    minimum_customers: answers below which its customers' score is not used.
    """

    predictor: str
    predictor_label: str
    outcome: str
    outcome_label: str
    unit: Literal["share", "scale", "points"]
    direction: int
    model: str
    period: Literal["month", "quarter"]
    when: Literal["same", "next"]
    units: int
    unit_periods: int
    placebo_units: int
    placebo_unit_periods: int
    employee_answers: int
    customer_answers: int
    first_period: str | None
    last_period: str | None
    as_of: str
    tests: int
    declared: int
    minimum_n: int
    minimum_employees: int
    minimum_customers: int
    level: float
    seed: int
    draws: int = 0
    currency: str | None = None
    controls: list[ControlUse] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit over its periods: means of its rows, weighted alike. `employees`, `customers`: answers behind them.

    For the picture: a point a unit. Intervals are of the answers in its periods, not of what it may be like in others.
    """

    unit: str
    name: str
    region: str
    periods: int
    employees: int
    customers: int
    predictor: float
    outcome: float
    predictor_interval: Interval | None
    outcome_interval: Interval | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """ICC(1): reliability of one person's answer as a measure of its unit in one period; ICC(2): of the unit's
    mean. `cells` unit-periods, `n` answers, `size` mean answers a cell; p of no difference between cells."""

    who: Literal["employees", "customers"]
    icc1: float
    icc2: float
    cells: int
    n: int
    size: float
    p: float


@dataclass(frozen=True, slots=True)
class Link:
    """Customers' score by employees' score, adjusted.

    after: change of the customers' score (outcome's unit) for one point more of the employees' score; p, q by
    cluster jackknife over units, t with units − 1 degrees of freedom. before: the placebo, the unit's
    previous customers' score. link_sd: after, per standard deviation of the employees' score in standard deviations
    of its outcome, on the rows that have a placebo; placebo_sd likewise; difference_sd: sign(link) × (link − placebo).
    spread: standard deviation of the employees' score over rows, so that `after` × spread is a usual difference.
    """

    after: Interval
    p: float
    q: float
    reading: Reading
    spread: float
    before: Interval | None = None
    before_p: float | None = None
    link_sd: Interval | None = None
    placebo_sd: Interval | None = None
    difference_sd: Interval | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """The adjusted line over the picture: mean outcome at employees' score x, all else at its mean."""

    x: float
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Too few units; those with too few answering employees are in the run's ledger, and nowhere else."""

    noun: str
    n: int
    asked: int
    missing: int
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """schema: version of this shape. `why`: in words why there is no figure, placebo, association or agreement.

    `link` and `placebo` are the whiskers, in standard deviations ("sd"); `slope` holds the tests and the
    outcome's own unit.
    """

    facts: Facts
    reading: Reading
    slope: Link | None = None
    line: list[Line] = field(default_factory=list)
    units: list[UnitRow] = field(default_factory=list)
    agreement: list[Agreement] = field(default_factory=list)
    association: Association | None = None
    placebo_association: Association | None = None
    link: Figure | None = None
    placebo: Figure | None = None
    link_sd: float | None = None
    shortfalls: list[Shortfall] = field(default_factory=list)
    why: dict[str, str] = field(default_factory=dict)
    kind: Literal["constituency"] = "constituency"
    schema: int = SCHEMA_VERSION

    @classmethod
    def of(cls, stored: Union["Result", Mapping[str, Any]]) -> "Result":
        """A result from what a run stores; a result stays what it is."""
        return stored if isinstance(stored, Result) else msgspec.convert(stored, cls)

    def to_json(self) -> dict[str, Any]:
        found = plain(asdict(self))
        assert isinstance(found, dict)
        return found
