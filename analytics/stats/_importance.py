"""Importance of predictors from correlation matrices, for many matrices at once.

Every function takes correlations of shape draws × (k+1) × (k+1) with the outcome last, and returns
draws × k raw shares of R².
"""

from __future__ import annotations

import math

import numpy as np

from ._input import FloatArray

# A draw in which an item repeats others (or stands still) must not divide by rounding noise.
REDUNDANT = 1e-10


def correlations(moments: FloatArray) -> FloatArray:
    """Second moments about the origin, draws × (p+1) × (p+1) with a leading constant, to correlations.

    A variable that does not vary in a draw gets correlation 0 with the others there.
    """
    total = moments[:, :1, :1]
    mean = moments[:, 0, 1:] / total[:, 0]
    covariance = moments[:, 1:, 1:] / total - mean[:, :, None] * mean[:, None, :]
    variance = np.einsum("dii->di", covariance)
    still = variance <= REDUNDANT  # columns come in standardised
    scale = np.where(still, np.inf, np.sqrt(np.maximum(variance, REDUNDANT)))
    result = np.asarray(covariance / scale[:, :, None] / scale[:, None, :], dtype=np.float64)
    np.einsum("dii->di", result)[:] = 1.0
    return result


def lmg(r: FloatArray) -> FloatArray:
    """LMG: R² gained by each predictor, averaged over all orders of entry.

    Lindeman, Merenda & Gold (1980); Grömping (2006), J. Stat. Software 17(1), eq. 5; equal to the Shapley
    value of R². All 2ᵏ subset R² come from one walk that sweeps a predictor at a time.
    """
    k = r.shape[1] - 1
    explained = np.zeros((1 << k, len(r)))

    def walk(rest: FloatArray, first: int, subset: int) -> None:
        # `rest` is the covariance of predictors `first`… and the outcome given the predictors in `subset`.
        for j in range(k - first):
            pivot = rest[:, j, j]
            usable = pivot > REDUNDANT
            inverse = np.where(usable, 1.0 / np.where(usable, pivot, 1.0), 0.0)
            grown = subset | 1 << (first + j)
            explained[grown] = explained[subset] + rest[:, j, -1] ** 2 * inverse
            if first + j + 1 < k:
                column = rest[:, j + 1 :, j]
                left = (
                    rest[:, j + 1 :, j + 1 :] - (column * inverse[:, None])[:, :, None] * column[:, None, :]
                )
                walk(left, first + j + 1, grown)

    walk(r, 0, 0)
    subsets = np.arange(1 << k)
    size = np.array([int(s).bit_count() for s in subsets])
    # An order puts exactly this subset before predictor j with probability |S|!(k−|S|−1)!/k!.
    chance = np.array([math.factorial(s) * math.factorial(k - s - 1) for s in range(k)]) / math.factorial(k)
    shares = np.empty((len(r), k))
    for j in range(k):
        without = subsets[(subsets >> j & 1) == 0]
        shares[:, j] = chance[size[without]] @ (explained[without | 1 << j] - explained[without])
    return shares


def johnson(r: FloatArray) -> FloatArray:
    """Relative weights by the orthogonal variables closest to the predictors.

    Johnson (2000), Multivariate Behavioral Research 35, 1–19, eq. 3–8: Rxx = VDV', Λ = VD^½V',
    β = Λ⁻¹r, share of predictor j = Σ over m of Λ²ⱼₘ β²ₘ.
    """
    values, vectors = np.linalg.eigh(r[:, :-1, :-1])
    root = np.sqrt(np.maximum(values, 0.0))
    inverse = np.where(root > math.sqrt(REDUNDANT), 1.0 / np.maximum(root, math.sqrt(REDUNDANT)), 0.0)
    transposed = vectors.transpose(0, 2, 1)
    loading = (vectors * root[:, None, :]) @ transposed
    beta = ((vectors * inverse[:, None, :]) @ transposed) @ r[:, :-1, -1:]
    return np.asarray((loading**2 @ beta**2)[:, :, 0], dtype=np.float64)
