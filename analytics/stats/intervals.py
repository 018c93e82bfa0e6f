"""Single figures with their intervals: NPS, shares, means and weighted scores."""

from __future__ import annotations

import math
from typing import Any, Literal, TypeAlias

import numpy as np

from ._distributions import quantile, two_sided
from ._input import FloatArray, check_choice, check_level, check_same_length, numbers, scalar
from .results import Difference, Estimate

__all__ = ["Difference", "Estimate", "mean", "nps", "nps_difference", "proportion", "weighted_score"]

Counts: TypeAlias = tuple[float, float, float]


def nps(
    promoters: float,
    passives: float,
    detractors: float,
    *,
    level: float = 0.95,
    method: Literal["adjusted-wald", "wald"] = "adjusted-wald",
) -> Estimate:
    """Net Promoter Score of three counts, in points from −100 to 100; ``n`` is their sum.

    value = 100·(promoters − detractors)/n, always as observed. The interval is
    estimate ± z·√(p₊ + p₋ − (p₊ − p₋)²)/√n, in which the adjusted-Wald method first adds ¾ promoter,
    1½ passives and ¾ detractor (for the interval only). It is clipped to ±100, and stretched to hold the
    observed value where the added answers would push it out (a single answer).

    Source: Rocks (2016), Interval estimation for the "Net Promoter Score", The American Statistician
    70(4), 365–372; named "adjusted-Wald" by Sauro & Lewis.
    Raises ValueError on negative or infinite counts and where all three are 0.
    """
    check_level(level)
    check_choice(method, "method", ("adjusted-wald", "wald"))
    counts = _nps_counts((promoters, passives, detractors), ("promoters", "passives", "detractors"))
    return _nps_estimate(counts, level, adjust=method == "adjusted-wald", dropped=0)


def nps_difference(a: Counts, b: Counts, *, level: float = 0.95) -> Difference:
    """Score of ``a`` less score of ``b``, each (promoters, passives, detractors), in points −200 to 200.

    Unpooled Wald for independent answers: se² is the sum of both groups' (p₊ + p₋ − (p₊ − p₋)²)/n, the
    statistic is value/se against the standard normal. Source: Rocks (2016), section 2.
    Raises ValueError naming ``a`` or ``b`` on impossible counts, and where neither group varies.
    """
    check_level(level)
    first, second = (_nps_counts(c, (name,) * 3) for c, name in ((a, "a"), (b, "b")))
    value = _net(first) - _net(second)
    se = math.sqrt(_net_variance(first) / sum(first) + _net_variance(second) / sum(second))
    if se == 0.0:
        raise ValueError("a, b: everyone in each group gave one kind of answer; no error can be estimated")
    margin = quantile(level) * se
    statistic = value / se
    return Difference(
        value=100.0 * value,
        low=100.0 * max(-2.0, value - margin),
        high=100.0 * min(2.0, value + margin),
        statistic=statistic,
        p=two_sided(statistic),
        n=sum(first) + sum(second),
        level=level,
    )


def proportion(successes: float, n: float, *, level: float = 0.95) -> Estimate:
    """Share of successes with Wilson's score interval, from 0 to 1.

    Source: Wilson (1927), JASA 22, 209–212; recommended by Brown, Cai & DasGupta (2001), eq. 4.
    Raises ValueError on negative counts, on n = 0 and on more successes than n.
    """
    check_level(level)
    successes, n = scalar(successes, "successes"), scalar(n, "n")
    if n == 0:
        raise ValueError("n: is 0, so there is no share to report")
    if successes > n:
        raise ValueError(f"successes: {successes:g} is more than n, which is {n:g}")
    low, high = _wilson(successes / n, n, level)
    return Estimate(successes / n, low, high, n, level=level)


def mean(values: Any, *, level: float = 0.95) -> Estimate:
    """Arithmetic mean with Student's t interval, in the values' own unit; missing values are dropped.

    mean ± t(n−1)·s/√n. ``p`` tests a mean of 0. Raises ValueError with fewer than two values.
    """
    check_level(level)
    column = numbers(values, "values")
    kept = column[~np.isnan(column)]
    n = len(kept)
    if n < 2:
        raise ValueError(f"values: a mean with an interval needs at least 2 values; got {n}")
    value = float(kept.mean())
    return _t_estimate(value, float(kept.std(ddof=1)) / math.sqrt(n), n, len(column) - n, level)


