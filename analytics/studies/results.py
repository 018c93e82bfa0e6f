"""What a run answers: a documented, JSON-serialisable result.

Money is in the organization's reporting currency, windows in days, means per customer. Every number is
finite; what could not be computed is None, with the reason in words beside it. These classes are the
contract of `Run.result` at schema version 2 (those of version 1 read as well); the run adds "findings",
its sentences (`findings.Findings`).
"""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, TypeAlias, Union

import msgspec

from .interval import READINGS, Interval, Reading
from .sections.associations import Associations
from .sections.drivers import DriverMap
from .sections.nonresponse import NonResponse
from .sections.quality import Quality
from .sections.survival import Survival

__all__ = ["READINGS", "SCHEMA_VERSION", "Interval", "Reading", "Result", "Told"]

#: 2 added the sections beside the link: associations, non-response, survival, drivers, quality.
SCHEMA_VERSION = 2


@dataclass(frozen=True, slots=True)
class BandRow:
    """One band in one window: as observed (mean with Student's t interval, median) and at the same
    controls. Only n where there are too few to show a figure."""

    band: str
    noun: str
    n: int
    mean: float | None
    median: float | None
    low: float | None
    high: float | None
    adjusted: Interval | None = None


@dataclass(frozen=True, slots=True)
class Omnibus:
    """Whether the bands differ at all, unadjusted: Welch's F with ω², or Kruskal's H with ε²."""

    test: str
    statistic: float
    df: tuple[float, float | None]
    p: float
    effect_size: float


@dataclass(frozen=True, slots=True)
class Panel:
    """The bands in the link's window ("after") or the placebo's ("before"), best band first."""

    n: int
    rows: list[BandRow]
    omnibus: Omnibus | None


@dataclass(frozen=True, slots=True)
class Contrast:
    """One band less another at the same controls.

    after, p, q: the link, on all customers. before: the placebo, on those whose history allows it. link_sd
    and placebo_sd: both on those customers, in standard deviations of their own outcome; difference_sd:
    sign(link) × (link − placebo), by bootstrap.
    """

    name: str
    first: str
    second: str
    first_noun: str
    second_noun: str
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
class Correlation:
    coefficient: float
    low: float
    high: float
    p: float
    n: int


@dataclass(frozen=True, slots=True)
class Association:
    """Spearman's ρ of answer and outcome: raw, and partial given the controls (None where it does not
    exist).
    """

    raw: Correlation | None
    partial: Correlation | None


@dataclass(frozen=True, slots=True)
class Worth:
    """If `share` of the lowest band answered as the middle one does: customers × difference a customer.

    customers: share × customers of the lowest band among those eligible (weighted), or among those followed where
    `eligible`, their number, is None. difference: averaged over their own controls. total: both uncertainties
    bootstrapped together. A change of the outcome in one horizon.
    """

    share: float
    customers: float
    difference: Interval
    total: Interval
    unit: str
    currency: str | None
    eligible: int | None = None


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A band below the study's minimum; days: at the pace of this period, None where there is none."""

    band: str
    noun: str
    n: int
    asked: int
    missing: int
    days: int | None


@dataclass(frozen=True, slots=True)
class ControlUse:
    name: str
    label: str
    used: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What went in. Moments are ISO 8601 in UTC; None where nobody was followed."""

    predictor: str
    predictor_label: str
    outcome: str
    outcome_label: str
    unit: str
    currency: str | None
    direction: int
    model: str
    horizon_days: int
    lookback_days: int
    customers: int
    first_answer: str | None
    last_answer: str | None
    as_of: str
    tests: int
    declared: int
    minimum_n: int
    level: float
    draws: int
    seed: int
    lookback_uncovered: int
    placebo_customers: int
    controls: list[ControlUse] = field(default_factory=list)
    #: Whom the figures are about where it is not everybody who was followed: "customers who ordered".
    among: str = ""
    #: Where the answers were cut, in words, where the attitude has no bands of its own.
    binning: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """schema: version of this shape. `why` says in words why there is no figure, placebo or worth."""

    facts: Facts
    reading: Reading
    after: Panel
    before: Panel | None = None
    contrasts: list[Contrast] = field(default_factory=list)
    association: Association | None = None
    placebo_association: Association | None = None
    worth: Worth | None = None
    shortfalls: list[Shortfall] = field(default_factory=list)
    associations: Associations | None = None
    nonresponse: NonResponse | None = None
    survival: Survival | None = None
    drivers: DriverMap | None = None
    quality: Quality | None = None
    why: dict[str, str] = field(default_factory=dict)
    schema: int = SCHEMA_VERSION

    @classmethod
    def of(cls, stored: Union["Result", Mapping[str, Any]]) -> "Result":
        """A result from what a run stores; a result stays what it is."""
        return stored if isinstance(stored, Result) else msgspec.convert(stored, cls)

    def contrast(self, name: str) -> Contrast | None:
        return next((one for one in self.contrasts if one.name == name), None)

    def to_json(self) -> dict[str, Any]:
        """Plain dicts, lists and finite numbers, rounded to ten figures so that a last bit makes no
        difference.
        """
        plain = _plain(asdict(self))
        assert isinstance(plain, dict)
        return plain


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if isinstance(value, float):
        number = float(value)
        return float(f"{number:.10g}") if math.isfinite(number) else None
    return value


#: A result, or the JSON of it that a run stores.
Told: TypeAlias = Result | Mapping[str, Any]
