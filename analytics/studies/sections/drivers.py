"""What goes with the overall answer among the items answered with it: the shape, and the way to its computing."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from analytics.studies.interval import Interval

if TYPE_CHECKING:
    import pandas as pd

    from analytics.studies.settings import Settings

Quadrant = Literal["matters_badly", "matters_well", "less_badly", "less_well"]


@dataclass(frozen=True, slots=True)
class Driver:
    """One item.

    importance: its share of R² with a bootstrap interval. coefficient, p: least squares with HC3 errors, in
    points of the overall answer a point of the item; significant: p < .05 of that. performance: the share of
    answers at the item's two best steps (Wilson), of n answers. clear: importance and performance are both
    clear of the items' means.
    """

    metric: str
    label: str
    importance: Interval
    coefficient: Interval
    p: float
    significant: bool
    performance: Interval
    n: int
    quadrant: Quadrant
    clear: bool


@dataclass(frozen=True, slots=True)
class DriverMap:
    """Items by importance, on n complete answers of `answers` (those who answered any of the items).

    lost: answers less n. method: "shapley" (LMG), or "relative_weights" (Johnson) above twelve items. left_out:
    item → why it is no part. Same-moment ratings share a halo. `why` where there is no figure.
    """

    drivers: list[Driver]
    answers: int
    n: int
    lost: int
    method: str = "shapley"
    r_squared: Interval | None = None
    mean_importance: float | None = None
    mean_performance: float | None = None
    draws: int = 0
    left_out: dict[str, str] = field(default_factory=dict)
    why: str = ""


def compute(
    items: "pd.DataFrame",
    settings: "Settings",
    progress: Callable[[float, str], None] = lambda share, words: None,
) -> DriverMap:
    """The drivers of one attitude; data that cannot answer are a map with `why`.

    Args:
        items: as `analytics.frames.items` builds it, with its attributes (`frames.parts.read`).
    """
    from . import importance  # pages read the shape and need not load what computes it

    return importance.drivers(items, settings, progress)
