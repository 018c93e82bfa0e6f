"""Repeats one run of an operational study from its stored frame, with pandas, NumPy, SciPy and statsmodels alone.

    pip install pandas pyarrow scipy statsmodels
    python repeat.py frame.parquet

It prints the threshold that separates the answers best among the candidates, both sides of it as observed and at the
same controls, their difference (the link; interval and p pay for the search), the same difference in the customers'
previous answers (the placebo), link and placebo in standard deviations, the curve and its test: each beside what the
run stored. It ends with 1 where a figure disagrees by more than one part in a million of its interval's width.

The frame holds one row a contact that was asked about and answered:
    measure           of the contact: the wait, the transfers
    value             the answer about it; previous, earlier: the customer's two answers before it (missing: none)
    customer, agent   rows of one belong together (an empty agent: a cluster of its own)
    hour, channel ... what is held fixed
"""

from typing import Any

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import special

from .clusters import Clusters
from .common import RARE, RUN, Told, independent, levels, start
from .thresholds import Search


# ---
def main(frame: pd.DataFrame, told: Told) -> None:
    stored = RUN["contrast"]
    if stored is None:
        return
    x, y = frame["measure"].to_numpy(dtype=float), scored(frame["value"])
    clusters = Clusters(*codes(frame))
    held = controls(frame, "previous", y)
    found = Search(x, y, held, RUN["tried"], clusters)
    told.number("the threshold", found.chosen, stored["threshold"])
    for one, t in zip(RUN["curve"]["thresholds"], found.t, strict=True):
        told.number(f"t at {one['words']}", t, one["t"])
    above = (x > found.chosen).astype(float)
    link = Fit(y, above[:, None], held)
    for side, state in (("above", 1.0), ("below", 0.0)):
        rows = np.flatnonzero(above == state)
        told.number(f"{side}, n", len(rows), stored[side]["n"])
        told.interval(f"{side}, as observed", observed(y[rows], clusters.at(rows)), stored[side]["observed"])
        mean, influence = link.mean(np.array([state]))
        told.interval(
            f"{side}, at the same controls",
            on_scale(mean, clusters.error(influence), clusters.df),
            stored[side]["adjusted"],
        )
    value, influence = link.difference()
    se, critical = clusters.error(influence), found.critical()
    told.interval(
        "difference, the link", (value, value - critical * se, value + critical * se), stored["after"]
    )
    told.number("its p", found.p(value / se) if se > 0 else 1.0, stored["p"])
    if stored["before"]:
        placebo(frame, y, above, value, critical, clusters, told)
    curve(x, y, held, clusters, told)


def placebo(
    frame: pd.DataFrame, y: Any, above: Any, value: float, critical: float, clusters: "Clusters", told: Told
) -> None:
    """On contacts whose customer had answered before: the link again, and the earlier answer in its place."""
    stored, previous = RUN["contrast"], scored(frame["previous"])
    rows = np.flatnonzero(~np.isnan(previous))
    part, treated, inside = frame.iloc[rows], above[rows][:, None], clusters.at(rows)
    pair = [
        Fit(outcome[rows], treated, controls(part, before, outcome[rows]))
        for outcome, before in ((y, "previous"), (previous, "earlier"))
    ]
    before, influence = pair[1].difference()
    reach = float(special.stdtrit(inside.df, 0.5 + RUN["level"] / 2)) * inside.error(influence)
    told.interval(
        "difference before, the placebo", (before, before - reach, before + reach), stored["before"]
    )
    sign = 1.0 if value >= 0 else -1.0
    both = [one.standardised() for one in pair]
    values = np.array([both[0][0], both[1][0], sign * (both[0][0] - both[1][0])])
    psi = np.column_stack([both[0][1], both[1][1], sign * (both[0][1] - both[1][1])])
    level = 1 - 2 * float(special.stdtr(clusters.df, -critical))
    names = ("link_sd", "placebo_sd", "difference_sd")
    for name, found in zip(names, inside.bootstrap(values, psi, level), strict=True):
        told.interval(name.replace("_sd", " in standard deviations"), found, stored[name])


