"""The beta-geometric/NBD model: Fader, Hardie & Lee (2005), "Counting Your Customers" the Easy Way,
Marketing Science 24(2), 275–284. Purchases are Poisson with a gamma rate (shape r, scale 1/α); after each
one the customer drops out with a beta probability (a, b)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from ._input import FloatArray, check_broadcast, check_same_length, numbers

# Beyond these the likelihood is flat: e^±12 stands for "no heterogeneity" or "nobody drops out".
BOUND = 12.0
STARTS = ((0.0, 0.0, 0.0, 0.0), (-1.0, 0.0, 0.0, 1.0), (1.0, 1.0, -1.0, 2.0), (-0.5, -1.0, 1.0, 0.0))


@dataclass(frozen=True, slots=True)
class BgNbd:
    """Fitted parameters. ``alpha`` is in the time unit of the data; ``converged`` is False where a parameter
    ran to its bound (no heterogeneity, or nobody seems ever to drop out)."""

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float
    n: int = 0
    dropped: int = 0
    converged: bool = True

    def expected_purchases(self, horizon: Any, frequency: Any, recency: Any, age: Any) -> FloatArray:
        """Purchases expected in (age, age + horizon] given the history; arguments broadcast.

        Equation 10, with Euler's transformation (1 − z)^(r+x)·F(r+x, b+x; c; z) = (1 − z)^(a−1)·F(c−r−x,
        a−1; c; z), c = a+b+x−1, which does not overflow for frequent buyers. A customer just acquired
        (frequency, recency and age 0) gives equation 9. Missing history gives NaN.
        Raises ValueError on a negative horizon or an impossible history.
        """
        t, x, last, total = np.broadcast_arrays(
            _numbers(horizon, "horizon"), *_history(frequency, recency, age)
        )
        if (t < 0).any():
            raise ValueError("horizon: must not be negative")
        a = 1.0 + 1e-7 if abs(self.a - 1.0) < 1e-7 else self.a  # eq. 10 is 0/0 at 1, its limit finite
        z = t / (self.alpha + total + t)
        c = a + self.b + x - 1.0
        inner = np.exp((a - 1.0) * np.log1p(-z)) * special.hyp2f1(c - self.r - x, a - 1.0, c, z)
        count = c / (a - 1.0) * (1.0 - inner)
        return np.asarray(count * _alive(self, x, last, total), dtype=np.float64)[()]

    def probability_alive(self, frequency: Any, recency: Any, age: Any) -> FloatArray:
        """Probability that a customer with this history has not dropped out; 1 without a repeat purchase,
        because in this model one can only drop out after one.

        1/(1 + [x > 0]·a/(b+x−1)·((α+T)/(α+t_x))^(r+x)): Fader, Hardie & Lee (2008), "Computing P(alive)
        using the BG/NBD model". Missing history gives NaN. Raises ValueError on an impossible history.
        """
        return _alive(self, *np.broadcast_arrays(*_history(frequency, recency, age)))[()]


def fit_bg_nbd(frequency: Any, recency: Any, age: Any) -> BgNbd:
    """Maximum likelihood of r, α, a, b from repeat purchases, time of the last one and time observed.

    Three columns, one row a customer; recency and age in one unit, counted from the first purchase. The
    log-likelihood (equation 6, in logs throughout) is maximised by L-BFGS-B with its exact gradient from
    several starts, over distinct histories only. Rows with a missing value are dropped and counted.
    Raises ValueError on negative or impossible histories and where nobody ever bought again.
    """
    from scipy.optimize import minimize

    x, last, total = _history(frequency, recency, age)
    rows = check_same_length(frequency=x, recency=last, age=total)
    complete = ~(np.isnan(x) | np.isnan(last) | np.isnan(total))
    table = np.column_stack([x, last, total])[complete]
    n = len(table)
    if n < 4 or not (table[:, 0] > 0).any():
        raise ValueError("frequency: at least 4 customers, one with a repeat purchase, are needed")
    scale = float(table[:, 2].mean())  # the time unit must not decide how the optimiser steps
    histories, times = np.unique(table, axis=0, return_counts=True)
    x, last, total = histories[:, 0], histories[:, 1] / scale, histories[:, 2] / scale
    weights = times.astype(np.float64)

    def objective(logs: FloatArray) -> tuple[float, FloatArray]:
        value, gradient = _log_likelihood(logs, x, last, total, weights)
        return -value / n, -gradient / n

    found = [
        minimize(
            objective,
            np.array(start),
            jac=True,
            method="L-BFGS-B",
            bounds=[(-BOUND, BOUND)] * 4,
            options={"maxiter": 1000, "ftol": 1e-15, "gtol": 1e-9},
        )
        for start in STARTS
    ]
    best = min(found, key=lambda result: float(result.fun))
    r, alpha, a, b = (float(v) for v in np.exp(best.x))
    inside = bool((np.abs(best.x) < BOUND - 1e-3).all())
    gradient = float(np.max(np.abs(objective(best.x)[1])))
    # Rescaling time by `scale` multiplies the density of every repeat purchase.
    value = -n * float(best.fun) - float(weights @ x) * float(np.log(scale))
    return BgNbd(r, alpha * scale, a, b, value, n, rows - n, inside and gradient < 1e-4)


def _log_likelihood(
    logs: FloatArray, x: FloatArray, last: FloatArray, total: FloatArray, weights: FloatArray
) -> tuple[float, FloatArray]:
    """Log-likelihood and its gradient in log r, log α, log a, log b."""
    r, alpha, a, b = np.exp(logs)
    repeat = x > 0
    m = np.where(repeat, x, 1.0)  # b + x − 1 needs no meaning where nothing was bought again
    common = special.gammaln(r + x) - special.gammaln(r) + r * np.log(alpha)
    common = common + special.betaln(a, b + x) - special.betaln(a, b)
    alive = -(r + x) * np.log(alpha + total)
    gone = np.where(repeat, np.log(a) - np.log(b + m - 1.0) - (r + x) * np.log(alpha + last), -np.inf)
    both = np.logaddexp(alive, gone)
    share = np.exp(gone - both)  # of having dropped out
    value = float(weights @ (common + both))

    mixed = (1.0 - share) * np.log(alpha + total) + share * np.log(alpha + last)
    by_r = special.psi(r + x) - special.psi(r) + np.log(alpha) - mixed
    by_alpha = r / alpha - (r + x) * ((1.0 - share) / (alpha + total) + share / (alpha + last))
    both_psi = special.psi(a + b) - special.psi(a + b + x)
    by_a = both_psi + share / a
    by_b = both_psi + special.psi(b + x) - special.psi(b) - share / (b + m - 1.0)
    gradient = np.array(
        [weights @ by_r * r, weights @ by_alpha * alpha, weights @ by_a * a, weights @ by_b * b]
    )
    return value, gradient


def _alive(model: BgNbd, x: FloatArray, last: FloatArray, total: FloatArray) -> FloatArray:
    repeat = x > 0
    m = np.where(repeat, x, 1.0)
    log_odds = (
        np.log(model.a)
        - np.log(model.b + m - 1.0)
        + (model.r + x) * (np.log(model.alpha + total) - np.log(model.alpha + last))
    )
    alive = np.where(repeat, special.expit(-log_odds), 1.0)
    return np.asarray(np.where(np.isnan(x + last + total), np.nan, alive), dtype=np.float64)


def _numbers(values: Any, name: str) -> FloatArray:
    """A scalar stays one, so that the answer is one too."""
    if np.ndim(values) == 0:
        return np.asarray(numbers([values], name)[0])
    return numbers(values, name)


def _history(frequency: Any, recency: Any, age: Any) -> tuple[FloatArray, FloatArray, FloatArray]:
    x, last, total = _numbers(frequency, "frequency"), _numbers(recency, "recency"), _numbers(age, "age")
    check_broadcast(frequency=x, recency=last, age=total)
    for name, column in (("frequency", x), ("recency", last), ("age", total)):
        if (column < 0).any():
            raise ValueError(f"{name}: must not be negative")
    if (last > total * (1.0 + 1e-12)).any():
        raise ValueError("recency: the last purchase lies after the end of observation (age)")
    if (x != np.floor(np.where(np.isnan(x), 0.0, x)))[~np.isnan(x)].any():
        raise ValueError("frequency: must be whole numbers of repeat purchases")
    if ((x == 0) & (last > 0)).any():
        raise ValueError("recency: must be 0 where frequency is 0")
    return x, last, total
