"""Time from the answer to what comes next: the shape, and the way to its computing."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from analytics.studies.interval import Interval

if TYPE_CHECKING:
    import pandas as pd

    from analytics.studies.settings import Settings


@dataclass(frozen=True, slots=True)
class Step:
    """From `day` on, the share for whom it has not come yet, with its interval (None where it has none)."""

    day: float
    share: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class BandCurve:
    """Kaplan–Meier of one band. at_risk: (day, customers still followed for whom it has not come). median: days
    until it came for half, None where that is not reached. until: the last day that is shown, to which ten of the band
    were followed. No steps where there are too few to show."""

    band: str
    noun: str
    n: int
    events: int
    steps: list[Step]
    at_risk: list[tuple[float, int]]
    median: float | None
    median_low: float | None
    median_high: float | None
    until: float | None = None


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
    """Days from the answer (the landmark) to what `outcome` names, in begun days, censored at the as-of moment.

    nonresponders: those whose first invitation got no answer, from that invitation; shown, in no test.
    ph_violated: the global test of proportional hazards, or that of a band, has p < .05. `why` where a test or a
    curve is missing.
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
    outcome: str = "days_to_next_order"


def compute(
    returning: "pd.DataFrame",
    asked: "pd.DataFrame | None",
    settings: "Settings",
    progress: Callable[[float, str], None] = lambda share, words: None,
) -> Survival:
    """Curves, log-rank and Cox regression of one attitude; data that cannot answer are said in `why`.

    Args:
        returning: as `analytics.frames.financial` builds it with `returning`.
        asked: as `analytics.frames.asked` builds it; None where nobody was asked by invitation.
    """
    from . import waiting  # pages read the shape and need not load what computes it

    return waiting.survival(returning, asked, settings, progress)
