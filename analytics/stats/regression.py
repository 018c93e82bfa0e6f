"""Linear, logistic and generalised linear regression with robust, clustered or weighted errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from . import _design, _irls, _sandwich
from ._input import (
    FloatArray,
    IntArray,
    check_choice,
    check_level,
    check_same_length,
    check_varies,
    frame,
    labels,
    numbers,
)
from .fits import Fit, Term, make_terms
from .margins import marginal_difference

__all__ = ["Fit", "Term", "glm", "linear", "logistic", "marginal_difference"]

Robust = Literal["HC0", "HC1", "HC2", "HC3"] | None


def linear(
    y: Any,
    X: Any,
    *,
    robust: Robust = "HC3",
    groups: Any = None,
    weights: Any = None,
    level: float = 0.95,
) -> Fit:
    """Least squares of ``y`` (its own unit) on the columns of ``X`` and an intercept.

    X: frame, mapping or array of n rows. Text, categories and booleans become dummies named
    ``contract[One year]``; the reference is the first level, sorted (a pandas categorical: in its order).
    Rows with a missing value anywhere are dropped and counted.

    Errors: HC0–HC3 (White 1980; MacKinnon & White 1985), None for equal variances; tests by t(n − k).
    ``groups`` replaces them by cluster-robust CR1, G/(G−1)·(n−1)/(n−k), with t(G − 1). ``weights`` are
    sampling weights: their scale does not matter, rows of weight 0 take no part, and robust=None then
    means HC0, because equal-variance errors do not hold under unequal sampling.

    Raises ValueError naming what is constant, infinite, of another length, a linear function of other
    columns (by column name), or too few rows for the number of columns.
    """
    return _fit(y, X, "gaussian", robust, groups, weights, level)


def logistic(
    y: Any,
    X: Any,
    *,
    robust: Robust = None,
    groups: Any = None,
    weights: Any = None,
    level: float = 0.95,
) -> Fit:
    """Logistic regression of a 0/1 outcome; coefficients are log odds ratios, tests normal.

    X, ``groups``, ``weights`` and errors as in `linear` (clusters again by t(G − 1)). By maximum
    likelihood, McCullagh & Nelder (1989) chapter 4. Raises ValueError as `linear` does, and where a
    column separates zeros from ones so that no finite estimate exists (Albert & Anderson 1984).
    """
    return _fit(y, X, "binomial", robust, groups, weights, level)


def glm(
    y: Any,
    X: Any,
    *,
    family: Literal["gaussian", "binomial", "poisson"],
    robust: Robust = "HC0",
    groups: Any = None,
    weights: Any = None,
    level: float = 0.95,
) -> Fit:
    """Generalised linear model with canonical link: identity, logit or log.

    "poisson" is Poisson pseudo-likelihood: any outcome of zero or more, whole or not, whose mean is
    exp(Xβ); the variance need not be Poisson's, which is why the errors are robust (Gourieroux, Monfort &
    Trognon 1984, Econometrica 52, 701–720; Santos Silva & Tenreyro 2006). Everything else as in `linear`
    ("gaussian") and `logistic` ("binomial"); Poisson tests are normal, by t(G − 1) with clusters.
    Raises ValueError on negative outcomes, and where a column holds only zeros of the outcome.
    """
    check_choice(family, "family", _irls.FAMILIES)
    return _fit(y, X, family, robust, groups, weights, level)


@dataclass(frozen=True, slots=True)
class _Rows:
    """Complete rows of positive weight, standardised for a well-conditioned fit."""

    y: FloatArray
    design: FloatArray  # intercept first, other columns with weighted mean 0 and variance 1
    back: FloatArray  # coefficients of the standardised columns to those of the given ones
    weights: FloatArray  # mean 1
    groups: IntArray | None
    codings: tuple[_design.Coding, ...]
    names: list[str]
    dropped: int


def _fit(y: Any, X: Any, family: str, robust: Robust, groups: Any, weights: Any, level: float) -> Fit:
    check_level(level)
    check_choice(robust, "robust", _sandwich.KINDS)
    rows = _prepare(y, X, family, groups, weights)
    n, k = rows.design.shape
    # Poisson is fitted on outcome ÷ mean, so that cents and millions take the same steps.
    unit = float(rows.weights @ rows.y / n) if family == "poisson" else 1.0
    fitted = _irls.maximise(rows.y / unit, rows.design, rows.weights, family)
    if fitted is None:
        raise ValueError(_separated(rows, family))
    beta, mu = fitted
    variance = _irls.variance_of(mu, family)
    residual = rows.y / unit - mu
    squares = float(rows.weights @ residual**2)
    if family == "gaussian":
        centred = rows.y - rows.weights @ rows.y / n
        if squares <= 1e-24 * float(rows.weights @ centred**2):
            raise ValueError("y: is a linear function of X; there is no error left to estimate")
    else:
        information = (rows.design * (rows.weights * variance)[:, None]).T @ rows.design
        if np.linalg.eigvalsh(information)[0] < 1e-10 * n:
            raise ValueError(_separated(rows, family))
    if weights is not None and robust is None:
        robust = "HC0"
    # Dispersion only matters to model-based errors; the outcome's unit divides a Poisson variance.
    dispersion = {"gaussian": squares / (n - k), "binomial": 1.0, "poisson": 1.0 / unit}[family]
    covariance = _sandwich.covariance(
        rows.design,
        residual,
        variance,
        rows.weights,
        robust=robust,
        groups=rows.groups,
        dispersion=dispersion,
    )
    if family == "poisson":
        beta = beta.copy()
        beta[0] += np.log(unit)
    coefficients, covariance = rows.back @ beta, rows.back @ covariance @ rows.back.T
    clusters = None if rows.groups is None else int(rows.groups.max()) + 1
    df = float(n - k) if family == "gaussian" else None
    df = df if clusters is None else float(clusters - 1)
    total = float(rows.weights @ (rows.y - rows.weights @ rows.y / n) ** 2)
    return Fit(
        terms=make_terms(["intercept", *rows.names], coefficients, covariance, level, df),
        log_likelihood=_irls.log_likelihood(rows.y, mu * unit, rows.weights, family),
        n=n,
        covariance=covariance,
        family=family,
        dropped=rows.dropped,
        level=level,
        robust="CR1" if clusters else robust,
        groups=clusters,
        df=df,
        codings=rows.codings,
        r_squared=1.0 - squares / total if family == "gaussian" else None,
    )


def _prepare(y: Any, X: Any, family: str, groups: Any, weights: Any) -> _Rows:
    outcome, table = numbers(y, "y"), frame(X, "X")
    w = np.ones(len(outcome)) if weights is None else numbers(weights, "weights")
    codes = np.zeros(len(outcome), dtype=np.int64) if groups is None else labels(groups, "groups")[0]
    check_same_length(y=outcome, X=table, weights=w, groups=codes)
    if (w < 0).any():
        raise ValueError("weights: must not be negative")
    _design.check_present(table, "X")
    complete = ~(np.isnan(outcome) | np.isnan(w) | (codes < 0) | _design.missing_rows(table))
    dropped = int((~complete).sum())
    kept = complete & (w > 0)
    outcome, w, codes, table = outcome[kept], w[kept], codes[kept], table[kept]
    if not len(outcome):
        raise ValueError("y, X: no row has every value (and a weight above 0)")
    _check_outcome(outcome, family)
    codings = _design.learn(table, "X")
    design, names = _design.encode(table, codings, "X"), _design.column_names(codings)
    n, k = len(outcome), design.shape[1] + 1
    if n <= k:
        raise ValueError(f"X: {k} coefficients need more than {k} complete rows; got {n}")
    _design.check_rank(design, names, "X")
    if groups is not None:
        codes = np.unique(codes, return_inverse=True)[1]
        if codes.max() == 0:
            raise ValueError("groups: at least 2 groups are needed for clustered errors")
    w = w / w.mean()
    centre = w @ design / n
    scale = np.sqrt(w @ (design - centre) ** 2 / n)
    back = np.diag(np.concatenate([[1.0], 1.0 / scale]))
    back[0, 1:] = -centre / scale
    standard = np.column_stack([np.ones(n), (design - centre) / scale])
    clusters = codes.astype(np.int64) if groups is not None else None
    return _Rows(outcome, standard, back, w, clusters, codings, names, dropped)


def _check_outcome(y: FloatArray, family: str) -> None:
    check_varies(y, "y")
    if family == "binomial" and not np.isin(y, (0.0, 1.0)).all():
        raise ValueError("y: must hold only 0 and 1")
    if family == "poisson" and (y < 0).any():
        raise ValueError("y: must not be negative; use family='gaussian' for a net figure")


def _separated(rows: _Rows, family: str) -> str:
    """Names the column behind a fit without a finite optimum: the one whose extreme rows are all alike."""
    edge = 0.0 if family == "poisson" else None
    for j, name in enumerate(rows.names, start=1):
        column = rows.design[:, j]
        for side in (column == column.min(), column == column.max()):
            outcomes = set(rows.y[side])
            if len(outcomes) == 1 and (edge is None or edge in outcomes) and side.sum() > 1:
                return (
                    f"X: column {name!r} separates the outcome (rows at one end are all {outcomes.pop():g})"
                )
    return "X: a combination of columns separates the outcome, so no finite estimate exists"
