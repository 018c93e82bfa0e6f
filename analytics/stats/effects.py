"""What a treatment did on average, when who got it was not left to chance."""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np

from . import _design, _irls
from ._distributions import quantile, two_sided
from ._input import (
    BoolArray,
    FloatArray,
    IntArray,
    check_choice,
    check_level,
    check_same_length,
    check_varies,
    flags,
    frame,
    labels,
    numbers,
)
from ._sandwich import sum_by
from .results import Estimate

__all__ = ["Estimate", "average_treatment_effect"]


def average_treatment_effect(
    outcome: Any,
    treated: Any,
    covariates: Any,
    *,
    method: Literal["aipw"] = "aipw",
    family: Literal["gaussian", "binomial", "poisson"] = "gaussian",
    folds: int = 5,
    trim: float = 0.01,
    seed: int = 0,
    groups: Any = None,
    level: float = 0.95,
) -> Estimate:
    """Average effect of treated (0/1) on the outcome (its own unit) given the covariates, doubly robust.

    Augmented inverse-propensity weighting, cross-fitted: in each of ``folds`` the propensity e(x) (logistic,
    slight ridge) and the outcome's means m₁(x), m₀(x) (linear, logistic or log-linear by ``family``) come
    from the other folds; the effect is the mean of
    m₁ − m₀ + t(y − m₁)/e − (1−t)(y − m₀)/(1−e), and its error their standard deviation/√n (by cluster with
    ``groups``, which then also stay in one fold). Propensities are held within [trim, 1 − trim]; rows are
    not removed. Folds are drawn with ``seed`` and do not depend on the order of the rows.
    It is an effect only if the covariates hold all that moved both treatment and outcome.

    Source: Robins, Rotnitzky & Zhao (1994), JASA 89, 846–866; Chernozhukov et al. (2018), Econometrics
    Journal 21, C1–C68, eq. 5.3. Raises ValueError on a constant column, a redundant covariate, and on fewer
    treated or untreated rows than twice the coefficients in any training fold.
    """
    check_level(level)
    check_choice(method, "method", ("aipw",))
    check_choice(family, "family", _irls.FAMILIES)
    if folds < 2:
        raise ValueError(f"folds: at least 2 are needed; got {folds}")
    if not 0.0 <= trim < 0.5:
        raise ValueError(f"trim: must lie from 0 to 0.5; got {trim!r}")
    y, t, table = numbers(outcome, "outcome"), flags(treated, "treated"), frame(covariates, "covariates")
    codes = np.zeros(len(y), dtype=np.int64) if groups is None else labels(groups, "groups")[0]
    rows = check_same_length(outcome=y, treated=t, covariates=table, groups=codes)
    _design.check_present(table, "covariates")
    kept = ~(np.isnan(y) | np.isnan(t) | (codes < 0) | _design.missing_rows(table))
    y, t, codes, table = y[kept], t[kept], codes[kept], table[kept]
    if not len(y):
        raise ValueError("outcome, treated, covariates: no complete row")
    check_varies(t, "treated")
    check_varies(y, "outcome")
    if family == "binomial":
        flags(y, "outcome")
    if family == "poisson" and (y < 0).any():
        raise ValueError("outcome: must not be negative with family='poisson'")
    design, names = _design.fresh(table, "covariates")
    _design.check_rank(design, names, "covariates")
    design = (design - design.mean(axis=0)) / design.std(axis=0)

    order = np.lexsort([y, t, *design.T])  # the same rows in any order share out to the same folds
    y, t, codes, design = y[order], t[order], codes[order], design[order]
    clusters = None if groups is None else np.unique(codes, return_inverse=True)[1]
    fold = _folds(t, clusters, folds, np.random.default_rng(seed))
    scores = np.empty(len(y))
    for k in range(folds):
        held = fold == k
        scores[held] = _scores(y, t, design, held, family, trim)
    value = float(scores.mean())
    influence = (scores - value) / len(scores)
    if clusters is None:
        n = len(scores)
        variance, df = float((influence**2).sum()) * n / (n - 1.0), None
    else:
        count = int(clusters.max()) + 1
        total = sum_by(influence[:, None], clusters, count)
        variance, df = float((total**2).sum()) * count / (count - 1.0), count - 1.0
    se = math.sqrt(variance)
    margin = quantile(level, df) * se
    p = two_sided(value / se, df) if se > 0 else None
    return Estimate(value, value - margin, value + margin, len(scores), rows - len(scores), level, se, p)


def _folds(t: FloatArray, clusters: Any, folds: int, rng: np.random.Generator) -> IntArray:
    """A fold for each row: shares of treated alike, or whole clusters together."""
    if clusters is not None:
        count = int(clusters.max()) + 1
        if count < folds:
            raise ValueError(f"groups: {folds} folds need at least as many groups; got {count}")
        return np.asarray(rng.permutation(np.arange(count) % folds)[clusters], dtype=np.int64)
    fold = np.empty(len(t), dtype=np.int64)
    for arm in (0.0, 1.0):
        members = np.flatnonzero(t == arm)
        fold[members] = rng.permutation(np.arange(len(members)) % folds)
    return fold


def _scores(
    y: FloatArray, t: FloatArray, design: FloatArray, held: BoolArray, family: str, trim: float
) -> FloatArray:
    from sklearn.linear_model import LogisticRegression

    train = ~held
    needed = 2 * (design.shape[1] + 1)
    means = []
    for arm in (0.0, 1.0):
        members = train & (t == arm)
        if members.sum() < needed:
            who = "treated" if arm else "untreated"
            raise ValueError(f"treated: {int(members.sum())} {who} rows in a fold where {needed} are needed")
        means.append(_outcome_mean(y[members], design[members], design[held], family))
    # The ridge is weak (C = 100 on standardised columns): it only keeps separated arms finite.
    model: Any = LogisticRegression(C=100.0, max_iter=1000)
    propensity = model.fit(design[train], t[train]).predict_proba(design[held])[:, 1]
    e = np.clip(propensity, max(trim, 1e-9), 1.0 - max(trim, 1e-9))
    got, seen = t[held], y[held]
    weighted = got * (seen - means[1]) / e - (1.0 - got) * (seen - means[0]) / (1.0 - e)
    return np.asarray(means[1] - means[0] + weighted, dtype=np.float64)


def _outcome_mean(y: FloatArray, design: FloatArray, at: FloatArray, family: str) -> FloatArray:
    """Fitted on one arm, predicted at other rows; the arm's mean where its outcomes do not vary or
    separate (the propensity term then corrects it)."""
    if np.ptp(y) == 0.0:
        return np.full(len(at), y[0])
    unit = float(y.mean()) if family == "poisson" else 1.0
    fitted = _irls.maximise(y / unit, np.column_stack([np.ones(len(y)), design]), np.ones(len(y)), family)
    if fitted is None:
        return np.full(len(at), y.mean())
    eta = np.column_stack([np.ones(len(at)), at]) @ fitted[0]
    return np.asarray(_irls.mean_of(eta, family) * unit, dtype=np.float64)
