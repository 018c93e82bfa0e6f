"""What a fitted model is: its terms, covariance and the coding needed to predict from it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from . import _design
from ._distributions import quantile, two_sided
from ._input import FloatArray, frame
from ._irls import mean_of


@dataclass(frozen=True, slots=True)
class Term:
    """One coefficient on the linear predictor's scale (log odds, log mean, log hazard, or the outcome's)."""

    coefficient: float
    low: float
    high: float
    se: float
    p: float


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """A fitted model.

    ``covariance`` is k × k in the order of ``terms``; ``df`` the degrees of freedom of its t tests, None
    for normal ones; ``robust`` names the errors ("HC3", "CR1" …, None: model-based); ``groups`` the number
    of clusters. ``concordance`` belongs to Cox models, ``r_squared`` to linear ones.
    """

    terms: dict[str, Term]
    log_likelihood: float
    n: int
    covariance: FloatArray
    family: str
    dropped: int = 0
    level: float = 0.95
    robust: str | None = None
    groups: int | None = None
    df: float | None = None
    codings: tuple[_design.Coding, ...] = ()
    concordance: float | None = None
    events: int | None = None
    r_squared: float | None = None

    @property
    def coefficients(self) -> FloatArray:
        """Coefficients in the order of ``terms``."""
        return np.array([term.coefficient for term in self.terms.values()])

    def predict(self, X: Any) -> FloatArray:
        """Expected outcome of each row of ``X`` (Cox: hazard relative to all covariates 0); NaN where
        a covariate is missing. Raises ValueError on absent columns and unknown levels."""
        design = _design.encode(frame(X, "X"), self.codings, "X")
        if self.family == "cox":
            return np.exp(design @ self.coefficients)
        return mean_of(design @ self.coefficients[1:] + self.coefficients[0], self.family)


def make_terms(
    names: list[str], coefficients: FloatArray, covariance: FloatArray, level: float, df: float | None
) -> dict[str, Term]:
    """Wald interval and two-sided p of each coefficient."""
    critical = quantile(level, df)
    terms = {}
    for i, name in enumerate(names):
        value, se = float(coefficients[i]), math.sqrt(max(0.0, float(covariance[i, i])))
        statistic = value / se if se > 0 else math.copysign(math.inf, value)
        terms[name] = Term(value, value - critical * se, value + critical * se, se, two_sided(statistic, df))
    return terms