def curve(x: Any, y: Any, held: Any, clusters: "Clusters", told: Told) -> None:
    stored = RUN["curve"]
    shown = np.array([one["x"] for one in stored["points"]])
    if stored["method"] == "levels":
        kept = np.isin(x, shown)
        if not kept.all():
            clusters, x, y, held = clusters.at(np.flatnonzero(kept)), x[kept], y[kept], held[kept]
        held = held[:, np.ptp(held, axis=0) > 0] if held.shape[1] else held
        basis, states = ((one[:, None] == shown[None, 1:]).astype(float) for one in (x, shown))
    else:
        low, high = (float(one) for one in np.quantile(x, [0.025, 0.975]))
        shown = np.linspace(low, high, len(shown))
        basis, states = spline(np.clip(x, low, high), knots(x)), spline(shown, knots(x))
        # The same curves by columns at right angles: of a skewed measure the cubics are nearly one another.
        middle = basis.mean(axis=0)
        turn = np.linalg.qr(basis - middle, mode="r") / np.sqrt(len(basis))
        basis, states = (np.linalg.solve(turn.T, (one - middle).T).T for one in (basis, states))
    fit = Fit(y, basis, held)
    for one, state in zip(stored["points"], states, strict=True):
        mean, influence = fit.mean(state)
        told.interval(f"curve at {one['x']:g}", on_scale(mean, clusters.error(influence), clusters.df), one)
    inside = slice(1, 1 + basis.shape[1])
    statistic, p = clusters.wald(fit.beta[inside], fit.scores() @ fit.bread[:, inside])
    told.number("F of the test that it is flat", statistic, stored["statistic"])
    told.number("its p", p, stored["p"])


def knots(x: Any) -> Any:
    for quantiles in ((0.05, 0.275, 0.5, 0.725, 0.95), (0.05, 0.35, 0.65, 0.95)):
        found = np.unique(np.quantile(x, quantiles))
        if len(found) == len(quantiles):
            return found
    return np.quantile(np.unique(x), (0.05, 0.5, 0.95))


def spline(x: Any, at: Any) -> Any:
    """Harrell's natural cubic spline: the value itself and cubics that are linear beyond the outer knots."""
    last, before, scale = at[-1], at[-2], at[-1] - at[0]

    def cubed(knot: float) -> Any:
        return np.maximum(x - knot, 0.0) ** 3

    found = [x / scale]
    for knot in at[:-2]:
        bend = cubed(knot) - cubed(before) * (last - knot) / (last - before)
        found.append((bend + cubed(last) * (before - knot) / (last - before)) / scale**3)
    return np.column_stack(found)


def scored(answers: Any) -> Any:
    """Answers as numbers whose mean is the metric: satisfied or not, 100 / 0 / -100, or the answer itself."""
    values = answers.to_numpy(dtype=float)
    if RUN["unit"] == "scale":
        return values
    low, middle = RUN["ends"]
    top = np.where(np.isnan(values), np.nan, (values > middle).astype(float))
    return top if RUN["unit"] == "share" else 100.0 * (top - np.where(values <= low, 1.0, 0.0))


def controls(frame: pd.DataFrame, before: str, y: Any) -> Any:
    columns: list[Any] = []
    for name in RUN["controls"]:
        if name == "previous":
            values = frame[before].to_numpy(dtype=float)
            none = np.isnan(values)
            if not none.all():
                columns.append(np.where(none, np.nanmean(values), values))
                columns += [none.astype(float)] if none.sum() >= RARE else []
        elif name == "hour":
            turn = 2 * np.pi * frame["hour"].to_numpy(dtype=float) / 24
            columns += [wave(k * turn) for k in (1, 2) for wave in (np.sin, np.cos)]
        else:
            columns += levels(frame[name].to_numpy(dtype=object), y, RUN["unit"] == "share")
    kept = independent([], columns)
    return np.column_stack(kept) if kept else np.empty((len(frame), 0))


