"""What a careful analyst would write in a notebook: read everything, merge, fit, loop. A script of its own.

`python bench/notebook.py ASKED` with ASKED a JSON object: dsn, organization, as_of, horizon, lookback, draws,
seed. Prints one JSON object: what was found, seconds, peak memory. It shares no code with what it is compared
with, and has none of its shortcuts; `bench/linkage.py` checks that both found the same.
"""

import json
import resource
import sys
import time
import warnings
from typing import Any

import numpy as np
import pandas as pd
import psycopg2
import statsmodels.api as sm
from lifelines import CoxPHFitter, KaplanMeierFitter
from lifelines.statistics import multivariate_logrank_test
from scipy import stats

BANDS = ("promoter", "passive", "detractor")


def read(asked: dict[str, Any]) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    connection = psycopg2.connect(asked["dsn"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.organization_id', %s, false)", [asked["organization"]])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pandas would rather have SQLAlchemy
        answers = pd.read_sql(
            "SELECT id, customer_id, value, answered_at FROM feedback_score "
            "WHERE metric = 'nps' AND counts AND customer_id IS NOT NULL",
            connection,
        )
        orders = pd.read_sql(
            "SELECT customer_id, occurred_at, reporting_amount::float8 AS amount FROM crm_transaction "
            "WHERE kind = 'order'",
            connection,
        )
        customers = pd.read_sql("SELECT id AS customer_id, since, segment FROM crm_customer", connection)
    connection.close()
    return answers, orders, customers


def join(
    asked: dict[str, Any], answers: pd.DataFrame, orders: pd.DataFrame, customers: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(one row a customer whose window is over, one row a customer for survival)."""
    as_of = pd.Timestamp(asked["as_of"])
    h, w = pd.Timedelta(days=asked["horizon"]), pd.Timedelta(days=asked["lookback"])
    answers = answers[answers.answered_at <= as_of].sort_values(["answered_at", "id"])
    orders = orders[orders.occurred_at <= as_of]
    start = orders.occurred_at.min()
    everyone = answers.drop_duplicates("customer_id")
    first = answers[answers.answered_at + h <= as_of].drop_duplicates("customer_id")

    joined = first.merge(orders, on="customer_id", how="left")
    gap = joined.occurred_at - joined.answered_at
    zero = pd.Timedelta(0)
    joined["outcome"] = joined.amount.where((gap > zero) & (gap <= h), 0.0)
    joined["placebo"] = joined.amount.where((gap < zero) & (gap >= -h), 0.0)
    joined["before"] = joined.amount.where((gap < zero) & (gap >= -w), 0.0)
    joined["earlier"] = joined.amount.where((gap < -h) & (gap >= -h - w), 0.0)
    sums = joined.groupby("customer_id")[["outcome", "placebo", "before", "earlier"]].sum()
    frame = first.merge(sums, on="customer_id").merge(customers, on="customer_id")
    frame["band"] = np.select([frame.value > 8, frame.value > 6], BANDS[:2], BANDS[2])
    frame["tenure"] = (frame.answered_at - frame.since).dt.total_seconds().clip(lower=0) / 86_400
    known = frame.since.isna() | (frame.since <= frame.answered_at - h)
    frame["placebo_possible"] = known & (frame.answered_at - h - w >= start)

    later = everyone.merge(orders, on="customer_id")
    later = later[later.occurred_at > later.answered_at]
    gap = (later.occurred_at - later.answered_at).dt.total_seconds() / 86_400
    next_order = np.ceil(gap).groupby(later.customer_id).min().rename("days").reset_index()
    survival = everyone.merge(next_order, on="customer_id", how="left")
    survival["event"] = survival.days.notna()
    followed = np.floor((as_of - survival.answered_at).dt.total_seconds() / 86_400)
    survival["days"] = survival.days.fillna(followed)
    survival["band"] = np.select([survival.value > 8, survival.value > 6], BANDS[:2], BANDS[2])
    return frame, survival


def design(frame: pd.DataFrame, history: str) -> np.ndarray:
    """Intercept, the two bands, and the controls: spending with a bend and "none", tenure, segment."""
    some = frame[history] > 0
    logged = np.log1p(frame[history] / frame[history][some].mean())
    columns = [
        np.ones(len(frame)),
        frame.band == "promoter",
        frame.band == "detractor",
        logged,
        np.maximum(0.0, logged - logged[some].median()),
        ~some,
    ]
    tenure = np.log1p(frame.tenure.fillna(frame.tenure.median()) / 365.25)
    columns.append(tenure)
    if frame.tenure.isna().sum() >= 10:
        columns.append(frame.tenure.isna())
    common = frame.segment.value_counts().idxmax()
    columns += [frame.segment == one for one in sorted(frame.segment.unique()) if one != common]
    return np.column_stack([np.asarray(column, dtype=float) for column in columns])


def means(y: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Mean outcome of each band had everybody been in it."""
    beta = sm.GLM(y, x, family=sm.families.Poisson()).fit().params
    found = []
    for high, low in ((1.0, 0.0), (0.0, 0.0), (0.0, 1.0)):
        as_if = x.copy()
        as_if[:, 1], as_if[:, 2] = high, low
        found.append(np.exp(as_if @ beta).mean())
    return np.array(found)


def bootstrap(
    y: np.ndarray, x: np.ndarray, before: np.ndarray, x_before: np.ndarray, asked: dict[str, Any]
) -> list:
    """Promoters less detractors in standard deviations, link less placebo, customers drawn with replacement."""
    random = np.random.default_rng(asked["seed"])
    differences = []
    for _ in range(asked["draws"]):
        rows = random.integers(0, len(y), len(y))
        link = means(y[rows], x[rows]) / y[rows].std()
        placebo = means(before[rows], x_before[rows]) / before[rows].std()
        differences.append((link[0] - link[2]) - (placebo[0] - placebo[2]))
    return list(np.quantile(differences, [0.025, 0.975])) if differences else []


def partial_spearman(value: np.ndarray, outcome: np.ndarray, controls: np.ndarray) -> float:
    ranks = np.column_stack([np.ones(len(value)), *(stats.rankdata(column) for column in controls.T)])

    def rest(of: np.ndarray) -> np.ndarray:
        ranked = stats.rankdata(of)
        return ranked - ranks @ np.linalg.lstsq(ranks, ranked, rcond=None)[0]

    return float(stats.pearsonr(rest(value), rest(outcome))[0])


def main(asked: dict[str, Any]) -> dict[str, Any]:
    clock = time.perf_counter()
    frame, survival = join(asked, *read(asked))
    joined = time.perf_counter() - clock
    y, x = frame.outcome.to_numpy(), design(frame, "before")
    found: dict[str, Any] = {"n": len(frame), "joining": joined}
    observed = frame.groupby("band").outcome.agg(["size", "mean", "median", "sem"])
    found["observed"] = {band: float(observed["mean"][band]) for band in BANDS}
    adjusted = means(y, x)
    found["difference"] = float(adjusted[0] - adjusted[2])
    # The errors that a paper would print.
    sm.GLM(y, x, family=sm.families.Poisson()).fit(cov_type="HC1").conf_int()
    part = frame[frame.placebo_possible]
    placebo, x_placebo = part.placebo.to_numpy(), design(part, "earlier")
    backwards = means(placebo, x_placebo)
    found["placebo"] = float(backwards[0] - backwards[2])
    found["raw"] = float(stats.spearmanr(frame.value, y)[0])
    found["partial"] = partial_spearman(frame.value.to_numpy(), y, x[:, [3, *range(6, x.shape[1])]])
    same = frame.placebo_possible.to_numpy()
    before_loop = time.perf_counter()
    found["beside"] = bootstrap(y[same], design(part, "before"), placebo, x_placebo, asked)
    found["loop"] = time.perf_counter() - before_loop
    medians = {}
    for band in BANDS:
        rows = survival[survival.band == band]
        medians[band] = float(KaplanMeierFitter().fit(rows.days, rows.event).median_survival_time_)
    found["medians"] = medians
    found["logrank"] = float(
        multivariate_logrank_test(survival.days, survival.band, survival.event).test_statistic
    )
    hazards = pd.DataFrame(
        {
            "days": survival.days.clip(lower=0.5),
            "event": survival.event,
            "promoter": survival.band == "promoter",
            "detractor": survival.band == "detractor",
        }
    ).astype(float)
    cox = CoxPHFitter().fit(hazards, "days", "event")
    found["hazard"] = float(cox.params_["promoter"])
    found["seconds"] = time.perf_counter() - clock
    found["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return found


if __name__ == "__main__":
    print(json.dumps(main(json.loads(sys.argv[1]))))
