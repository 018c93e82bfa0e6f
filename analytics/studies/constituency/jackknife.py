"""Figures with the error of few clusters: each is computed again without one unit at a time.

CV3, V = (G − 1)/G · Σ (θ₋g − θ)², with t of G − 1 degrees of freedom: Bell & McCaffrey (2002), Survey Methodology 28,
169–181; MacKinnon, Nielsen & Webb (2023), "Cluster-robust inference: a guide to empirical practice", Journal of
Econometrics 232, 272–299, who recommend it where clusters are few. Whole figures are recomputed, standard
deviations and all, so that link and placebo are differenced on the same units each time.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import special

from analytics.studies.clusters import IntArray
from analytics.studies.design import FloatArray
from analytics.studies.results import Interval


@dataclass(frozen=True, slots=True)
class Jackknifed:
    """Figures, their covariance, and Student's degrees of freedom."""

    values: FloatArray
    covariance: FloatArray
    df: float

    def interval(self, weights: FloatArray, level: float) -> tuple[Interval, float]:
        """Of a weighted sum of the figures, with its two-sided p."""
        value = float(weights @ self.values)
        se = float(np.sqrt(max(0.0, float(weights @ self.covariance @ weights))))
        if se == 0.0:
            return Interval(value, value, value), 1.0
        reach = float(special.stdtrit(self.df, 0.5 + level / 2)) * se
        p = float(2 * special.stdtr(self.df, -abs(value / se)))
        return Interval(value, value - reach, value + reach), p


def jackknife(compute: Callable[[IntArray], FloatArray], unit: IntArray) -> Jackknifed:
    """`compute` takes positions of rows and gives figures; `unit`: each row's cluster, from 0."""
    everything = np.arange(len(unit))
    values = compute(everything)
    count = int(unit.max()) + 1
    left = np.array([compute(everything[unit != one]) for one in range(count)])
    away = left - values
    return Jackknifed(values, (count - 1) / count * away.T @ away, float(count - 1))


def slope(y: FloatArray, x: FloatArray, controls: FloatArray) -> float:
    """Of y on x at the same controls, by least squares; a control that no longer varies takes no part."""
    design = np.column_stack([x, np.ones(len(x)), controls])
    return float(np.linalg.lstsq(design, y, rcond=None)[0][0])
