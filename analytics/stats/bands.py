"""An outcome compared between loyalty bands (or any groups)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal

import numpy as np

from . import _studentized_range
from ._distributions import quantile, two_sided
from ._input import FloatArray, check_choice, check_level, check_same_length, check_varies, labels, numbers

__all__ = ["Band", "BandComparison", "Pair", "compare"]


@dataclass(frozen=True, slots=True)
class Band:
    """One band: rows, mean with Student's t interval (None with a single row), median."""

    name: str
    n: int
    mean: float
    median: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Pair:
    """First less second, p corrected for all pairs.

    Games–Howell: difference of means with simultaneous interval, t statistic. Dunn: difference of mean
    ranks, z statistic, no interval.
    """

    first: str
    second: str
    difference: float
    low: float | None
    high: float | None
    statistic: float
    p: float


@dataclass(frozen=True, slots=True)
class BandComparison:
    """Bands in order, omnibus test with effect size, every pair. ``df``: numerator, denominator (Welch)."""

    bands: tuple[Band, ...]
    test: str
    statistic: float
    p: float
    effect_size: float
    pairwise: tuple[Pair, ...]
    df: tuple[float, float | None]
    n: int
    dropped: int = 0
    level: float = 0.95


def compare(
    outcome: Any, band: Any, *, test: Literal["welch", "kruskal"] = "welch", level: float = 0.95
) -> BandComparison:
    """Compare an outcome (any unit) between bands; bands keep a categorical's order, else sorted.

    "welch": Welch's F (1951, Biometrika 38, 330–336); ω² = (SSb − (k−1)·MSw)/(SSt + MSw), Hays (1963),
    unclipped and so below 0 where bands differ less than chance; pairs by Games & Howell (1976).
    "kruskal": H corrected for ties (1952, JASA 47, 583–621); ε² = H/(n − 1), Tomczak & Tomczak (2014);
    pairs by Dunn (1964, Technometrics 6, 241–252) with tie correction, p by Holm (1979).
    Raises ValueError on fewer than two bands, a constant outcome, and for Welch a band with fewer than
    two rows or no variation.
    """
    check_level(level)
    check_choice(test, "test", ("welch", "kruskal"))
    values = numbers(outcome, "outcome")
    codes, levels = labels(band, "band")
    rows = check_same_length(outcome=values, band=codes)
    kept = ~np.isnan(values) & (codes >= 0)
    values, codes = values[kept], codes[kept]
    groups = [(str(levels[i]), values[codes == i]) for i in range(len(levels)) if (codes == i).any()]
    if len(groups) < 2:
        raise ValueError(f"band: at least 2 bands with an outcome are needed; got {len(groups)}")
    check_varies(values, "outcome")
    names, samples = [name for name, _ in groups], [sample for _, sample in groups]
    computed = _welch(names, samples, level) if test == "welch" else _kruskal(names, samples)
    statistic, p, df, effect, pairs = computed
    return BandComparison(
        bands=tuple(_band(name, sample, level) for name, sample in groups),
        test=test,
        statistic=statistic,
        p=p,
        effect_size=effect,
        pairwise=tuple(pairs),
        df=df,
        n=len(values),
        dropped=rows - len(values),
        level=level,
    )


def _band(name: str, sample: FloatArray, level: float) -> Band:
    n, mean, median = len(sample), float(sample.mean()), float(np.median(sample))
    if n < 2:
        return Band(name, n, mean, median, None, None)
    margin = quantile(level, n - 1) * float(sample.std(ddof=1)) / math.sqrt(n)
    return Band(name, n, mean, median, mean - margin, mean + margin)


_Computed = tuple[float, float, tuple[float, float | None], float, list[Pair]]


def _welch(names: list[str], samples: list[FloatArray], level: float) -> _Computed:
    from scipy import stats

    for name, sample in zip(names, samples, strict=True):
        if len(sample) < 2:
            raise ValueError(f"band: {name!r} has {len(sample)} row; Welch's test needs 2 (kruskal does not)")
        if float(np.ptp(sample)) <= 1e-12 * float(np.abs(sample).max()):
            raise ValueError(f"band: {name!r} has one and the same outcome throughout; use test='kruskal'")
    omnibus: Any = stats.f_oneway(*samples, equal_var=False)
    k, n = len(samples), sum(map(len, samples))
    means, sizes = np.array([s.mean() for s in samples]), np.array([len(s) for s in samples], dtype=float)
    variances = np.array([s.var(ddof=1) for s in samples])
    between = float(sizes @ (means - sizes @ means / n) ** 2)
    within = float((sizes - 1) @ variances) / (n - k)
    effect = (between - (k - 1) * within) / (between + (n - k + 1) * within)
    shares = sizes / variances / (sizes / variances).sum()
    df2 = (k * k - 1) / (3.0 * float(((1 - shares) ** 2 / (sizes - 1)).sum()))

    pairs = []
    squared = variances / sizes
    for i, j in combinations(range(k), 2):
        difference, se = float(means[i] - means[j]), math.sqrt(squared[i] + squared[j])
        spread = squared[i] ** 2 / (sizes[i] - 1) + squared[j] ** 2 / (sizes[j] - 1)
        df = float((squared[i] + squared[j]) ** 2 / spread)
        p = _studentized_range.tail(abs(difference) / se * math.sqrt(2.0), k, df)
        margin = _studentized_range.critical(level, k, df) * se / math.sqrt(2.0)
        interval = (difference - margin, difference + margin)
        pairs.append(Pair(names[i], names[j], difference, *interval, difference / se, p))
    return float(omnibus.statistic), float(omnibus.pvalue), (k - 1.0, df2), effect, pairs


def _kruskal(names: list[str], samples: list[FloatArray]) -> _Computed:
    from scipy import stats

    omnibus: Any = stats.kruskal(*samples)
    pooled = np.concatenate(samples)
    n, k = len(pooled), len(samples)
    ranks = np.split(stats.rankdata(pooled), np.cumsum([len(s) for s in samples])[:-1])
    ties = np.unique(pooled, return_counts=True)[1].astype(float)
    variance = (n * (n + 1) - float((ties**3 - ties).sum()) / (n - 1)) / 12.0
    differences, statistics = [], []
    for i, j in combinations(range(k), 2):
        differences.append(float(ranks[i].mean() - ranks[j].mean()))
        statistics.append(differences[-1] / math.sqrt(variance * (1 / len(ranks[i]) + 1 / len(ranks[j]))))
    corrected = _holm([two_sided(z) for z in statistics])
    pairs = [
        Pair(names[i], names[j], differences[m], None, None, statistics[m], corrected[m])
        for m, (i, j) in enumerate(combinations(range(k), 2))
    ]
    h = float(omnibus.statistic)
    return h, float(omnibus.pvalue), (k - 1.0, None), h / (n - 1), pairs


def _holm(p_values: list[float]) -> list[float]:
    """Step-down correction, Holm (1979), Scandinavian Journal of Statistics 6, 65–70."""
    p = np.array(p_values)
    order = np.argsort(p, kind="stable")
    q = np.empty(len(p))
    q[order] = np.minimum(1.0, np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1)))
    return [float(value) for value in q]
