"""Quantiles and tail areas by ``scipy.special``: the same figures as scipy.stats at a fifth of its import."""

from __future__ import annotations

import math

from scipy import special


def quantile(level: float, df: float | None = None) -> float:
    """Two-sided critical value: the normal one, or Student's t with ``df`` degrees of freedom."""
    upper = 0.5 + level / 2.0
    if df is None or math.isinf(df):
        return float(special.ndtri(upper))
    return float(special.stdtrit(df, upper))


def two_sided(statistic: float, df: float | None = None) -> float:
    """Two-sided p of a z (``df`` None) or t statistic."""
    if df is None or math.isinf(df):
        return float(min(1.0, 2.0 * special.ndtr(-abs(statistic))))
    return float(min(1.0, 2.0 * special.stdtr(df, -abs(statistic))))


def chi_square_tail(statistic: float, df: float) -> float:
    return float(special.chdtrc(df, statistic))


def f_tail(statistic: float, df1: float, df2: float) -> float:
    return float(special.fdtrc(df1, df2, statistic))


def f_quantile(probability: float, df1: float, df2: float) -> float:
    return float(special.fdtri(df1, df2, probability))
