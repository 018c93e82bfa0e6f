"""The Gamma–Gamma model of spend: Fader & Hardie (2013), "The Gamma-Gamma Model of Monetary Value";
Fader, Hardie & Lee (2005), Journal of Marketing Research 42, 415–430. A purchase's value is gamma with
shape p and a customer's own scale, which is again gamma (q, v) between customers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from ._input import FloatArray, check_broadcast, check_same_length, numbers

BOUND = 15.0
STARTS = ((1.0, 1.0, 1.0), (2.0, 1.3, 0.0), (0.0, 0.5, 0.0), (3.0, 2.0, -1.0))


@dataclass(frozen=True, slots=True)
class GammaGamma:
    """Fitted parameters; ``v`` is in the values' currency. ``correlation`` (Pearson, of frequency and mean
    value among repeat buyers) should be near 0: the model takes them to be independent."""

    p: float
    q: float
    v: float
    log_likelihood: float
    n: int = 0
    dropped: int = 0
    correlation: float | None = None
    converged: bool = True

    def expected_value(self, frequency: Any, monetary: Any) -> FloatArray:
        """Expected value of a customer's purchases, p·(v + x·m)/(p·x + q − 1); arguments broadcast.

        A weighted mean of the customer's own mean and the population's p·v/(q − 1), which stands for those
        without a repeat purchase. Missing gives NaN. Raises ValueError on negative input, and where q ≤ 1,
        because the population's mean does not exist then.
        """
        if self.q <= 1.0:
            raise ValueError(f"q: is {self.q:g}; the expected value exists only above 1")
        x, m = _column(frequency, "frequency"), _column(monetary, "monetary")
        check_broadcast(frequency=x, monetary=m)
        x, m = np.broadcast_arrays(x, m)
        spent = np.where(x > 0, x * m, 0.0)
        known = ~(np.isnan(x) | ((x > 0) & np.isnan(m)))
        value = self.p * (self.v + spent) / (self.p * x + self.q - 1.0)
        return np.asarray(np.where(known, value, np.nan), dtype=np.float64)[()]


def fit_gamma_gamma(frequency: Any, monetary: Any) -> GammaGamma:
    """Maximum likelihood of p, q, v from repeat purchases and their mean value, one row a customer.

    Customers without a repeat purchase say nothing here and are left aside; rows with a missing value, or
    with repeat purchases that cost nothing, are dropped and counted. ``n``: customers used.
    Raises ValueError on negative input and on fewer than 4 usable customers or values all alike.
    """
    from scipy.optimize import minimize

    x, m = _column(frequency, "frequency"), _column(monetary, "monetary")
    rows = check_same_length(frequency=x, monetary=m)
    once = x == 0
    kept = (x > 0) & (m > 0)
    dropped = rows - int(once.sum()) - int(kept.sum())
    x, m = x[kept], m[kept]
    n = len(x)
    if n < 4:
        raise ValueError(f"frequency: at least 4 customers with repeat purchases are needed; got {n}")
    if np.ptp(m) == 0.0:
        raise ValueError("monetary: is constant, so nothing can be computed from it")
    scale = float(m.mean())
    unit = m / scale

    def objective(logs: FloatArray) -> tuple[float, FloatArray]:
        value, gradient = _log_likelihood(logs, x, unit)
        return -value / n, -gradient / n

    found = [
        minimize(
            objective,
            np.array(start),
            jac=True,
            method="L-BFGS-B",
            bounds=[(-BOUND, BOUND)] * 3,
            options={"maxiter": 2000, "ftol": 1e-15, "gtol": 1e-9},
        )
        for start in STARTS
    ]
    best = min(found, key=lambda result: float(result.fun))
    p, q, v = (float(value) for value in np.exp(best.x))
    inside = bool((np.abs(best.x) < BOUND - 1e-3).all())
    gradient = float(np.max(np.abs(objective(best.x)[1])))
    value = -n * float(best.fun) - n * float(np.log(scale))
    correlation = float(np.corrcoef(x, m)[0, 1]) if np.ptp(x) > 0 else None
    return GammaGamma(p, q, v * scale, value, n, dropped, correlation, inside and gradient < 1e-4)


def _log_likelihood(logs: FloatArray, x: FloatArray, m: FloatArray) -> tuple[float, FloatArray]:
    """Log-likelihood (equation 1a of the note) and its gradient in log p, log q, log v."""
    p, q, v = np.exp(logs)
    px, rest = p * x, np.log(v + x * m)
    terms = special.gammaln(px + q) - special.gammaln(px) - special.gammaln(q) + q * np.log(v)
    terms = terms + (px - 1.0) * np.log(m) + px * np.log(x) - (px + q) * rest
    by_p = x * (special.psi(px + q) - special.psi(px) + np.log(m) + np.log(x) - rest)
    by_q = special.psi(px + q) - special.psi(q) + np.log(v) - rest
    by_v = q / v - (px + q) / (v + x * m)
    return float(terms.sum()), np.array([by_p.sum() * p, by_q.sum() * q, by_v.sum() * v])


def _column(values: Any, name: str) -> FloatArray:
    column = np.asarray(numbers([values], name)[0]) if np.ndim(values) == 0 else numbers(values, name)
    if (column < 0).any():
        raise ValueError(f"{name}: must not be negative")
    return column
