"""What a treatment changes on the outcome's own scale, averaged over chosen rows (g-computation)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from . import _design, _irls
from ._distributions import quantile, two_sided
from ._input import FloatArray, check_level, check_same_length, flags, frame, labels, numbers
from ._sandwich import sum_by
from .fits import Fit, Term
from .results import Estimate


def marginal_difference(
    fit_or_model: Any,
    treatment: str,
    X: Any,
    *,
    level: float = 0.95,
    contrast: tuple[Any, Any] | None = None,
    over: Any = None,
    weights: Any = None,
    groups: Any = None,
) -> Estimate:
    """Average of μ(treatment = b) − μ(treatment = a) over the rows of ``X``, all else as it is.

    ``fit_or_model``: a `Fit` of this package, or a fitted statsmodels OLS, GLM, Logit or Poisson whose
    columns carry the names of X. ``treatment``: a numeric column of X (``contrast`` (a, b), left out:
    0 and 1), a categorical one (contrast of two levels; left out where it has just two), or one of its
    dummies (``band[promoter]``: against the reference). ``over``: boolean mask of the rows to average
    over; ``weights``: their weights. Rows with a missing covariate are dropped and counted.

    Interval by the delta method with the fit's own (robust) covariance: gradient Σ w (μ′(η_b) x_b −
    μ′(η_a) x_a), t with the fit's degrees of freedom or normal. It is conditional on the rows averaged
    over; given ``groups`` (clusters of rows, or every row its own) it adds the variance of drawing those
    rows, G/(G−1)·Σ(cluster sums)², which is right when the mean model is. For an identity link the
    result is the coefficient itself.

    Source: Robins (1986); Lane & Nelder (1982), Biometrics 38, 613–621; Bartus (2005) for the gradient.
    Raises ValueError on an unknown treatment or contrast, an empty mask, and as `Fit.predict`.
    """
    check_level(level)
    fit = fit_or_model if isinstance(fit_or_model, Fit) else _adopt(fit_or_model)
    if fit.family not in _irls.FAMILIES:
        raise ValueError(f"fit_or_model: a {fit.family} model has no mean on the outcome's scale")
    table = frame(X, "X")
    name, pair = _contrast(fit, treatment, table, contrast)
    if name not in table.columns:
        table = table.assign(**{name: pair[0]})
    used = table[[coding.name for coding in fit.codings if coding.name in table.columns]]
    w = np.ones(len(table)) if weights is None else numbers(weights, "weights")
    mask = np.ones(len(table)) if over is None else flags(over, "over")
    codes = np.zeros(len(table), dtype=np.int64) if groups is None else labels(groups, "groups")[0]
    check_same_length(X=table, weights=w, over=mask, groups=codes)
    if (w < 0).any():
        raise ValueError("weights: must not be negative")
    chosen = (mask == 1.0) & ~(w == 0.0)
    kept = chosen & ~(np.isnan(w) | (codes < 0) | _design.missing_rows(used))
    if not kept.any():
        raise ValueError(
            "over: no complete row is left to average over"
            if over is not None
            else "X: no complete row is left to average over"
        )
    used, w = used[kept], w[kept] / w[kept].sum()

    differences, gradient = np.zeros(len(w)), np.zeros(len(fit.terms))
    for sign, state in ((1.0, pair[1]), (-1.0, pair[0])):
        design = _encode_at(used, fit, name, state)
        mu = _irls.mean_of(design @ fit.coefficients, fit.family)
        differences += sign * mu
        gradient += sign * ((w * _irls.variance_of(mu, fit.family)) @ design)
    value = float(w @ differences)
    variance = float(gradient @ fit.covariance @ gradient)
    if groups is not None:
        variance += _sampling(w * (differences - value), codes[kept])
    se = math.sqrt(max(0.0, variance))
    margin = quantile(level, fit.df) * se
    p = two_sided(value / se, fit.df) if se > 0 else None
    dropped = int(chosen.sum() - kept.sum())
    return Estimate(value, value - margin, value + margin, int(kept.sum()), dropped, level, se, p)


def _contrast(
    fit: Fit, treatment: str, table: Any, contrast: tuple[Any, Any] | None
) -> tuple[str, tuple[Any, Any]]:
    """(column of X, the two states compared)."""
    for coding in fit.codings:
        if coding.levels is not None and treatment in coding.columns and treatment != coding.name:
            level = coding.levels[1 + coding.columns.index(treatment)]
            return coding.name, contrast or (coding.levels[0], level)
        if coding.name != treatment:
            continue
        if contrast is not None:
            if len(contrast) != 2:
                raise ValueError(f"contrast: must be (from, to); got {contrast!r}")
            for state in contrast:
                if coding.levels is not None and state not in coding.levels:
                    raise ValueError(f"contrast: {state!r} is no level of {treatment!r}")
            return treatment, contrast
        if coding.levels is not None:
            if len(coding.levels) != 2:
                raise ValueError(f"contrast: {treatment!r} has {len(coding.levels)} levels; name two of them")
            return treatment, (coding.levels[0], coding.levels[1])
        if treatment in table.columns:
            present = numbers(table[treatment], f"X[{treatment}]")
            if not np.isin(present[~np.isnan(present)], (0.0, 1.0)).all():
                raise ValueError(f"contrast: {treatment!r} is not 0/1; say which two values to compare")
        return treatment, (0.0, 1.0)
    raise ValueError(f"treatment: the model has no column {treatment!r}")


def _encode_at(table: Any, fit: Fit, name: str, state: Any) -> FloatArray:
    import pandas as pd

    column = pd.Series(
        [state] * len(table), index=table.index, dtype=object if isinstance(state, str) else None
    )
    design = _design.encode(table.assign(**{name: column}), fit.codings, "X")
    return np.column_stack([np.ones(len(design)), design])


def _sampling(influence: FloatArray, codes: Any) -> float:
    codes = np.unique(codes, return_inverse=True)[1]
    count = int(codes.max()) + 1
    if count < 2:
        raise ValueError("groups: at least 2 groups are needed among the rows averaged over")
    return count / (count - 1.0) * float((sum_by(influence[:, None], codes, count) ** 2).sum())


_STATSMODELS = {
    "OLS": "gaussian",
    "WLS": "gaussian",
    "Logit": "binomial",
    "Poisson": "poisson",
    "Gaussian": "gaussian",
    "Binomial": "binomial",
}
_LINKS = {"gaussian": "Identity", "binomial": "Logit", "poisson": "Log"}


def _adopt(results: Any) -> Fit:
    """A fitted statsmodels model as a `Fit`: its coefficients, covariance and family."""
    model, params = getattr(results, "model", None), getattr(results, "params", None)
    if model is None or params is None or not hasattr(params, "index"):
        raise ValueError("fit_or_model: must be a Fit, or a statsmodels result fitted on named columns")
    source = getattr(model, "family", model)
    family = _STATSMODELS.get(type(source).__name__)
    link = getattr(source, "link", None)
    if family is None or (link is not None and type(link).__name__ != _LINKS[family]):
        raise ValueError(f"fit_or_model: {type(source).__name__} with this link is not supported")
    names, covariance = [str(name) for name in params.index], np.asarray(results.cov_params())
    place = next((i for i, name in enumerate(names) if name.lower() in ("const", "intercept")), None)
    if place is None:
        raise ValueError("fit_or_model: must have an intercept, called const or intercept")
    order = [place, *(i for i in range(len(names)) if i != place)]
    terms = {names[i]: Term(float(params.iloc[i]), math.nan, math.nan, math.nan, math.nan) for i in order}
    return Fit(
        terms=terms,
        log_likelihood=float(results.llf),
        n=int(results.nobs),
        covariance=covariance[np.ix_(order, order)],
        family=family,
        df=float(results.df_resid) if getattr(results, "use_t", False) else None,
        codings=tuple(_design.Coding(names[i]) for i in order[1:]),
    )
