"""What goes with the overall answer among the items answered with it: the shape."""

from dataclasses import dataclass, field
from typing import Literal

from analytics.studies.interval import Interval

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
    """Items by importance, on n complete answers of `answers`.

    method: "shapley" (LMG), or "relative_weights" (Johnson) above twelve items. left_out: item → why it is
    no part. Same-moment ratings share a halo. `why` where there is no figure.
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
