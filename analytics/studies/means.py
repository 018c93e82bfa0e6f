"""Means at the same controls (g-computation), with the influence of every row on them.

Coefficients by `stats.regression.glm` (logistic or least squares). Mean in state s: m_s = Σ μ(x_i with s)/n. Its
influence is (μ_i(s) − m_s)/n + G_s·B·x_i(y_i − μ_i) with the gradient G_s and the bread B = (Xᵀ W X)⁻¹: of drawing
the rows as well as of the coefficients (as `stats.regression.marginal_difference` has it for one difference).
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from analytics.stats import regression

from .adjusted import inverse_link, variance
from .design import FloatArray

Family = Literal["gaussian", "binomial"]


@dataclass(frozen=True, slots=True)
class Fitted:
    """x: n × k, the intercept first, then `treated` columns of interest, then controls."""

    x: FloatArray
    y: FloatArray
    family: Family
    beta: FloatArray
    bread: FloatArray
    treated: int

    @property
    def scores(self) -> FloatArray:
        return self.x * (self.y - inverse_link(self.x @ self.beta, self.family))[:, None]

    def coefficients(self) -> tuple[FloatArray, FloatArray]:
        """Those of interest, and their influences (n × treated)."""
        inside = slice(1, 1 + self.treated)
        return self.beta[inside], self.scores @ self.bread[:, inside]

    def mean(self, state: FloatArray, scores: FloatArray | None = None) -> tuple[float, FloatArray]:
        """The mean of all rows with the columns of interest at `state`, and each row's influence on it."""
        inside = slice(1, 1 + self.treated)
        eta = self.x @ self.beta - self.x[:, inside] @ self.beta[inside] + float(state @ self.beta[inside])
        mu = inverse_link(eta, self.family)
        slope = variance(mu, self.family)
        gradient = slope @ self.x / len(mu)
        gradient[inside] = state * slope.mean()
        value = float(mu.mean())
        direction = (self.scores if scores is None else scores) @ (self.bread @ gradient)
        return value, (mu - value) / len(mu) + direction

    def difference(self) -> tuple[float, FloatArray]:
        """State 1 less state 0 of the one column of interest."""
        scores = self.scores
        one, upper = self.mean(np.ones(1), scores)
        none, lower = self.mean(np.zeros(1), scores)
        return one - none, upper - lower

    def standardised(self) -> tuple[float, FloatArray]:
        """The difference in standard deviations of the outcome, whose own influence is part of it."""
        value, influence = self.difference()
        centred = self.y - self.y.mean()
        square = float(np.mean(centred**2))
        spread = square**0.5
        return value / spread, influence / spread - value / (2 * spread**3) * (centred**2 - square) / len(
            centred
        )


def fit(outcome: FloatArray, treatment: FloatArray, controls: FloatArray, family: Family) -> Fitted:
    """Args:
        treatment: n × t columns of interest. controls: n × c.

    Raises:
        ValueError: where no finite estimate exists (satisfied without exception on one side, say).
    """
    matrix = np.column_stack([treatment, controls])
    table = pd.DataFrame(matrix, columns=[f"x{i}" for i in range(matrix.shape[1])])
    fitted = regression.glm(outcome, table, family=family, robust="HC0")
    x = np.column_stack([np.ones(len(table)), matrix])
    beta = fitted.coefficients
    slope = variance(inverse_link(x @ beta, family), family)
    bread = np.asarray(np.linalg.inv((x * slope[:, None]).T @ x), dtype=np.float64)
    return Fitted(x, np.asarray(outcome, dtype=np.float64), family, beta, bread, treatment.shape[1])
