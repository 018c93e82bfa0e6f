"""The analyses that should find what was planted: plain models on the generator's arrays."""

from dataclasses import dataclass

import numpy as np
import statsmodels.api as sm
from scipy import stats

from dashboards.seed.expected import Answered, bands


@dataclass(frozen=True)
class Found:
    value: float
    se: float

    def covers(self, truth: float) -> bool:
        return abs(self.value - truth) <= 1.959964 * self.se


def most_misses(trials: int, *, bound: float = 1e-4) -> int:
    """More misses than this of 95 % intervals that are right happen less often than `bound`."""
    return int(stats.binom.ppf(1 - bound, trials, 0.05))


def misses(found: list[Found], truth: float) -> int:
    return sum(not one.covers(truth) for one in found)


def controls(rows: Answered, history: np.ndarray) -> np.ndarray:
    segments = [rows.segment == number for number in (1, 2, 3)]
    return np.column_stack([np.ones(len(rows)), *segments, rows.tenure, np.log1p(history)]).astype(float)


def poisson(y: np.ndarray, X: np.ndarray, column: int = 0) -> Found:
    kept = ~np.isnan(y) & ~np.isnan(X).any(axis=1)
    fit = sm.GLM(y[kept], X[kept], family=sm.families.Poisson()).fit(cov_type="HC1")
    return Found(float(fit.params[column]), float(fit.bse[column]))


def least_squares(y: np.ndarray, X: np.ndarray) -> list[Found]:
    fit = sm.OLS(y, sm.add_constant(X)).fit(cov_type="HC1")
    return [Found(float(b), float(se)) for b, se in zip(fit.params[1:], fit.bse[1:], strict=True)]


def logistic(y: np.ndarray, X: np.ndarray) -> list[Found]:
    fit = sm.GLM(y, sm.add_constant(X), family=sm.families.Binomial()).fit()
    return [Found(float(b), float(se)) for b, se in zip(fit.params, fit.bse, strict=True)]


def adjusted_difference(rows: Answered, y: np.ndarray, history: np.ndarray, high: int, low: int) -> Found:
    """Band `high` less band `low` in euros, standardised over all rows, with the error of drawing them too."""
    band = bands(rows.score)
    X = np.column_stack([band == 2, band == 0, controls(rows, history)]).astype(float)
    kept = ~np.isnan(y) & ~np.isnan(history)
    X, y = X[kept], y[kept]
    fit = sm.GLM(y, X, family=sm.families.Poisson()).fit(cov_type="HC1")
    means, gradients = [], []
    for one in (high, low):
        counterfactual = X.copy()
        counterfactual[:, 0], counterfactual[:, 1] = one == 2, one == 0
        mu = np.exp(counterfactual @ fit.params)
        means.append(mu)
        gradients.append(mu @ counterfactual / len(mu))
    each = means[0] - means[1]
    gradient = gradients[0] - gradients[1]
    variance = gradient @ fit.cov_params() @ gradient + each.var() / len(each)
    return Found(float(each.mean()), float(np.sqrt(variance)))


def naive_difference(rows: Answered, high: int, low: int) -> float:
    band = bands(rows.score)
    return float(rows.revenue[band == high].mean() - rows.revenue[band == low].mean())
