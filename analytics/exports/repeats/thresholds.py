"""The search for a threshold and its price, as scripts that repeat operational runs compute them."""

from typing import Any

import numpy as np
from scipy import special

from .clusters import Clusters
from .common import RUN

# ---
DRAWS = 20_000


class Search:
    """The best of several thresholds, and the critical value that pays for having searched."""

    def __init__(self, x: Any, y: Any, held: Any, tried: Any, clusters: Clusters) -> None:
        base = np.column_stack([np.ones(len(x)), held])
        table = np.column_stack([*((x > one).astype(float) for one in tried), y])
        left = table - base @ np.linalg.lstsq(base, table, rcond=None)[0]
        cut, rest = left[:, :-1], left[:, -1]
        size = np.maximum((cut**2).sum(axis=0), 1e-12)
        difference = cut.T @ rest / size
        covariance = clusters.covariance(cut * (rest[:, None] - cut * difference) / size)
        error = np.sqrt(np.maximum(np.diag(covariance), 1e-300))
        self.tried, self.df = tried, clusters.df
        self.t = [float(one) for one in difference / error]
        sizes, directions = np.linalg.eigh(covariance / np.outer(error, error))
        root = directions * np.sqrt(np.maximum(sizes, 0.0))
        random = np.random.default_rng([RUN["seed"], 5])
        normal = random.standard_normal((DRAWS, len(tried))) @ root.T
        scale = np.sqrt(random.chisquare(self.df, DRAWS) / self.df)
        self.largest = np.abs(normal).max(axis=1) / scale

    @property
    def chosen(self) -> float:
        return float(self.tried[int(np.argmax(np.abs(self.t)))])

    def critical(self) -> float:
        alone = float(special.stdtrit(self.df, 0.5 + RUN["level"] / 2))
        return alone if len(self.tried) == 1 else max(alone, float(np.quantile(self.largest, RUN["level"])))

    def p(self, statistic: float) -> float:
        alone = float(2 * special.stdtr(self.df, -abs(statistic)))
        if len(self.tried) == 1:
            return alone
        bonferroni = min(1.0, alone * len(self.tried))
        drawn = float((self.largest >= abs(statistic)).mean())
        return max(alone, min(drawn, bonferroni) if drawn >= 1e-3 else bonferroni)
