"""Bands compared at the same controls: standardised means on the outcome's own scale (g-computation)."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy import special

from analytics.stats import regression

from .design import Design, FloatArray
from .results import Interval

Family = Literal["gaussian", "binomial", "poisson"]
#: Bands by their two treatment columns: highest, middle (the reference), lowest.
STATES = ((1.0, 0.0), (0.0, 0.0), (0.0, 1.0))


def inverse_link(eta: FloatArray, family: Family) -> FloatArray:
    if family == "binomial":
        return np.asarray(special.expit(eta), dtype=np.float64)
    # A wild bootstrap draw may overflow; so large a mean is as good as infinite, and stays a number.
    return np.exp(np.minimum(eta, 600.0)) if family == "poisson" else eta


def variance(mu: FloatArray, family: Family) -> FloatArray:
    if family == "binomial":
        return mu * (1.0 - mu)
    return mu if family == "poisson" else np.ones_like(mu)


@dataclass(frozen=True, slots=True)
class Adjusted:
    """A fitted comparison.

    x: n × k with the intercept first and the two treatment columns next; beta: k; means: 3 (highest, middle,
    lowest band); covariance: 3 × 3, of drawing the customers as well as of the coefficients; df: of Student's t
    where the model is least squares, else None (normal); weights: of mean 1, None where all count alike.
    """

    x: FloatArray
    y: FloatArray
    family: Family
    beta: FloatArray
    means: FloatArray
    covariance: FloatArray
    df: float | None = None
    weights: FloatArray | None = None

    def scores(self) -> FloatArray:
        """n × k: each customer's (y − μ)·x over 1 − leverage, as in HC3, centred so that they add up to 0 (with the
        weights, where there are any)."""
        mu = inverse_link(self.x @ self.beta, self.family)
        slope = variance(mu, self.family)
        if self.weights is not None:
            slope = slope * self.weights
        bread = np.linalg.inv((self.x * slope[:, None]).T @ self.x)
        leverage = np.einsum("ij,ij->i", self.x @ bread, self.x) * slope
        scores = self.x * ((self.y - mu) / np.maximum(1.0 - leverage, 0.1))[:, None]
        centre = np.average(scores, axis=0, weights=self.weights)
        return np.asarray(scores - centre, dtype=np.float64)

    def mean(self, band: int, level: float) -> Interval:
        """Interval on the link's scale, so that a mean of spending never reaches below zero."""
        value, se = float(self.means[band]), math.sqrt(max(0.0, float(self.covariance[band, band])))
        z = self.critical(level)
        if self.family == "poisson":
            spread = math.exp(z * se / value)
            return Interval(value, value / spread, value * spread)
        if self.family == "binomial":
            middle, reach = float(special.logit(value)), z * se / (value * (1.0 - value))
            return Interval(value, float(special.expit(middle - reach)), float(special.expit(middle + reach)))
        return Interval(value, value - z * se, value + z * se)

    def difference(self, first: int, second: int, level: float) -> tuple[Interval, float]:
        """First band less second, with two-sided p, by the delta method."""
        value = float(self.means[first] - self.means[second])
        c = self.covariance
        se = math.sqrt(max(0.0, float(c[first, first] + c[second, second] - 2.0 * c[first, second])))
        if se == 0.0:
            return Interval(value, value, value), 1.0
        reach = self.critical(level) * se
        return Interval(value, value - reach, value + reach), self.two_sided(value / se)

    def critical(self, level: float) -> float:
        upper = 0.5 + level / 2.0
        return float(special.ndtri(upper) if self.df is None else special.stdtrit(self.df, upper))

    def two_sided(self, statistic: float) -> float:
        size = -abs(statistic)
        return float(2.0 * (special.ndtr(size) if self.df is None else special.stdtr(self.df, size)))


def compare(
    outcome: FloatArray, design: Design, family: Family, *, weights: FloatArray | None = None
) -> Adjusted:
    """Fit the outcome on bands and controls and average each band's prediction over all customers.

    Coefficients by `stats.regression.glm` with HC3 errors (Poisson pseudo-likelihood, logistic or least
    squares). Mean of band b: m_b = Σ μ(x_i with band b)/n. Covariance: G V Gᵀ + Σ (d_i − m)(d_i −
    m)ᵀ/(n(n−1)) with G the gradient of the three means and d_i the three predictions of customer i (as
    `stats.regression.marginal_difference` has it for one difference).

    Args:
        weights: for how many customers each one speaks; their scale does not matter. Every sum above is then
            weighted, and weights are taken as known.

    Raises:
        ValueError: where no finite estimate exists (a band without any outcome, say).
    """
    table = pd.DataFrame(design.matrix, columns=design.names)
    try:
        fit = regression.glm(outcome, table, family=family, robust="HC3", weights=weights)
    except ValueError as error:
        if "alone decides" not in str(error):
            raise
        fit = regression.glm(outcome, table, family=family, robust="HC1", weights=weights)
    x = np.column_stack([np.ones(len(table)), design.matrix])
    n, beta = len(x), fit.coefficients
    own = None if weights is None else np.asarray(weights / weights.mean(), dtype=np.float64)
    base = x @ beta - x[:, 1:3] @ beta[1:3]
    means, gradient, centred = np.empty(3), np.empty((3, x.shape[1])), np.empty((3, n))
    for band, (high, low) in enumerate(STATES):
        mu = inverse_link(base + high * beta[1] + low * beta[2], family)
        slope = variance(mu, family) if own is None else variance(mu, family) * own
        means[band] = mu.mean() if own is None else own @ mu / n
        centred[band] = mu - means[band] if own is None else own * (mu - means[band])
        gradient[band] = slope @ x / n
        gradient[band, 1:3] = (high * slope.mean(), low * slope.mean())
    covariance = gradient @ fit.covariance @ gradient.T + centred @ centred.T / (n * (n - 1.0))
    y = np.asarray(outcome, dtype=np.float64)
    return Adjusted(x, y, family, beta, means, covariance, fit.df, own)
