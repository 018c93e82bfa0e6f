"""Repeats one run of a financial study from its stored frame, with pandas, NumPy, SciPy and statsmodels alone.

    pip install pandas pyarrow scipy statsmodels
    python repeat.py frame.parquet

It prints the adjusted difference of each pair of bands, in the window after the answer (the link) and before it (the
placebo), beside what the run stored, and ends with 1 where they disagree by more than one part in a million of the
interval's width. The bootstrap is not repeated, so neither are the figures in standard deviations.

The frame holds one row a customer:
    answered_at, value, band   the customer's first answer in the period
    outcome                    in the days after it: (t, t+h]
    placebo                    the same in the days before it: [t-h, t)
    c_<name>, p_<name>         what is held fixed for the outcome ([t-w, t)) and the placebo ([t-h-w, t-h))
    tenure_days, segment ...   facts about the customer, held fixed too
"""

from typing import Any

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import stats

from .common import RARE, RUN, Told, independent, levels, say, start


# ---
def main(frame: pd.DataFrame, told: Told) -> None:
    followed = frame["placebo_possible"].to_numpy() == 1
    say(f"{RUN['outcome']} ({RUN['unit']})")
    for window, outcome, prefix, rows in (
        ("after", "outcome", "c_", np.ones(len(frame), dtype=bool)),
        ("before", "placebo", "p_", followed),
    ):
        stored = [(one["first"], one["second"], one[window]) for one in RUN["contrasts"] if one[window]]
        if not stored:
            say(f"{window} the answer: nothing stored")
            continue
        say(f"{window} the answer:")
        known = rows & frame["outcome"].notna().to_numpy() & frame[outcome].notna().to_numpy()
        means, covariance, df = adjusted(frame[known].reset_index(drop=True), outcome, prefix)
        for first, second, one in stored:
            told.interval(f"{first} less {second}", difference(means, covariance, df, first, second), one)


def adjusted(frame: pd.DataFrame, outcome: str, prefix: str) -> tuple[Any, Any, float | None]:
    """Mean outcome had everybody been in each band, at their own controls; their covariance; t's df."""
    y = frame[outcome].to_numpy(dtype=float)
    x = np.column_stack([np.ones(len(frame)), design(frame, y, prefix)])
    family = {
        "poisson": sm.families.Poisson,
        "binomial": sm.families.Binomial,
        "gaussian": sm.families.Gaussian,
    }[RUN["model"]]()
    unit = y.mean() if RUN["model"] == "poisson" else 1.0
    fit = sm.GLM(y / unit, x, family=family).fit(maxiter=200, tol=1e-14, tol_criterion="params")
    beta = np.array(fit.params)
    if RUN["model"] == "poisson":
        beta[0] += np.log(unit)
    n, k = x.shape
    mu = family.link.inverse(x @ beta)
    slope = slopes(mu)
    bread = np.linalg.inv((x * slope[:, None]).T @ x)
    left = 1.0 - np.einsum("ij,jk,ik->i", x, bread, x) * slope
    scores = x * (y - mu)[:, None]
    if left.min() < 1e-9:  # a row that the fit reproduces whatever its outcome: HC1 instead of HC3
        covariance = bread @ (scores.T @ scores) @ bread * n / (n - k)
    else:
        scores = scores / left[:, None]
        covariance = bread @ (scores.T @ scores) @ bread
    means, gradient, spread = np.empty(3), np.empty((3, k)), np.empty((3, n))
    for band, (high, low) in enumerate(((1.0, 0.0), (0.0, 0.0), (0.0, 1.0))):
        moved = x.copy()
        moved[:, 1], moved[:, 2] = high, low
        mu = family.link.inverse(moved @ beta)
        means[band] = mu.mean()
        spread[band] = mu - means[band]
        gradient[band] = (moved * slopes(mu)[:, None]).mean(axis=0)
    total = gradient @ covariance @ gradient.T + spread @ spread.T / (n * (n - 1.0))
    return means, total, float(n - k) if RUN["model"] == "gaussian" else None


def slopes(mu: Any) -> Any:
    """Variance function of the model, which with its canonical link is also the mean's derivative."""
    return {"poisson": mu, "binomial": mu * (1.0 - mu), "gaussian": np.ones_like(mu)}[RUN["model"]]


def difference(
    means: Any, covariance: Any, df: float | None, first: str, second: str
) -> tuple[float, float, float]:
    i, j = RUN["bands"].index(first), RUN["bands"].index(second)
    value = float(means[i] - means[j])
    se = float(np.sqrt(max(0.0, covariance[i, i] + covariance[j, j] - 2.0 * covariance[i, j])))
    upper = 0.5 + RUN["level"] / 2.0
    reach = se * float(stats.norm.ppf(upper) if df is None else stats.t.ppf(upper, df))
    return value, value - reach, value + reach


def design(frame: pd.DataFrame, y: Any, prefix: str) -> Any:
    """Highest and lowest band against the middle one, then the controls that say something of their own."""
    band = frame["band"].to_numpy(dtype=object)
    treatment = [(band == RUN["bands"][0]).astype(float), (band == RUN["bands"][2]).astype(float)]
    columns: list[Any] = []
    for control in RUN["controls"]:
        if control["kind"] == "levels":
            columns += levels(frame[control["name"]].to_numpy(dtype=object), y, RUN["model"] != "gaussian")
        elif control["kind"] == "amount":
            columns += amounts(frame[prefix + control["name"]].to_numpy(dtype=float))
        else:
            columns += tenure(frame[control["name"]].to_numpy(dtype=float))
    return np.column_stack([*treatment, *independent(treatment, columns)])


def amounts(values: Any) -> list[Any]:
    """Signed logarithm over the mean of those that are not 0, a bend at its median, and none at all."""
    some = values != 0
    if not some.any() or np.ptp(values) == 0:
        return []
    logged = np.sign(values) * np.log1p(np.abs(values) / np.abs(values[some]).mean())
    found = [logged]
    above = np.maximum(0.0, logged - float(np.median(logged[some])))
    if (above > 0).sum() >= RARE:
        found.append(above)
    if RARE <= some.sum() <= len(values) - RARE:
        found.append((~some).astype(float))
    return found


def tenure(days: Any) -> list[Any]:
    unknown = np.isnan(days)
    if unknown.all():
        return []
    years = np.log1p(np.where(unknown, np.nanmedian(days), days) / 365.25)
    found = [years] if np.ptp(years) > 0 else []
    if unknown.sum() >= RARE:
        found.append(unknown.astype(float))
    return found


if __name__ == "__main__":
    start(main)
