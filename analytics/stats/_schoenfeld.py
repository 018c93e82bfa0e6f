"""The exact score test of proportional hazards, as R's survival ≥ 3 computes it (cox.zph).

The fitted model gets an extra covariate x·g(t) for each x. The score test of those at (β̂, 0) needs, at
each death time, the Schoenfeld residual s(t) and the information I(t): the expanded score is Σ g·s and the
expanded information has the blocks Σ I, Σ g·I and Σ g²·I, since g is one number in a risk set. (The older
test, which lifelines still has, replaces every I(t) by their average.) Source: Grambsch & Therneau (1994),
Biometrika 81, 515–526; Therneau, "Proportional hazards tests", survival 3.0 vignette. Ties by Efron.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ._input import FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class Blocks:
    """Score of β (p), score of γ (p), and the three information blocks (p × p)."""

    score: FloatArray
    extra: FloatArray
    base: FloatArray
    cross: FloatArray
    square: FloatArray


def blocks(
    x: FloatArray, beta: FloatArray, durations: FloatArray, events: FloatArray, g: FloatArray
) -> Blocks:
    """Score and information of the expanded model at (β, 0); x is rows × p, g one number a row's time."""
    p = x.shape[1]
    x = x - x.mean(axis=0)
    eta = x @ beta
    risk = np.exp(eta - eta.max())
    times, at = np.unique(durations, return_inverse=True)
    dead = events == 1.0
    deaths = np.bincount(at[dead], minlength=len(times))
    # One entry a death; Efron takes the l-th of d tied deaths out of the risk set by l/d.
    entry = np.repeat(np.arange(len(times)), deaths)
    order = np.arange(len(entry)) - np.repeat(np.cumsum(deaths) - deaths, deaths)
    fraction = order / deaths[entry]

    def in_risk_set(values: FloatArray) -> FloatArray:
        """Σ over the risk set less l/d of Σ over the deaths, at each entry."""
        everyone = np.bincount(at, weights=values, minlength=len(times))[::-1].cumsum()[::-1]
        dying = np.bincount(at[dead], weights=values[dead], minlength=len(times))
        return np.asarray(everyone[entry] - fraction * dying[entry], dtype=np.float64)

    total = in_risk_set(risk)
    means = [in_risk_set(risk * x[:, j]) / total for j in range(p)]
    time_of_entry = g_by_time(g, at, len(times))[entry]
    weights = np.stack([np.ones(len(entry)), time_of_entry, time_of_entry**2])
    sums = np.zeros((3, p, p))
    for i in range(p):
        for j in range(i, p):
            information = in_risk_set(risk * x[:, i] * x[:, j]) / total - means[i] * means[j]
            sums[:, i, j] = sums[:, j, i] = weights @ information
    observed, observed_g = x[dead].sum(axis=0), (x[dead] * g[dead][:, None]).sum(axis=0)
    score = np.array([observed[j] - means[j].sum() for j in range(p)])
    extra = np.array([observed_g[j] - time_of_entry @ means[j] for j in range(p)])
    return Blocks(score, extra, sums[0], sums[1], sums[2])


def g_by_time(g: FloatArray, at: IntArray, count: int) -> FloatArray:
    result = np.empty(count)
    result[at] = g
    return result


def polish(beta: FloatArray, evaluate: Callable[[FloatArray], Blocks]) -> tuple[FloatArray, Blocks]:
    """Newton steps from an already fitted β: the test takes the score of β to be exactly 0."""
    found = evaluate(beta)
    for _ in range(5):
        step = np.linalg.solve(found.base, found.score)
        if float(np.max(np.abs(step) * np.sqrt(np.diag(found.base)))) < 1e-9:
            break
        beta = beta + step
        found = evaluate(beta)
    return beta, found


def statistic(found: Blocks, columns: list[int]) -> float:
    """Chi-square of adding x·g(t) for these columns, with as many degrees of freedom as columns."""
    u = found.extra[columns]
    cross = found.cross[:, columns]
    information = found.square[np.ix_(columns, columns)] - cross.T @ np.linalg.solve(found.base, cross)
    return float(u @ np.linalg.solve(information, u))
