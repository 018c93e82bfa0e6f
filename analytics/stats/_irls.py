"""Maximum (pseudo-)likelihood of the three mean models with canonical links.

statsmodels fits the same models, and the tests hold us to its figures. This loop is ours because
bootstraps and the bench fit hundreds of thousands of small models, where it is seven times as fast, and
because a separated outcome has to be refused with the column's name instead of a warning.
"""

from __future__ import annotations

import math

import numpy as np
from scipy import special

from ._input import FloatArray

FAMILIES = ("gaussian", "binomial", "poisson")
ITERATIONS = 60


def mean_of(eta: FloatArray, family: str) -> FloatArray:
    """Inverse link: linear predictor to the outcome's scale."""
    if family == "binomial":
        return np.asarray(special.expit(eta), dtype=np.float64)
    return np.exp(eta) if family == "poisson" else eta


def variance_of(mu: FloatArray, family: str) -> FloatArray:
    """Variance function, which for a canonical link is also the derivative of the mean by eta."""
    if family == "binomial":
        return mu * (1.0 - mu)
    return mu if family == "poisson" else np.ones_like(mu)


def maximise(
    y: FloatArray, design: FloatArray, weights: FloatArray, family: str
) -> tuple[FloatArray, FloatArray] | None:
    """(coefficients, fitted means) by Newton's method with step-halving; None where it does not settle.

    The design holds its intercept first and is best standardised. Source: McCullagh & Nelder (1989),
    Generalized Linear Models, section 2.5.
    """
    if family == "gaussian":
        root = np.sqrt(weights)
        solved = np.linalg.lstsq(design * root[:, None], y * root, rcond=None)[0]
        return np.asarray(solved, dtype=np.float64), np.asarray(design @ solved, dtype=np.float64)
    beta = np.zeros(design.shape[1], dtype=np.float64)
    average = float(weights @ y / weights.sum())
    beta[0] = np.log(average / (1.0 - average)) if family == "binomial" else np.log(average)
    eta = design @ beta
    objective = _log_likelihood(y, eta, weights, family)
    for _ in range(ITERATIONS):
        mu = mean_of(eta, family)
        information = (design * (weights * variance_of(mu, family))[:, None]).T @ design
        try:
            solved = np.linalg.solve(information, design.T @ (weights * (y - mu)))
        except np.linalg.LinAlgError:
            return None
        step = np.asarray(solved, dtype=np.float64)
        shift = design @ step
        for _ in range(30):
            proposed = _log_likelihood(y, eta + shift, weights, family)
            if proposed >= objective - 1e-9 * abs(objective):
                break
            step, shift = step / 2.0, shift / 2.0
        else:
            return None
        beta, eta, objective = beta + step, eta + shift, proposed
        if float(np.max(np.abs(step))) < 1e-9 * (1.0 + float(np.max(np.abs(beta)))):
            return beta, mean_of(eta, family)
    return None


def log_likelihood(y: FloatArray, mu: FloatArray, weights: FloatArray, family: str) -> float:
    """Weighted log-likelihood with its constants; Gaussian at the maximum-likelihood variance."""
    if family == "gaussian":
        total = float(weights.sum())
        variance = float(weights @ (y - mu) ** 2) / total
        return -0.5 * total * (math.log(2.0 * math.pi * variance) + 1.0)
    if family == "binomial":
        return float(weights @ (special.xlogy(y, mu) + special.xlog1py(1.0 - y, -mu)))
    return float(weights @ (special.xlogy(y, mu) - mu - special.gammaln(y + 1.0)))


def _log_likelihood(y: FloatArray, eta: FloatArray, weights: FloatArray, family: str) -> float:
    """Up to constants, from the linear predictor: cheap, and finite where the mean rounds to 0 or 1."""
    with np.errstate(over="ignore"):
        cumulant = np.logaddexp(0.0, eta) if family == "binomial" else np.exp(eta)
        value = float(weights @ (y * eta - cumulant))
    return value if math.isfinite(value) else -math.inf
