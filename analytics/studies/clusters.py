"""Uncertainty of figures whose rows are not independent in one or two ways.

A figure is written as the sum of its rows' influences ψ_i (what row i adds to the estimate's error, to first
order). Then its variance is a sum of squares of cluster sums, whatever the model was.

**Tests and intervals** count both ways at once: V = V_first + V_second − V_both, Cameron, Gelbach & Miller (2011),
"Robust inference with multiway clustering", Journal of Business & Economic Statistics 29, 238–249, each part times
G/(G − 1); t with the smaller number of clusters less one. A variance so made may fall below the larger of the two
one-way ones by chance (it may even be negative); then that one stands: MacKinnon, Nielsen & Webb (2024), "Jackknife
inference with two-way clustering", arXiv 2406.08880, find the largest of the three the safe choice.

**Bootstraps** draw one weight a cluster (standard exponential: Rubin 1981) and add up weighted influences, as in
Kline & Santos (2012), "A score based approach to wild bootstrap inference", Journal of Econometric Methods 1,
23–41. They are drawn over the first clusters and over the second, and the wider interval stands.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from .design import FloatArray
from .results import Interval

IntArray = NDArray[np.int64]
BLOCK = 4_096  # clusters × draws that are in memory at once


@dataclass(frozen=True, slots=True)
class Clusters:
    """Codes from 0 of the two ways in which rows belong together (customers and agents, say)."""

    first: IntArray
    second: IntArray
    #: Rows that belong together in both ways.
    both: IntArray

    @classmethod
    def of(cls, first: NDArray[np.object_], second: NDArray[np.object_]) -> "Clusters":
        """From names; an empty second name is a cluster of its own."""
        one = np.unique(first, return_inverse=True)[1].astype(np.int64)
        names, two = np.unique(second, return_inverse=True)
        alone = two == np.flatnonzero(names == "")[0] if (names == "").any() else np.zeros(len(two), bool)
        codes = two.astype(np.int64)
        codes[alone] = len(names) + np.arange(int(alone.sum()))
        return cls._made(one, codes)

    @classmethod
    def _made(cls, first: IntArray, second: IntArray) -> "Clusters":
        one, two = _codes(first), _codes(second)
        return cls(one, two, _codes(one * (int(two.max(initial=0)) + 1) + two))

    def at(self, rows: NDArray[np.int64]) -> "Clusters":
        return Clusters._made(self.first[rows], self.second[rows])

    @property
    def counts(self) -> tuple[int, int]:
        return int(self.first.max(initial=-1)) + 1, int(self.second.max(initial=-1)) + 1

    @property
    def df(self) -> float:
        return float(max(1, min(self.counts) - 1))

    def covariance(self, influence: FloatArray) -> FloatArray:
        """Of figures (columns of `influence`, one row a row)."""
        parts = [_meat(influence, codes) for codes in (self.first, self.second, self.both)]
        found = parts[0] + parts[1] - parts[2]
        least = np.maximum(np.diag(parts[0]), np.diag(parts[1]))
        # As a correlation it may be indefinite; then the larger one-way one stands for it.
        if np.linalg.eigvalsh(found)[0] < -1e-12 * np.trace(found):
            found = parts[0] if np.trace(parts[0]) >= np.trace(parts[1]) else parts[1]
        own = np.maximum(np.diag(found), 1e-300)
        lift = np.sqrt(np.maximum(least, own) / own)
        return np.asarray(found * np.outer(lift, lift), dtype=np.float64)

    def error(self, influence: FloatArray) -> float:
        """Standard error of one figure."""
        return float(np.sqrt(self.covariance(influence[:, None])[0, 0]))

    def interval(self, value: float, influence: FloatArray, level: float) -> tuple[Interval, float]:
        """With its two-sided p."""
        se = self.error(influence)
        if se == 0.0:
            return Interval(value, value, value), 1.0
        reach = float(special.stdtrit(self.df, 0.5 + level / 2)) * se
        p = float(2 * special.stdtr(self.df, -abs(value / se)))
        return Interval(value, value - reach, value + reach), p

    def wald(self, values: FloatArray, influence: FloatArray) -> tuple[float, tuple[float, float], float]:
        """(F, its degrees of freedom, p) that all figures are 0: Hotelling's, in the way that leaves more doubt.

        Two ways at once make an unstable inverse where one of them has few clusters.
        """
        q, found = len(values), []
        for codes, count in zip((self.first, self.second), self.counts, strict=True):
            free = max(1.0, count - q)  # of G − 1, q − 1 go into the covariance's own uncertainty
            distance = float(values @ np.linalg.pinv(_meat(influence, codes)) @ values)
            statistic = distance / q * free / max(1.0, count - 1)
            found.append((statistic, (float(q), free), float(stats.f.sf(statistic, q, free))))
        return max(found, key=lambda one: one[2])

    def bootstrap(
        self, values: FloatArray, influence: FloatArray, *, draws: int, seed: int, level: float
    ) -> list[Interval]:
        """Percentile intervals of figures drawn together, the wider of the two ways for each."""
        found: list[Interval] = []
        for way, codes in enumerate((self.first, self.second)):
            drawn = values + _drawn(sums(influence, codes), draws, seed, way)
            low, high = np.quantile(drawn, [0.5 - level / 2, 0.5 + level / 2], axis=0)
            now = [
                Interval(float(v), min(float(v), float(a)), max(float(v), float(b)))
                for v, a, b in zip(values, low, high, strict=True)
            ]
            found = now if not found else [max(pair, key=_width) for pair in zip(found, now, strict=True)]
        return found


def _codes(values: IntArray) -> IntArray:
    return np.unique(values, return_inverse=True)[1].astype(np.int64)


def sums(influence: FloatArray, codes: IntArray) -> FloatArray:
    """Rows × figures to clusters × figures."""
    count = int(codes.max(initial=-1)) + 1
    columns = [np.bincount(codes, weights=column, minlength=count) for column in influence.T]
    return np.column_stack(columns)


def _meat(influence: FloatArray, codes: IntArray) -> FloatArray:
    totals = sums(influence, codes)
    count = len(totals)
    return np.asarray(totals.T @ totals * (count / max(1.0, count - 1.0)), dtype=np.float64)


def _drawn(totals: FloatArray, draws: int, seed: int, way: int) -> FloatArray:
    """Draws × figures: Σ (weight − mean weight) · cluster sum."""
    drawn, weight, clusters = np.zeros((draws, totals.shape[1])), np.zeros(draws), len(totals)
    for block, start in enumerate(range(0, clusters, BLOCK)):
        part = totals[start : start + BLOCK]
        weights = np.random.default_rng([seed, way, block]).standard_exponential((draws, len(part)))
        drawn += weights @ part
        weight += weights.sum(axis=1)
    return np.asarray(drawn / (weight / clusters)[:, None] - totals.sum(axis=0), dtype=np.float64)


def _width(interval: Interval) -> float:
    return interval.high - interval.low
