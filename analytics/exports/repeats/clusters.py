"""Errors of rows that belong together in two ways, as scripts that repeat operational runs compute them."""

from typing import Any

import numpy as np
from scipy import stats

from .common import RUN

# ---
BLOCK = 4_096


class Clusters:
    """Errors of rows that belong together in two ways: V = V1 + V2 - V12, never below the larger of the two."""

    def __init__(self, first: Any, second: Any) -> None:
        one, two = (np.unique(each, return_inverse=True)[1] for each in (first, second))
        both = np.unique(one * (int(two.max(initial=0)) + 1) + two, return_inverse=True)[1]
        self.ways = (one, two)
        self.both = both
        self.counts = tuple(int(each.max(initial=-1)) + 1 for each in self.ways)
        self.df = float(max(1, min(self.counts) - 1))

    def at(self, rows: Any) -> "Clusters":
        return Clusters(self.ways[0][rows], self.ways[1][rows])

    def covariance(self, influence: Any) -> Any:
        parts = [meat(influence, one) for one in (*self.ways, self.both)]
        found = parts[0] + parts[1] - parts[2]
        least = np.maximum(np.diag(parts[0]), np.diag(parts[1]))
        if np.linalg.eigvalsh(found)[0] < -1e-12 * np.trace(found):
            found = parts[0] if np.trace(parts[0]) >= np.trace(parts[1]) else parts[1]
        own = np.maximum(np.diag(found), 1e-300)
        lift = np.sqrt(np.maximum(least, own) / own)
        return found * np.outer(lift, lift)

    def error(self, influence: Any) -> float:
        return float(np.sqrt(self.covariance(influence[:, None])[0, 0]))

    def wald(self, values: Any, influence: Any) -> tuple[float, float]:
        q, found = len(values), []
        for one, count in zip(self.ways, self.counts, strict=True):
            free = max(1.0, count - q)
            distance = float(values @ np.linalg.pinv(meat(influence, one)) @ values)
            statistic = distance / q * free / max(1.0, count - 1)
            found.append((statistic, float(stats.f.sf(statistic, q, free))))
        return max(found, key=lambda each: each[1])

    def bootstrap(self, values: Any, influence: Any, level: float) -> list[tuple[float, float, float]]:
        """Standard exponential weights by cluster, the run's own seed; the wider of the two ways stands."""
        found: list[Any] = []
        for way, one in enumerate(self.ways):
            totals = sums(influence, one)
            drawn, weight = np.zeros((RUN["draws"], totals.shape[1])), np.zeros(RUN["draws"])
            for block, start_at in enumerate(range(0, len(totals), BLOCK)):
                part = totals[start_at : start_at + BLOCK]
                random = np.random.default_rng([RUN["seed"], way, block])
                weights = random.standard_exponential((RUN["draws"], len(part)))
                drawn += weights @ part
                weight += weights.sum(axis=1)
            drawn = values + drawn / (weight / len(totals))[:, None] - totals.sum(axis=0)
            low, high = np.quantile(drawn, [0.5 - level / 2, 0.5 + level / 2], axis=0)
            now = [
                (float(v), min(float(v), a), max(float(v), b))
                for v, a, b in zip(values, low, high, strict=True)
            ]
            found = [max(each, key=width) for each in zip(found, now, strict=True)] if found else now
        return found


def width(interval: Any) -> float:
    return float(interval[2] - interval[1])


def sums(influence: Any, one: Any) -> Any:
    count = int(one.max(initial=-1)) + 1
    return np.column_stack([np.bincount(one, weights=column, minlength=count) for column in influence.T])


def meat(influence: Any, one: Any) -> Any:
    totals = sums(influence, one)
    count = len(totals)
    return totals.T @ totals * (count / max(1.0, count - 1.0))
