"""Covariance of coefficients: model-based, heteroscedasticity-robust, or by cluster."""

from __future__ import annotations

import numpy as np

from ._input import FloatArray, IntArray

KINDS = (None, "HC0", "HC1", "HC2", "HC3")


def covariance(
    design: FloatArray,
    residual: FloatArray,
    variance: FloatArray,
    weights: FloatArray,
    *,
    robust: str | None,
    groups: IntArray | None,
    dispersion: float,
) -> FloatArray:
    """B·M·B with bread B = (Σ w v x xᵀ)⁻¹ and meat M = Σ s sᵀ of the scores s = w·(y − μ)·x.

    HC0: White (1980); HC1 times n/(n−k); HC2 and HC3: residual over (1−h)^½ and (1−h), MacKinnon & White
    (1985), with the leverage h of the weighted fit. ``groups`` (codes from 0) sums scores by cluster
    first: CR1, times G/(G−1)·(n−1)/(n−k), Liang & Zeger (1986), Cameron & Miller (2015) eq. 12.
    Raises ValueError where HC2 or HC3 meets a row that the fit reproduces whatever its outcome.
    """
    n, k = design.shape
    information = (design * (weights * variance)[:, None]).T @ design
    bread = np.asarray(np.linalg.inv(information), dtype=np.float64)
    if groups is None and robust is None:
        return bread * dispersion
    scores = design * (weights * residual)[:, None]
    if groups is not None:
        count = int(groups.max()) + 1
        scores = sum_by(scores, groups, count)
        return _product(bread, scores, count / (count - 1.0) * (n - 1.0) / (n - k))
    if robust == "HC1":
        return _product(bread, scores, n / (n - k))
    if robust in ("HC2", "HC3"):
        left = 1.0 - np.einsum("ij,jk,ik->i", design, bread, design, optimize=True) * weights * variance
        if float(left.min()) < 1e-9:
            row = int(left.argmin())
            raise ValueError(
                f"X: row {row} alone decides a coefficient (a level seen once?), so {robust} errors do "
                "not exist; merge that level or use robust='HC1'"
            )
        scores = scores / (left if robust == "HC3" else np.sqrt(left))[:, None]
    return _product(bread, scores, 1.0)


def sum_by(values: FloatArray, groups: IntArray, count: int) -> FloatArray:
    """Column sums by group code: rows × columns to groups × columns."""
    columns = [np.bincount(groups, weights=values[:, j], minlength=count) for j in range(values.shape[1])]
    return np.column_stack(columns)


def _product(bread: FloatArray, scores: FloatArray, factor: float) -> FloatArray:
    half = scores @ bread
    return np.asarray(half.T @ half * factor, dtype=np.float64)
