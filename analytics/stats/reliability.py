"""How far answers to several items, or of several members of a unit, agree with each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ._distributions import f_quantile, f_tail
from ._input import check_level, check_same_length, check_varies, labels, matrix, numbers
from .results import Estimate

__all__ = ["Estimate", "Intraclass", "cronbach_alpha", "intraclass"]


@dataclass(frozen=True, slots=True)
class Intraclass:
    """``icc1``: reliability of one member's answer; ``icc2``: of the unit's mean. ``groups`` units,
    ``n`` rows, ``size`` mean rows a unit; F = MSB/MSW with its p tests that units do not differ."""

    icc1: float
    icc2: float
    groups: int
    n: int
    size: float
    statistic: float
    p: float
    dropped: int = 0


def cronbach_alpha(items: Any, *, level: float = 0.95) -> Estimate:
    """Raw alpha of respondents × items, on rows where every item was answered; ``n`` is those rows.

    α = k/(k−1)·(1 − Σ var(item)/var(sum)), Cronbach (1951). Interval by Feldt (1965), Psychometrika 30,
    357–370: 1 − (1−α)·F with n−1 and (n−1)(k−1) degrees of freedom. A low alpha is a finding, a negative
    one is possible. Raises ValueError on fewer than two items or complete rows, and on a constant sum.
    """
    check_level(level)
    answers, names = matrix(items, "items")
    if len(names) < 2:
        raise ValueError(f"items: alpha needs at least 2 items; got {len(names)}")
    complete = answers[~np.isnan(answers).any(axis=1)]
    n, k = complete.shape
    if n < 2:
        raise ValueError(f"items: alpha needs at least 2 complete rows; got {n}")
    check_varies(complete.sum(axis=1), "items (their sum)")
    total = float(complete.sum(axis=1).var(ddof=1))
    alpha = k / (k - 1.0) * (1.0 - float(complete.var(axis=0, ddof=1).sum()) / total)
    df1, df2 = n - 1.0, (n - 1.0) * (k - 1.0)
    low = 1.0 - (1.0 - alpha) * f_quantile(0.5 + level / 2.0, df1, df2)
    high = 1.0 - (1.0 - alpha) * f_quantile(0.5 - level / 2.0, df1, df2)
    return Estimate(alpha, low, high, n, len(answers) - n, level)


def intraclass(values: Any, groups: Any) -> Intraclass:
    """ICC(1) and ICC(2) of values by group from a one-way analysis of variance.

    ICC(1) = (MSB − MSW)/(MSB + (m−1)·MSW), ICC(2) = (MSB − MSW)/MSB, m the mean group size where groups
    differ in size. Source: Bartko (1976); Bliese (2000), as R's multilevel computes them. Both can fall
    below 0. Raises ValueError on fewer than two groups, groups of one row only, or constant values.
    """
    x = numbers(values, "values")
    codes, _ = labels(groups, "groups")
    rows = check_same_length(values=x, groups=codes)
    kept = ~np.isnan(x) & (codes >= 0)
    x, codes = x[kept], np.unique(codes[kept], return_inverse=True)[1]
    n, count = len(x), int(codes.max(initial=-1)) + 1
    if count < 2:
        raise ValueError(f"groups: at least 2 groups with values are needed; got {count}")
    if n == count:
        raise ValueError("groups: every group has a single row, so agreement within them is unknown")
    check_varies(x, "values")
    x = x - x.mean()  # the figures do not depend on the origin, their rounding does
    sizes = np.bincount(codes).astype(float)
    means = np.bincount(codes, weights=x) / sizes
    within = float(((x - means[codes]) ** 2).sum()) / (n - count)
    between = float(sizes @ means**2) / (count - 1)
    if between <= 1e-24 * within:
        raise ValueError("values: the groups' means are all equal, so ICC(2) does not exist")
    size = n / count
    statistic = between / within if within > 0 else float("inf")
    return Intraclass(
        icc1=(between - within) / (between + (size - 1.0) * within),
        icc2=(between - within) / between,
        groups=count,
        n=n,
        size=size,
        statistic=statistic,
        p=f_tail(statistic, count - 1, n - count),
        dropped=rows - n,
    )
