"""Who was eligible, asked, answered and followed: the shape."""

from dataclasses import dataclass, field

from analytics.studies.interval import Interval


@dataclass(frozen=True, slots=True)
class Stage:
    """The customers who came this far, by what they did in the look-back before their first eligible occasion:
    means a customer, and the share of each segment. None where there is nobody."""

    key: str
    label: str
    customers: int
    revenue: float | None
    orders: float | None
    tenure_days: float | None
    segments: dict[str, float]


@dataclass(frozen=True, slots=True)
class Gap:
    """Those who answered less those who were asked and did not, before the occasion."""

    metric: str
    label: str
    unit: str
    difference: Interval
    p: float


@dataclass(frozen=True, slots=True)
class ResponseTerm:
    """Log odds of answering, from data before the invitation; clustered by customer."""

    name: str
    coefficient: Interval
    p: float


@dataclass(frozen=True, slots=True)
class Weighted:
    """One contrast as the link has it, and weighted to speak for eligible customers; both on the customers
    who have a weight."""

    name: str
    first_noun: str
    second_noun: str
    unweighted: Interval
    weighted: Interval


@dataclass(frozen=True, slots=True)
class Weights:
    """Hájek weights, 1 ÷ (chance of being sampled × modelled chance of answering), over a customer's
    eligible occasions together.

    customers: followed customers with a weight; coverage: their share of those followed. effective: Kish's
    effective number. trimmed: how many weights were cut to `cap` (`cap_rule` times the mean weight).
    """

    customers: int
    coverage: float
    effective: float
    trimmed: int
    cap: float
    cap_rule: float
    largest: float
    terms: list[ResponseTerm]
    differences: list[Weighted]


@dataclass(frozen=True, slots=True)
class NonResponse:
    """The ledger of one attitude's surveys, and the weights it allows (None, with `why`, where it does not).

    occasions: how often anybody was due to be asked; ineligible: reason → occasions.
    """

    occasions: int
    ineligible: dict[str, int]
    stages: list[Stage]
    gaps: list[Gap] = field(default_factory=list)
    weights: Weights | None = None
    why: str = ""
