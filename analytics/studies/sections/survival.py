"""Time from the answer to the next order: the shape."""

from dataclasses import dataclass, field

from analytics.studies.interval import Interval


@dataclass(frozen=True, slots=True)
class Step:
    """From `day` on, the share that has not ordered again, with its interval (None where it has none)."""

    day: float
    share: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class BandCurve:
    """Kaplan–Meier of one band. at_risk: (day, customers still followed without an order). median: days
    until half have ordered, None where it is not reached."""

    band: str
    noun: str
    n: int
    events: int
    steps: list[Step]
    at_risk: list[tuple[float, int]]
    median: float | None
    median_low: float | None
    median_high: float | None


@dataclass(frozen=True, slots=True)
class Hazard:
    """Hazard ratio of one term given the others, against the middle band where it is a band. ph_p: of the
    exact test that the ratio does not change with time."""

    name: str
    label: str
    ratio: Interval
    p: float
    ph_p: float | None


@dataclass(frozen=True, slots=True)
class Survival:
    """Days from the answer (the landmark) to the next order, in begun days, censored at the as-of moment.

    nonresponders: those whose first invitation got no answer, from that invitation; shown, in no test.
    ph_violated: the global test of proportional hazards, or that of a band, has p < .05.
    """

    curves: list[BandCurve]
    nonresponders: BandCurve | None = None
    logrank_statistic: float | None = None
    logrank_p: float | None = None
    hazards: list[Hazard] = field(default_factory=list)
    concordance: float | None = None
    ph_global_p: float | None = None
    ph_violated: bool | None = None
    why: str = ""
