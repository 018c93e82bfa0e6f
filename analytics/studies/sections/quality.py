"""How good the measure itself is, by Hayes' criteria: the shape."""

from dataclasses import dataclass, field
from typing import Literal

from analytics.studies.interval import Interval

Verdict = Literal["good", "fair", "low", "unknown"]


@dataclass(frozen=True, slots=True)
class Scale:
    """Cronbach's alpha (raw, Feldt interval) of the items of one matrix, on n complete answers. verdict: good
    from .80, fair from .70, else low; by the value, with its interval beside."""

    name: str
    label: str
    items: list[str]
    n: int
    alpha: Interval
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Units:
    """Whether the answers tell units (touchpoints) apart: ICC(1) of one answer, ICC(2) of a unit's mean."""

    icc1: float
    icc2: float
    groups: int
    n: int
    p: float


@dataclass(frozen=True, slots=True)
class Criterion:
    """One of definition, reliability, validity, usefulness: a verdict and the sentence behind it."""

    key: str
    label: str
    verdict: Verdict
    words: str


@dataclass(frozen=True, slots=True)
class Quality:
    """The scorecard of the attitude."""

    criteria: list[Criterion]
    scales: list[Scale] = field(default_factory=list)
    units: Units | None = None
