"""How two columns move together, raw and with covariates held fixed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from . import _design
from ._distributions import quantile, two_sided
from ._input import FloatArray, check_choice, check_level, check_same_length, check_varies, frame, numbers

__all__ = ["Association", "correlate", "false_discovery", "partial_correlation"]


@dataclass(frozen=True, slots=True)
class Association:
    """A correlation coefficient from −1 to 1, its interval and two-sided p."""

    coefficient: float
    low: float
    high: float
    p: float
    n: int
    dropped: int = 0
    level: float = 0.95
    method: str = "spearman"
    covariates: int = 0


def correlate(
    x: Any, y: Any, *, method: Literal["spearman", "pearson"] = "spearman", level: float = 0.95
) -> Association:
    """Correlation of two columns of equal length, by ranks (Spearman, mid-ranks for ties) or as they are.

    Interval: tanh(atanh r ± z·se), se = 1/√(n−3) for Pearson (Fisher 1921), √((1 + r²/2)/(n−3)) for
    Spearman (Bonett & Wright 2000, Psychometrika 65, 23–28). p: t = r·√((n−2)/(1−r²)) with n−2 degrees
    of freedom. Raises ValueError on fewer than 4 complete pairs or a column that does not vary.
    """
    check_level(level)
    check_choice(method, "method", ("spearman", "pearson"))
    first, second = numbers(x, "x"), numbers(y, "y")
    rows = check_same_length(x=first, y=second)
    complete = ~(np.isnan(first) | np.isnan(second))
    first, second = first[complete], second[complete]
    if len(first) < 4:
        raise ValueError(f"x, y: a correlation needs at least 4 complete pairs; got {len(first)}")
    for column, name in ((first, "x"), (second, "y")):
        check_varies(column, name)
    if method == "spearman":
        first, second = _ranks(first), _ranks(second)
    return _association(first, second, method, level, covariates=0, dropped=rows - len(first))


def partial_correlation(
    x: Any,
    y: Any,
    covariates: Any,
    *,
    method: Literal["pearson", "spearman"] = "pearson",
    level: float = 0.95,
) -> Association:
    """Correlation of what a linear model of the covariates leaves of ``x`` and of ``y``.

    Covariates: frame, mapping or array; text, categories and booleans are dummy-coded. "spearman" ranks
    x, y and every covariate column first (as R's ppcor does). With k covariate columns n falls to n − k
    in the standard errors of `correlate`, and p has n − 2 − k degrees of freedom.
    Source: Anderson (2003), An Introduction to Multivariate Statistical Analysis, section 4.3.
    Raises ValueError on too few rows, constant or redundant columns, or where covariates leave nothing.
    """
    check_level(level)
    check_choice(method, "method", ("pearson", "spearman"))
    first, second = numbers(x, "x"), numbers(y, "y")
    table = frame(covariates, "covariates")
    if table.shape[1] == 0:
        return correlate(first, second, method=method, level=level)
    rows = check_same_length(x=first, y=second, covariates=table)
    _design.check_present(table, "covariates")
    complete = ~(np.isnan(first) | np.isnan(second) | _design.missing_rows(table))
    first, second, table = first[complete], second[complete], table[complete]
    design, names = _design.fresh(table, "covariates")
    if len(first) < 4 + design.shape[1]:
        raise ValueError(
            f"x, y: a partial correlation given {design.shape[1]} columns needs at least "
            f"{4 + design.shape[1]} complete rows; got {len(first)}"
        )
    for column, name in ((first, "x"), (second, "y")):
        check_varies(column, name)
    if method == "spearman":
        first, second = _ranks(first), _ranks(second)
        design = np.apply_along_axis(_ranks, 0, design)
    _design.check_rank(design, names, "covariates")
    design = design - design.mean(axis=0)
    design = design / np.sqrt((design**2).mean(axis=0))
    basis = np.linalg.qr(design)[0]
    residuals = []
    for column, name in ((first, "x"), (second, "y")):
        centred = column - column.mean()
        residual = centred - basis @ (basis.T @ centred)
        if float(residual @ residual) <= 1e-20 * float(centred @ centred):
            raise ValueError(f"{name}: is a linear function of the covariates; nothing is left of it")
        residuals.append(residual)
    return _association(residuals[0], residuals[1], method, level, design.shape[1], rows - len(first))


def false_discovery(p_values: Any) -> NDArray[np.float64]:
    """Benjamini–Hochberg adjusted p (q) in the order given; NaN stays NaN and is no test of the family.

    q₍ᵢ₎ = min over j ≥ i of m·p₍ⱼ₎/j. Source: Benjamini & Hochberg (1995), JRSS B 57, 289–300.
    Raises ValueError on a p outside 0–1.
    """
    p = numbers(p_values, "p_values")
    tested = np.flatnonzero(~np.isnan(p))
    if ((p[tested] < 0) | (p[tested] > 1)).any():
        raise ValueError("p_values: must lie from 0 to 1")
    q = np.full(len(p), np.nan)
    order = tested[np.argsort(p[tested], kind="stable")]
    scaled = p[order] * len(order) / np.arange(1, len(order) + 1)
    q[order] = np.minimum(1.0, np.minimum.accumulate(scaled[::-1])[::-1])
    return q


def _ranks(values: FloatArray) -> FloatArray:
    from scipy.stats import rankdata

    return np.asarray(rankdata(values), dtype=np.float64)


def _association(
    x: FloatArray, y: FloatArray, method: str, level: float, covariates: int, dropped: int
) -> Association:
    x, y = x - x.mean(), y - y.mean()
    x, y = x / math.sqrt(x @ x), y / math.sqrt(y @ y)
    r = max(-1.0, min(1.0, float(x @ y)))
    if 1.0 - abs(r) < 1e-14:  # atanh is infinite there: a perfect line has no error to estimate
        r = math.copysign(1.0, r)
        return Association(r, r, r, 0.0, len(x), dropped, level, method, covariates)
    df = len(x) - 2 - covariates
    p = two_sided(r * math.sqrt(df / ((1.0 - r) * (1.0 + r))), df)
    inflation = 1.0 + r * r / 2.0 if method == "spearman" else 1.0
    margin = quantile(level) * math.sqrt(inflation / (df - 1))
    low, high = math.tanh(math.atanh(r) - margin), math.tanh(math.atanh(r) + margin)
    return Association(r, low, high, p, len(x), dropped, level, method, covariates)
