"""The shared conformance cases as they stand: what R and the published papers say."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analytics.stats import journeys, lifetime, regression, survival

CASES = Path(__file__).resolve().parents[2].parent / "shared" / "conformance"


def close(actual: Any, expected: Any, rel: float, where: str = "") -> None:
    """Compares nested figures; a mapping may expect fewer keys than there are."""
    if isinstance(expected, dict):
        for key, value in expected.items():
            close(actual[key], value, rel, f"{where}.{key}")
    elif isinstance(expected, list):
        assert len(actual) == len(expected), where
        for i, value in enumerate(expected):
            close(actual[i], value, rel, f"{where}[{i}]")
    else:
        assert actual == pytest.approx(expected, rel=rel, abs=1e-12), where


def telco(data: pd.DataFrame, expected: dict[str, Any], rel: float) -> None:
    columns = ["tenure", "monthly_charges", "contract", "senior"]
    fit = regression.logistic(data["churn"], data[columns])
    r_names = {"intercept": "(Intercept)"}
    terms = {
        r_names.get(name, name.replace("[", "").replace("]", "")): term for name, term in fit.terms.items()
    }
    close({k: t.coefficient for k, t in terms.items()}, expected["coef"], rel)
    close({k: t.se for k, t in terms.items()}, expected["se"], rel)
    close({k: t.p for k, t in terms.items()}, expected["p"], rel)
    close(fit.log_likelihood, expected["loglik"], rel)
    assert fit.n == expected["n"]
    assert ((fit.predict(data) - data["churn"]) ** 2).mean() == pytest.approx(expected["brier"], rel=rel)


def lung(data: pd.DataFrame, expected: dict[str, Any], rel: float) -> None:
    overall = survival.kaplan_meier(data["time"], data["event"], interval="log")
    assert overall.median == expected["median_overall"]
    assert [overall.median_low, overall.median_high] == expected["median_ci95"]
    for sex, name in ((1, "male"), (2, "female")):
        curve = survival.kaplan_meier(data["time"][data["sex"] == sex], data["event"][data["sex"] == sex])
        assert curve.median == expected["median_by_sex"][name]
        close(curve.at(365).value, expected["S_365"][name], rel)
    test = survival.logrank(data["time"], data["event"], data["sex"])
    close({"chisq": test.statistic, "p": test.p}, expected["logrank"], rel)
    frame = data[["time", "event", "age", "sex", "ph.ecog"]]
    fit = survival.cox(frame, duration="time", event="event")
    assert (fit.n, fit.events, fit.dropped) == (expected["cox"]["n"], expected["cox"]["events"], 1)
    close({k: t.coefficient for k, t in fit.terms.items()}, expected["cox"]["coef"], rel)
    close({k: t.se for k, t in fit.terms.items()}, expected["cox"]["se"], rel)
    close({k: t.p for k, t in fit.terms.items()}, expected["cox"]["p"], rel)
    close(fit.concordance, expected["cox"]["concordance"], rel)
    tests = survival.proportional_hazards(frame, duration="time", event="event")
    close({k: t.statistic for k, t in tests.items()}, expected["ph_test_rank"]["chisq"], rel)
    close({k: t.p for k, t in tests.items()}, expected["ph_test_rank"]["p"], rel)


def cdnow(data: pd.DataFrame, expected: dict[str, Any], rel: float) -> None:
    model = lifetime.fit_bg_nbd(data["frequency"], data["recency"], data["T"])
    close({k: getattr(model, k) for k in ("r", "alpha", "a", "b")}, expected["params"], rel)
    assert model.log_likelihood == pytest.approx(expected["loglik"], abs=0.05)
    new = expected["expected_new_customer_purchases"]
    close(model.expected_purchases([10, 39], 0, 0, 0).tolist(), [new["t10"], new["t39"]], rel)
    for row in expected["customers"]:
        history = (row["frequency"], row["recency"], row["T"])
        close(model.expected_purchases(39, *history), row["expected_purchases_next_39w"], rel)
        close(model.probability_alive(*history), row["p_alive"], rel)
    total = model.expected_purchases(39, data["frequency"], data["recency"], data["T"]).sum()
    close(total, expected["total_expected_next_39w"], rel)


def transactions(data: pd.DataFrame, expected: dict[str, Any], rel: float) -> None:
    summary = lifetime.summarize(
        data["customer_id"], data["date"], data["amount"], observation_end=expected["observation_end"]
    )
    repeat = summary[summary["frequency"] > 0]
    assert len(summary) == expected["n_customers"]
    assert summary["frequency"].sum() == expected["sum_frequency"]
    assert len(repeat) == expected["customers_with_repeat"]
    close(summary["age"].mean(), expected["mean_T"], rel)
    close(summary["recency"].mean(), expected["mean_recency"], rel)
    close(repeat["monetary"].mean(), expected["mean_monetary_value_repeaters"], rel)
    for row in expected["first_10"]:
        found = summary.loc[row["customer_id"]]
        names = {"frequency": "frequency", "recency": "recency", "T": "age", "monetary_value": "monetary"}
        close({theirs: found[ours] for theirs, ours in names.items()}, {k: row[k] for k in names}, rel)
    # Fader & Hardie (2013) on the same 946 repeat buyers.
    spend = lifetime.fit_gamma_gamma(summary["frequency"], summary["monetary"])
    assert (round(spend.p, 2), round(spend.q, 2), round(spend.v, 2)) == (6.25, 3.74, 15.44)


def paths(data: pd.DataFrame, expected: dict[str, Any], rel: float) -> None:
    found = journeys.transitions(data["session_id"], data["event"], data["timestamp"])
    pairs = [f"{origin} -> {target}" for origin, target in zip(found["origin"], found["target"], strict=True)]
    counts = dict(zip(pairs, found["count"].tolist(), strict=True))
    assert counts == expected["transition_counts"]
    steps = expected["ordered_funnel_sessions"]
    reached = journeys.funnel(data["session_id"], data["event"], data["timestamp"], steps=list(steps))
    assert reached.to_dict() == steps


RUNNERS: dict[str, Callable[[pd.DataFrame, dict[str, Any], float], None]] = {
    "08_telco_churn_logit": telco,
    "10_lung_survival": lung,
    "11_cdnow_bgnbd": cdnow,
    "18_cdnow_transactions_to_rfm": transactions,
    "21_journey_paths": paths,
}
PRESENT = {path.name for path in CASES.glob("*/") if (path / "expected.json").exists()}


@pytest.mark.parametrize("name", sorted(PRESENT | set(RUNNERS)))
def test_case(name: str) -> None:
    if name not in PRESENT:
        pytest.skip(f"conformance case {name} is not on this machine (looked in ../shared/conformance)")
    if name not in RUNNERS:
        pytest.skip(f"conformance case {name} has no runner for the statistics package")
    case = json.loads((CASES / name / "expected.json").read_text())
    RUNNERS[name](pd.read_csv(CASES / name / "input.csv"), case["expected"], case["default_rel_tolerance"])
