"""How good the measure itself is, by Hayes' criteria: the shape, and the way to its computing."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from analytics.studies.interval import Interval

if TYPE_CHECKING:
    import pandas as pd

    from analytics.studies.settings import Settings

    from .associations import Associations

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
    """The scorecard of the attitude. left_out: scale → why it has no alpha."""

    criteria: list[Criterion]
    scales: list[Scale] = field(default_factory=list)
    units: Units | None = None
    left_out: dict[str, str] = field(default_factory=dict)


def compute(
    frame: "pd.DataFrame",
    items: "pd.DataFrame | None",
    settings: "Settings",
    associations: "Associations | None",
    progress: Callable[[float, str], None] = lambda share, words: None,
) -> Quality:
    """The scorecard of a study's attitude; what was not measured is "unknown".

    Args:
        frame: the study's own.
        items: as `analytics.frames.items` builds it.
        associations: the run's; without them validity is told by the study's own outcome, as observed.
    """
    from . import scorecard  # pages read the shape and need not load what computes it

    return scorecard.quality(frame, items, settings, associations, progress)