def weighted_score(
    values: Any,
    weights: Any,
    *,
    kind: Literal["nps", "mean", "top_box"] = "nps",
    level: float = 0.95,
    top: float | None = None,
) -> Estimate:
    """Hájek-weighted score; ``n`` is Kish's effective n, (Σw)²/Σw².

    kind "nps": answers 0–10, points −100 to 100, adjusted-Wald on the effective n. "mean": weighted mean
    with s² = Σw(x − x̄)²/Σw · n/(n − 1) and t(n − 1), n effective. "top_box": weighted share of answers of
    ``top`` or more, Wilson on the effective n; ``top`` left out means 4 on a 1–5 scale (CSAT's top two)
    and 1 where the values are 0 and 1. Rows of weight 0 take no part and are not counted as dropped.

    Source: Kish (1965), Survey Sampling, section 11.7; Hájek (1971).
    Raises ValueError on negative weights, weights that sum to 0, answers off the scale.
    """
    check_level(level)
    check_choice(kind, "kind", ("nps", "mean", "top_box"))
    x, w = numbers(values, "values"), numbers(weights, "weights")
    check_same_length(values=x, weights=w)
    complete = ~(np.isnan(x) | np.isnan(w))
    dropped = int((~complete).sum())
    x, w = x[complete], w[complete]
    if (w < 0).any():
        raise ValueError("weights: must not be negative")
    x, w = x[w > 0], w[w > 0]
    if not len(w):
        raise ValueError("weights: no row with a value has a weight above 0")
    w = w / w.sum()
    n = float(1.0 / (w**2).sum())
    if kind == "nps":
        if ((x < 0) | (x > 10)).any():
            raise ValueError("values: NPS answers lie from 0 to 10")
        up, down = float(w[x >= 9].sum()), float(w[x <= 6].sum())
        return _nps_estimate((up * n, max(0.0, 1.0 - up - down) * n, down * n), level, True, dropped)
    if kind == "top_box":
        share = min(1.0, float(w[x >= _top(x, top)].sum()))
        low, high = _wilson(share, n, level)
        return Estimate(share, low, high, n, dropped, level)
    if n <= 1.0 + 1e-9:
        raise ValueError("values: a weighted mean with an interval needs more than one effective answer")
    value = float(w @ x)
    variance = float(w @ (x - value) ** 2) * n / (n - 1.0)
    return _t_estimate(value, math.sqrt(variance / n), n, dropped, level)


def _nps_counts(counts: Counts, names: tuple[str, ...]) -> Counts:
    if len(counts) != 3:
        raise ValueError(f"{names[0]}: must be (promoters, passives, detractors); got {counts!r}")
    promoters, passives, detractors = (scalar(c, name) for c, name in zip(counts, names, strict=True))
    if promoters + passives + detractors == 0:
        raise ValueError(f"{', '.join(dict.fromkeys(names))}: there are no answers (n = 0)")
    return promoters, passives, detractors


def _net(counts: Counts) -> float:
    return (counts[0] - counts[2]) / sum(counts)


def _net_variance(counts: Counts) -> float:
    """Variance of one answer scored −1, 0 or 1."""
    return max(0.0, (counts[0] + counts[2]) / sum(counts) - _net(counts) ** 2)


def _nps_estimate(counts: Counts, level: float, adjust: bool, dropped: int) -> Estimate:
    value = _net(counts)
    used = (counts[0] + 0.75, counts[1] + 1.5, counts[2] + 0.75) if adjust else counts
    margin = quantile(level) * math.sqrt(_net_variance(used) / sum(used))
    return Estimate(
        value=100.0 * value,
        low=100.0 * min(value, max(-1.0, _net(used) - margin)),
        high=100.0 * max(value, min(1.0, _net(used) + margin)),
        n=sum(counts),
        dropped=dropped,
        level=level,
    )


def _wilson(share: float, n: float, level: float) -> tuple[float, float]:
    z2 = quantile(level) ** 2
    centre = share + z2 / (2.0 * n)
    margin = math.sqrt(z2 * (share * (1.0 - share) + z2 / (4.0 * n)) / n)
    low, high = (centre - margin) / (1.0 + z2 / n), (centre + margin) / (1.0 + z2 / n)
    # Rounding must not push an exact 0 or 1 outside its own interval.
    return max(0.0, min(low, share)), min(1.0, max(high, share))


def _t_estimate(value: float, se: float, n: float, dropped: int, level: float) -> Estimate:
    margin = quantile(level, n - 1.0) * se
    p = two_sided(value / se, n - 1.0) if se > 0 else None
    return Estimate(value, value - margin, value + margin, n, dropped, level, se, p)


def _top(x: FloatArray, top: float | None) -> float:
    if top is not None:
        return top
    if set(np.unique(x)) <= {0.0, 1.0} and (x == 0).any():
        return 1.0
    if x.min() < 1 or x.max() > 5 or (x == 1).all():
        raise ValueError("values: are not clearly on a 1–5 scale; say with `top` which answers count")
    return 4.0