def codes(frame: pd.DataFrame) -> tuple[Any, Any]:
    one = np.unique(frame["customer"].to_numpy(dtype=object).astype(str), return_inverse=True)[1]
    names, two = np.unique(frame["agent"].to_numpy(dtype=object).astype(str), return_inverse=True)
    found = two.astype(np.int64)
    alone = names[two] == ""
    found[alone] = len(names) + np.arange(int(alone.sum()))
    return one, found


class Fit:
    """A mean model by statsmodels, and the influence of every row on its means."""

    def __init__(self, y: Any, treatment: Any, held: Any) -> None:
        self.x, self.y = np.column_stack([np.ones(len(y)), treatment, held]), y
        self.inside = slice(1, 1 + treatment.shape[1])
        family = sm.families.Binomial() if RUN["model"] == "binomial" else sm.families.Gaussian()
        fit = sm.GLM(y, self.x, family=family).fit(maxiter=200, tol=1e-14, tol_criterion="params")
        self.beta = np.array(fit.params)
        slope = slopes(self.mu(self.x @ self.beta))
        self.bread = np.linalg.inv((self.x * slope[:, None]).T @ self.x)

    def mu(self, eta: Any) -> Any:
        return special.expit(eta) if RUN["model"] == "binomial" else eta

    def scores(self) -> Any:
        return self.x * (self.y - self.mu(self.x @ self.beta))[:, None]

    def mean(self, state: Any) -> tuple[float, Any]:
        inside = self.inside
        eta = self.x @ self.beta - self.x[:, inside] @ self.beta[inside] + float(state @ self.beta[inside])
        mu = self.mu(eta)
        slope = slopes(mu)
        gradient = slope @ self.x / len(mu)
        gradient[inside] = state * slope.mean()
        value = float(mu.mean())
        return value, (mu - value) / len(mu) + self.scores() @ (self.bread @ gradient)

    def difference(self) -> tuple[float, Any]:
        (one, upper), (none, lower) = self.mean(np.ones(1)), self.mean(np.zeros(1))
        return one - none, upper - lower

    def standardised(self) -> tuple[float, Any]:
        value, influence = self.difference()
        centred = self.y - self.y.mean()
        square = float(np.mean(centred**2))
        spread = square**0.5
        own = value / (2 * spread**3) * (centred**2 - square) / len(centred)
        return value / spread, influence / spread - own


def slopes(mu: Any) -> Any:
    return mu * (1.0 - mu) if RUN["model"] == "binomial" else np.ones_like(mu)


def on_scale(value: float, se: float, df: float) -> tuple[float, float, float]:
    """Student's t; a share's interval is made on the logit scale."""
    reach = float(special.stdtrit(df, 0.5 + RUN["level"] / 2)) * se
    if RUN["model"] == "binomial" and 0 < value < 1:
        middle, half = float(special.logit(value)), reach / (value * (1 - value))
        return value, float(special.expit(middle - half)), float(special.expit(middle + half))
    return value, value - reach, value + reach


def observed(y: Any, clusters: Clusters) -> tuple[float, float, float]:
    """Unadjusted mean; a share by Wilson's interval with the number that its clustered error is worth."""
    n, mean = len(y), float(y.mean())
    error = clusters.error((y - mean) / n)
    if RUN["unit"] != "share":
        reach = float(special.stdtrit(clusters.df, 0.5 + RUN["level"] / 2)) * error
        return mean, mean - reach, mean + reach
    worth = min(float(n), mean * (1 - mean) / error**2) if error > 0 else float(n)
    z = float(special.ndtri(0.5 + RUN["level"] / 2))
    middle = (mean + z * z / (2 * worth)) / (1 + z * z / worth)
    reach = z / (1 + z * z / worth) * np.sqrt(mean * (1 - mean) / worth + z * z / (4 * worth**2))
    return mean, max(0.0, min(mean, middle - reach)), min(1.0, max(mean, middle + reach))


if __name__ == "__main__":
    start(main)
