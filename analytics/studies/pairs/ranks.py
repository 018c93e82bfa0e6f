"""Spearman's ρ of two columns given others, with what every customer adds to it.

ρ is the correlation of what least squares on the controls' ranks leaves of both columns' ranks, as
`stats.association.partial_correlation` has it. Its uncertainty is the infinitesimal jackknife: the derivative of ρ by
the weight of each customer, Jaeckel (1972), "The infinitesimal jackknife", Bell Laboratories MM 72-1215-11; Efron
(1982), "The Jackknife, the Bootstrap and Other Resampling Plans", chapter 6. It is what the bootstrap converges to
when the draws are many, without the noise of drawing, and a few sums instead of hundreds of resampled frames. A
customer has one row in a frame, so rows are the clusters.

A customer's weight enters twice: directly, û_x û_y − ρ(û_x² + û_y²)/2 with the residuals û scaled to length 1, and by
moving everybody's ranks, of the controls too. With g_k the derivative of ρ by the k-th rank of a column, the second
part of row i is Σ g_k over the rows ranked above i plus half of those tied with it. For the columns themselves g is
(û_y − ρ û_x)/|e_x| and its mirror image, for a control −β_x g_x − β_y g_y.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from analytics.studies.design import FloatArray, independent
from analytics.studies.interval import Interval

IntArray = NDArray[np.int32]
#: A residual whose variance is a smaller share of its column's than this is none.
_NOTHING = 1e-10


def codes(values: FloatArray) -> IntArray:
    """Which distinct value each row has, in ascending order: all that ranks need."""
    return np.unique(values, return_inverse=True)[1].astype(np.int32)


def ranks(column: IntArray) -> FloatArray:
    """Mid-ranks less their mean."""
    counts = np.bincount(column)
    middle = np.cumsum(counts) - (counts - 1) / 2
    return np.asarray(middle[column] - (len(column) + 1) / 2, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Rho:
    """value, and its derivative by each row's weight; k: controls held fixed."""

    value: float
    influence: FloatArray
    k: int

    @property
    def n(self) -> int:
        return len(self.influence)

    def interval(self, level: float) -> tuple[Interval, float]:
        """On Fisher's scale, with its two-sided p, by Student's t."""
        scale = 1.0 - self.value**2
        se, df = _error(self.influence / scale, self.k)
        middle, reach = math.atanh(self.value), float(special.stdtrit(df, 0.5 + level / 2)) * se
        p = float(2 * special.stdtr(df, -abs(middle / se)))
        return Interval(self.value, math.tanh(middle - reach), math.tanh(middle + reach)), p

    def less(self, other: "Rho", sign: float, level: float) -> Interval:
        """sign × (this − other), both of the same rows."""
        value = sign * (self.value - other.value)
        se, df = _error(self.influence - other.influence, max(self.k, other.k))
        reach = float(special.stdtrit(df, 0.5 + level / 2)) * se
        return Interval(value, value - reach, value + reach)


def _error(influence: FloatArray, k: int) -> tuple[float, float]:
    """Standard error and degrees of freedom. n/(n − 3 − k) as Fisher's scale has it for k columns held fixed."""
    n = len(influence)
    free = max(1.0, n - 3.0 - k)
    return math.sqrt(float(influence @ influence) * n / free), max(1.0, n - 2.0 - k)


def spearman(x: IntArray, y: IntArray, controls: Sequence[IntArray] = ()) -> Rho | None:
    """Of two columns (as `codes`) given others; None where either is decided by the controls, or by the other."""
    table = [ranks(column) for column in controls]
    kept = independent([], table)
    basis = np.column_stack([table[j] for j in kept]) if kept else np.empty((len(x), 0))
    left, slopes = [], []
    for column in (ranks(x), ranks(y)):
        slope = np.linalg.lstsq(basis, column, rcond=None)[0] if kept else np.empty(0)
        rest = column - basis @ slope
        if float(rest @ rest) <= _NOTHING * max(1.0, float(column @ column)):
            return None
        left.append(rest)
        slopes.append(slope)
    sizes = [math.sqrt(float(rest @ rest)) for rest in left]
    u, v = left[0] / sizes[0], left[1] / sizes[1]
    rho = float(u @ v)
    if 1.0 - abs(rho) < 1e-12:
        return None
    influence = u * v - rho / 2 * (u**2 + v**2)
    by_x, by_y = (v - rho * u) / sizes[0], (u - rho * v) / sizes[1]
    influence += _moved(x, by_x) + _moved(y, by_y)
    for place, j in enumerate(kept):
        influence += _moved(controls[j], -slopes[0][place] * by_x - slopes[1][place] * by_y)
    return Rho(rho, np.asarray(influence, dtype=np.float64), len(kept))


def _moved(column: IntArray, gradient: FloatArray) -> FloatArray:
    """By each row: what its weight does to ρ through the ranks of the others in this column."""
    sums = np.bincount(column, weights=gradient)
    above = sums.sum() - np.cumsum(sums)
    return np.asarray((above + sums / 2)[column], dtype=np.float64)
