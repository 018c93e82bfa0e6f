from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines import CoxPHFitter, KaplanMeierFitter
from lifelines.datasets import load_lung, load_rossi
from scipy import stats as scipy_stats

from analytics.stats import survival

# Freireich et al. (1963), Blood 21: weeks in remission, 6-MP against placebo.
SIX_MP = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
RELAPSE = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]


def test_kaplan_meier_of_six_mp_is_published() -> None:
    curve = survival.kaplan_meier(SIX_MP, RELAPSE)
    # Kalbfleisch & Prentice (2002), section 1.4.
    for time, expected in (
        (6, 0.857),
        (7, 0.807),
        (10, 0.753),
        (13, 0.690),
        (16, 0.627),
        (22, 0.538),
        (23, 0.448),
    ):
        assert round(curve.at(time).value, 3) == expected
    assert (curve.median, curve.n, curve.events) == (23, 21, 9)
    assert curve.at(6).n == 21
    assert curve.at(6.5).n == 17
    assert curve.median_high is None


def test_kaplan_meier_of_lung_has_rs_medians() -> None:
    lung = load_lung()
    curve = survival.kaplan_meier(lung["time"], lung["status"])
    assert (curve.median, curve.median_low, curve.median_high) == (310, 284, 361)  # conf.type="log-log"
    curve = survival.kaplan_meier(lung["time"], lung["status"], interval="log")
    assert (curve.median_low, curve.median_high) == (285, 363)  # R's default


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 12), st.integers(0, 1)), min_size=2, max_size=40))
def test_kaplan_meier_equals_lifelines(rows: list[tuple[int, int]]) -> None:
    t, e = np.array(rows).T
    ours, theirs = survival.kaplan_meier(t, e), KaplanMeierFitter().fit(t, e)
    assert ours.times == pytest.approx(theirs.survival_function_.index)
    assert ours.survival == pytest.approx(theirs.survival_function_.iloc[:, 0], abs=1e-9)
    assert ours.at_risk.tolist() == theirs.event_table["at_risk"].tolist()
    limits = theirs.confidence_interval_.to_numpy()
    inside = (ours.survival > 1e-12) & (ours.survival < 1)
    assert ours.low[inside] == pytest.approx(limits[inside, 0], abs=1e-6)
    assert ours.high[inside] == pytest.approx(limits[inside, 1], abs=1e-6)
    assert ((ours.low <= ours.survival + 1e-12) & (ours.survival <= ours.high + 1e-12)).all()
    shuffled = survival.kaplan_meier(t[::-1], e[::-1])
    assert shuffled.survival == pytest.approx(ours.survival)


def test_a_curve_says_nothing_beyond_its_last_observation() -> None:
    curve = survival.kaplan_meier([1, 2, 3], [1, 0, 0])
    with pytest.raises(ValueError, match=r"^time: nobody was observed beyond 3"):
        curve.at(4)
    with pytest.raises(ValueError, match=r"^time"):
        curve.at(-1)
    assert survival.kaplan_meier([1, 2], [1, 1]).at(9).value == 0.0
    assert survival.kaplan_meier([1, 2, 3], [0, 0, 0]).median is None


def test_logrank_of_six_mp_is_published() -> None:
    found = survival.logrank(SIX_MP + PLACEBO, RELAPSE + [1] * 21, ["a"] * 21 + ["b"] * 21)
    assert round(found.statistic, 2) == 16.79
    assert found.df == 1


def test_cox_of_six_mp_and_rossi_are_published() -> None:
    frame = pd.DataFrame({"t": SIX_MP + PLACEBO, "e": RELAPSE + [1] * 21, "placebo": [0] * 21 + [1] * 21})
    term = survival.cox(frame, duration="t", event="e").terms["placebo"]
    assert (round(term.coefficient, 3), round(term.se, 3)) == (1.572, 0.412)
    # Rossi et al.'s data in Fox & Weisberg, An R Companion to Applied Regression, appendix on Cox models.
    fit = survival.cox(load_rossi(), duration="week", event="arrest")
    published = {
        "fin": (-0.37942, 0.19138),
        "age": (-0.05744, 0.02200),
        "race": (0.31390, 0.30799),
        "wexp": (-0.14980, 0.21222),
        "mar": (-0.43370, 0.38187),
        "paro": (-0.08487, 0.19576),
        "prio": (0.09150, 0.02865),
    }
    assert {k: (round(t.coefficient, 5), round(t.se, 5)) for k, t in fit.terms.items()} == published
    assert (fit.n, fit.events) == (432, 114)
    assert round(fit.log_likelihood, 2) == -658.75
    assert fit.concordance == pytest.approx(0.640, abs=5e-4)


