"""Spearman's ρ, raw and partial, with the error of rows that belong together.

ρ is the correlation of ranks, or of what a linear model of the controls' ranks leaves of them. To first order,
with z the standardised ranks, row i adds z_x z_y − ρ(z_x² + z_y²)/2 over n to it; ranks are taken as they are. The
interval is made on Fisher's scale: dividing by 1 − ρ².
"""

import math
from collections.abc import Callable

import numpy as np
from scipy import special
from scipy.stats import rankdata

from .design import FloatArray
from .results import Association, Correlation

#: From a figure's influences to (standard error, degrees of freedom).
Error = Callable[[FloatArray], tuple[float, float]]


def both(
    x: FloatArray, y: FloatArray, controls: FloatArray, error: Error, *, level: float, n: int
) -> Association:
    """Raw, and at the same controls."""
    return Association(
        spearman(x, y, None, error, level=level, n=n), spearman(x, y, controls, error, level=level, n=n)
    )


def spearman(
    x: FloatArray, y: FloatArray, controls: FloatArray | None, error: Error, *, level: float, n: int
) -> Correlation | None:
    """None where either does not vary once the controls are held fixed. `n`: what is counted (rows, or units)."""
    pair = [rankdata(x), rankdata(y)]
    basis = np.ones((len(x), 1))
    if controls is not None and controls.shape[1]:
        basis = np.column_stack([basis, *(rankdata(column) for column in controls.T)])
    left = []
    for ranks in pair:
        rest = ranks - basis @ np.linalg.lstsq(basis, ranks, rcond=None)[0]
        size = math.sqrt(float(np.mean(rest**2)))
        if size <= 1e-9 * len(x):
            return None
        left.append(rest / size)
    rho = max(-1.0, min(1.0, float(np.mean(left[0] * left[1]))))
    if 1 - abs(rho) < 1e-12:
        return None
    influence = (left[0] * left[1] - rho * (left[0] ** 2 + left[1] ** 2) / 2) / len(x)
    se, df = error(influence / (1 - rho**2))
    if se == 0.0:
        return None
    z = math.atanh(rho)
    reach = float(special.stdtrit(df, 0.5 + level / 2)) * se
    p = float(2 * special.stdtr(df, -abs(z / se)))
    return Correlation(rho, math.tanh(z - reach), math.tanh(z + reach), p, n)
