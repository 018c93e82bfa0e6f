"""Do 95 % intervals hold the truth 95 % of the time? Seeded, against exact binomial bounds at 10⁻⁴."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from analytics.stats import association, bands, drivers, effects, intervals, regression, reliability, survival

RUNS = 300
ALPHA = 1e-4
Held = Callable[[np.random.Generator], bool]


def nps(rng: np.random.Generator) -> bool:
    p, s, d = rng.multinomial(60, [0.5, 0.3, 0.2])
    found = intervals.nps(p, s, d)
    return found.low <= 30 <= found.high


def nps_difference(rng: np.random.Generator) -> bool:
    a, b = rng.multinomial(200, [0.5, 0.3, 0.2]), rng.multinomial(150, [0.4, 0.4, 0.2])
    found = intervals.nps_difference(tuple(a), tuple(b))
    return found.low <= 10 <= found.high


def wilson(rng: np.random.Generator) -> bool:
    found = intervals.proportion(rng.binomial(80, 0.3), 80)
    return found.low <= 0.3 <= found.high


def mean(rng: np.random.Generator) -> bool:
    found = intervals.mean(rng.normal(4, 2, 12))
    return found.low <= 4 <= found.high


def weighted(rng: np.random.Generator) -> bool:
    """Half the customers answer a third as often and score differently; weights undo it."""
    happy = rng.uniform(size=400) < 0.5
    kept = rng.uniform(size=400) < np.where(happy, 0.9, 0.3)
    x = rng.normal(np.where(happy, 8, 5), 1)[kept]
    found = intervals.weighted_score(x, 1 / np.where(happy, 0.9, 0.3)[kept], kind="mean")
    return found.low <= 6.5 <= found.high


def pearson(rng: np.random.Generator) -> bool:
    x, y = rng.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], 60).T
    found = association.correlate(x, y, method="pearson")
    return found.low <= 0.5 <= found.high


def spearman(rng: np.random.Generator) -> bool:
    x, y = rng.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], 60).T
    truth = 6 / np.pi * np.arcsin(0.25)
    found = association.correlate(np.exp(x), y)
    return found.low <= truth <= found.high


def partial(rng: np.random.Generator) -> bool:
    z = rng.normal(size=(80, 2))
    x, y = rng.multivariate_normal([0, 0], [[1, 0.3], [0.3, 1]], 80).T + z @ [1, 1]
    found = association.partial_correlation(x, y, z)
    return found.low <= 0.3 <= found.high


def feldt(rng: np.random.Generator) -> bool:
    items = rng.normal(size=(100, 1)) + rng.normal(size=(100, 4))
    found = reliability.cronbach_alpha(items)
    return found.low <= 0.8 <= found.high


def hc3(rng: np.random.Generator) -> bool:
    x = rng.normal(size=(120, 2))
    y = 1 + 2 * x[:, 0] + rng.normal(size=120) * (0.5 + x[:, 0] ** 2)
    term = regression.linear(y, x).terms["x0"]
    return term.low <= 2 <= term.high


def cr1(rng: np.random.Generator) -> bool:
    unit = np.repeat(np.arange(40), 6)
    x, y = rng.normal(size=40)[unit] + rng.normal(size=240), rng.normal(size=40)[unit] + rng.normal(size=240)
    term = regression.linear(y, x, groups=unit).terms["x0"]
    return term.low <= 0 <= term.high


def poisson_margin(rng: np.random.Generator) -> bool:
    n = 600
    t, z = rng.integers(0, 2, n), rng.normal(size=n)
    y = rng.poisson(np.exp(0.4 * t + 0.3 * z)) * rng.exponential(size=n)
    fit = regression.glm(y, {"t": t, "z": z}, family="poisson")
    found = regression.marginal_difference(fit, "t", {"t": t, "z": z}, groups=np.arange(n))
    truth = (np.exp(0.4) - 1) * np.exp(0.045)
    return found.low <= truth <= found.high


def kaplan_meier(rng: np.random.Generator) -> bool:
    t, c = rng.exponential(1, 80), rng.exponential(2, 80)
    found = survival.kaplan_meier(np.minimum(t, c), t <= c).at(0.7)
    return found.low <= np.exp(-0.7) <= found.high


def aipw(rng: np.random.Generator) -> bool:
    x = rng.normal(size=(300, 2))
    t = rng.uniform(size=300) < 1 / (1 + np.exp(-x[:, 0]))
    found = effects.average_treatment_effect(t + x[:, 0] + rng.normal(size=300), t.astype(int), x)
    return found.low <= 1 <= found.high


EXACT: list[Held] = [mean, pearson, feldt]
NEARLY: list[Held] = [
    nps,
    nps_difference,
    wilson,
    weighted,
    spearman,
    partial,
    hc3,
    cr1,
    poisson_margin,
    kaplan_meier,
    aipw,
]


def held(check: Held) -> int:
    rng = np.random.default_rng(20240229)
    return sum(check(rng) for _ in range(RUNS))


@pytest.mark.parametrize("check", EXACT, ids=lambda f: f.__name__)
def test_exact_intervals_hold_95_percent(check: Held) -> None:
    low, high = binom.ppf(ALPHA / 2, RUNS, 0.95), binom.isf(ALPHA / 2, RUNS, 0.95)
    assert low <= held(check) <= high


@pytest.mark.parametrize("check", NEARLY, ids=lambda f: f.__name__)
def test_large_sample_intervals_hold_93_percent_or_more(check: Held) -> None:
    """Two points of slack for the approximation at these n; a wrong standard error misses by ten."""
    assert held(check) >= binom.ppf(ALPHA, RUNS, 0.93)


def test_driver_intervals_hold_their_importance_and_zero() -> None:
    rng = np.random.default_rng(1)
    b, reached = np.array([0.6, 0.3, 0.0]), np.zeros(3)
    truth = b**2 / (b @ b + 1)  # uncorrelated items share R² by their squares
    for _ in range(RUNS):
        x = rng.normal(size=(150, 3))
        found = drivers.bootstrap(x, x @ b + rng.normal(size=150), method="shapley", draws=200, seed=3)
        reached += [e.low <= t <= e.high for e, t in zip(found.values(), truth, strict=True)]
    assert (reached >= binom.ppf(ALPHA, RUNS, 0.93)).all()


def nulls(rng: np.random.Generator) -> dict[str, float]:
    x = rng.normal(size=(90, 2))
    t, c, band = rng.exponential(np.exp(-0.5 * x[:, 0])), rng.exponential(2, 90), rng.integers(0, 3, 90)
    frame = pd.DataFrame(x, columns=["a", "b"]).assign(
        t=np.ceil(10 * np.minimum(t, c)), e=(t <= c).astype(int)
    )
    tests = survival.proportional_hazards(frame, duration="t", event="e")
    skewed = rng.exponential(size=90) * (1 + band) - (1 + band)
    welch = bands.compare(skewed, band)
    return {
        "proportional hazards": tests["a"].p,
        "proportional hazards, global": tests["GLOBAL"].p,
        "cox": survival.cox(frame, duration="t", event="e").terms["b"].p,
        "log-rank": survival.logrank(frame["t"], frame["e"], rng.integers(0, 2, 90)).p,
        "kruskal": bands.compare(x[:, 0], band, test="kruskal").p,
        "games-howell": min(pair.p for pair in welch.pairwise),
    }


def test_null_hypotheses_are_rejected_five_times_in_a_hundred() -> None:
    rng = np.random.default_rng(9)
    runs = 240
    p = pd.DataFrame([nulls(rng) for _ in range(runs)])
    rejected = (p < 0.05).sum()
    assert (rejected <= binom.isf(ALPHA, runs, 0.07)).all(), rejected
    assert (rejected.drop("games-howell") >= binom.ppf(ALPHA, runs, 0.05)).all(), rejected