def test_clustered_cox_equals_lifelines() -> None:
    rossi = load_rossi().assign(unit=np.arange(432) // 3)
    theirs = CoxPHFitter().fit(rossi, "week", "arrest", cluster_col="unit")
    ours = survival.cox(rossi, duration="week", event="arrest", groups="unit")
    assert ours.covariance == pytest.approx(theirs.variance_matrix_.to_numpy(), rel=1e-4)
    assert ours.groups == 144
    column = survival.cox(
        rossi.drop(columns="unit"), duration="week", event="arrest", groups=np.arange(432) // 3
    )
    assert column.covariance == pytest.approx(ours.covariance)


def expanded(
    x: np.ndarray, beta: np.ndarray, t: np.ndarray, e: np.ndarray, g: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Score and information of (x, x·g(t)) at (β, 0), one death at a time, with Efron's ties."""
    p = x.shape[1]
    score, information = np.zeros(2 * p), np.zeros((2 * p, 2 * p))
    risk = np.exp(x @ beta)
    for time in np.unique(t[e == 1]):
        at = g[t == time][0]
        z = np.hstack([x, x * at])
        dead, alive = (t == time) & (e == 1), t >= time
        score += z[dead].sum(axis=0)
        for place in range(dead.sum()):
            w = risk * alive - place / dead.sum() * risk * dead
            mean = w @ z / w.sum()
            score -= mean
            information += (z * w[:, None]).T @ z / w.sum() - np.outer(mean, mean)
    return score, information


def test_proportional_hazards_is_the_score_test_by_brute_force() -> None:
    rng = np.random.default_rng(2)
    x = rng.normal(size=(60, 2))
    t = np.ceil(rng.exponential(np.exp(-x[:, 0])) * 6)  # many ties
    e = (rng.uniform(size=60) < 0.7).astype(float)
    frame = pd.DataFrame(x, columns=["a", "b"]).assign(t=t, e=e)
    beta = survival.cox(frame, duration="t", event="e").coefficients
    score, information = expanded(x, beta, t, e, scipy_stats.rankdata(t))
    assert score[:2] == pytest.approx([0, 0], abs=1e-8)
    found = survival.proportional_hazards(frame, duration="t", event="e")
    for name, extra in (("a", [2]), ("b", [3]), ("GLOBAL", [2, 3])):
        kept = [0, 1, *extra]
        u = score[kept]
        expected = u @ np.linalg.solve(information[np.ix_(kept, kept)], u)
        assert found[name].statistic == pytest.approx(expected, rel=1e-7)
        assert found[name].p == pytest.approx(scipy_stats.chi2.sf(expected, len(extra)), rel=1e-7)


def test_a_categorical_is_tested_as_a_whole() -> None:
    rossi = load_rossi().assign(
        education=lambda f: np.where(f["prio"] > 3, "c", np.where(f["age"] > 25, "b", "a"))
    )
    found = survival.proportional_hazards(
        rossi[["week", "arrest", "fin", "education"]], duration="week", event="arrest"
    )
    assert {name: test.df for name, test in found.items()} == {"fin": 1, "education": 2, "GLOBAL": 3}


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 9999), st.floats(0.01, 100), st.floats(-50, 50))
def test_order_and_units_do_not_matter(seed: int, unit: float, origin: float) -> None:
    lung = load_lung()[["time", "status", "age", "sex"]]
    moved = lung.sample(frac=1, random_state=seed).assign(
        age=lambda f: f["age"] * unit + origin, time=lambda f: f["time"] * unit
    )
    one = survival.proportional_hazards(lung, duration="time", event="status")
    other = survival.proportional_hazards(moved, duration="time", event="status")
    assert {k: t.statistic for k, t in other.items()} == pytest.approx(
        {k: t.statistic for k, t in one.items()}, rel=1e-6
    )
    before, after = (survival.cox(f, duration="time", event="status") for f in (lung, moved))
    assert after.terms["age"].coefficient * unit == pytest.approx(before.terms["age"].coefficient, rel=1e-6)
    assert after.concordance == pytest.approx(before.concordance)


def test_refusals_name_the_argument() -> None:
    frame = pd.DataFrame({"t": [1.0, 2, 3, 4, 5, 6], "e": [1, 0, 1, 1, 0, 1], "x": [0.0, 1, 0, 1, 1, 0]})
    for broken, message in (
        (frame.drop(columns="t"), "^duration"),
        (frame.drop(columns="e"), "^event"),
        (frame.assign(t=-frame["t"]), "^duration: 't' must not be negative"),
        (frame.assign(e=0), "^event: 'e' has no event"),
        (frame.assign(e=2), "^e: must hold only 0 and 1"),
        (frame.assign(x=3), "'x' is constant"),
        (frame.assign(y=1 - frame["x"]), "'y' is a linear function"),
        (frame[["t", "e"]], "no covariate"),
        (frame.assign(x=[1, 0, 0.5, 0.3, 0, 0.1]), "no finite estimate"),
    ):
        with pytest.raises(ValueError, match=message):
            survival.cox(broken, duration="t", event="e")
    for call, message in (
        (lambda: survival.kaplan_meier([-1, 2], [1, 1]), "^durations"),
        (lambda: survival.kaplan_meier([1, 2], [1, 3]), "^events"),
        (lambda: survival.kaplan_meier([], []), "^durations"),
        (lambda: survival.kaplan_meier([1, 2], [1]), "^events: has 1 rows"),
        (lambda: survival.logrank([1, 2], [1, 1], ["a", "a"]), "^groups"),
        (lambda: survival.logrank([1, 2], [0, 0], ["a", "b"]), "^events"),
    ):
        with pytest.raises(ValueError, match=message):
            call()
    assert (
        survival.cox(frame.assign(t=frame["t"].where(frame["t"] > 1)), duration="t", event="e").dropped == 1
    )
