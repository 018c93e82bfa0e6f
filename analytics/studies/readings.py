"""A link read beside its placebo: six words, each with its rule.

Link and placebo are adjusted effects on the same customers in standard deviations of their own outcome,
differenced draw by draw (analytics.md, "Placebo and reading").
"""

from dataclasses import dataclass

import numpy as np

from .bootstrap import Draws
from .design import FloatArray
from .results import Interval, Reading

#: (name, first band, second band) by position: highest 0, middle 1, lowest 2. The first decides the
#: run's reading.
CONTRASTS = (("highest_lowest", 0, 2), ("highest_middle", 0, 1), ("lowest_middle", 2, 1))
ALPHA = 0.05


@dataclass(frozen=True, slots=True)
class Beside:
    """Link, placebo and sign(link) × (link − placebo), each in standard deviations."""

    link: Interval
    placebo: Interval
    difference: Interval


@dataclass(frozen=True, slots=True)
class Standardised:
    """One model's means (3 bands) in standard deviations of its outcome, and their draws (draws × 3)."""

    means: FloatArray
    draws: FloatArray

    @classmethod
    def of(cls, means: FloatArray, outcome: FloatArray, draws: Draws) -> "Standardised":
        spread = np.where(draws.deviation > 0, draws.deviation, np.inf)
        return cls(means / float(outcome.std()), draws.means / spread[:, None])

    def contrast(self, first: int, second: int) -> tuple[float, FloatArray]:
        return float(self.means[first] - self.means[second]), self.draws[:, first] - self.draws[:, second]


def percentile(value: float, draws: FloatArray, level: float) -> Interval:
    """The draws' percentiles, stretched to hold the value itself."""
    low, high = np.quantile(draws, [0.5 - level / 2, 0.5 + level / 2])
    return Interval(value, min(value, float(low)), max(value, float(high)))


def beside(
    link: Standardised, placebo: Standardised, first: int, second: int, sign: float, level: float
) -> Beside:
    """`sign` is that of the link on all customers."""
    link_value, link_draws = link.contrast(first, second)
    placebo_value, placebo_draws = placebo.contrast(first, second)
    return Beside(
        percentile(link_value, link_draws, level),
        percentile(placebo_value, placebo_draws, level),
        percentile(sign * (link_value - placebo_value), sign * (link_draws - placebo_draws), level),
    )


def read(q: float, sign: float, both: Beside | None) -> Reading:
    """The reading of a link that has enough customers; `both` is None where history is too short for a
    placebo.
    """
    if q >= ALPHA:
        return "noise"
    if both is None:
        return "no_placebo_possible"
    if both.difference.low > 0:
        return "stands"
    placebo = both.placebo
    if sign * placebo.value > 0 and placebo.is_clear_of_zero:
        return "matched_by_placebo"
    return "not_separable_from_placebo"
