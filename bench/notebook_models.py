"""The notebook's models: statsmodels, lifelines, scipy, and bootstrap loops. Shares no code with what it is
compared to.
"""

import itertools
import math
import time
from typing import Any

import numpy as np
import pandas as pd
import statsmodels.api as sm
from lifelines import CoxPHFitter, KaplanMeierFitter
from lifelines.statistics import multivariate_logrank_test, proportional_hazard_test
from scipy import stats

from bench.notebook_frame import BANDS, OUTCOMES

Matrix = np.ndarray


def amounts(values: pd.Series) -> list[Matrix]:
    """Spending as a model likes it: logarithm, a bend at the middle, and "none at all"."""
    some = values > 0
    logged = np.log1p(values / values[some].mean())
    return [logged.to_numpy(), np.maximum(0.0, logged - logged[some].median()).to_numpy(), (~some).to_numpy()]


def years(days: pd.Series) -> list[Matrix]:
    found = [np.log1p(days.fillna(days.median()) / 365.25).to_numpy()]
    return [*found, days.isna().to_numpy()] if days.isna().sum() >= 10 else found


def dummies(values: pd.Series) -> list[Matrix]:
    common = values.value_counts().idxmax()
    return [(values == one).to_numpy() for one in sorted(values.unique()) if one != common]


def design(frame: pd.DataFrame, history: str) -> Matrix:
    """Intercept, the two bands, and the controls: spending, tenure, segment."""
    columns = [
        np.ones(len(frame)),
        (frame.band == "promoter").to_numpy(),
        (frame.band == "detractor").to_numpy(),
        *amounts(frame[history]),
        *years(frame.tenure),
        *dummies(frame.segment),
    ]
    return np.column_stack([np.asarray(column, dtype=float) for column in columns])


def independent(x: Matrix) -> Matrix:
    """Without columns that repeat those before them (one contact or none: both logarithm and "none at all")."""
    kept: list[int] = []
    for j in range(x.shape[1]):
        if np.linalg.matrix_rank(x[:, [*kept, j]]) > len(kept):
            kept.append(j)
    return x[:, kept]


def means(y: Matrix, x: Matrix, weights: Matrix | None = None) -> Matrix:
    """Mean outcome of each band had everybody been in it."""
    beta = sm.GLM(y, x, family=sm.families.Poisson(), freq_weights=weights).fit().params
    found = []
    for high, low in ((1.0, 0.0), (0.0, 0.0), (0.0, 1.0)):
        as_if = x.copy()
        as_if[:, 1], as_if[:, 2] = high, low
        found.append(np.average(np.exp(as_if @ beta), weights=weights))
    return np.array(found)


def link(frame: pd.DataFrame, draws: int, seed: int) -> dict[str, Any]:
    """Bands as observed, adjusted, backwards, and link less placebo drawn with replacement."""
    y, x = frame.after_revenue.to_numpy(), design(frame, "back_revenue")
    observed = frame.groupby("band").after_revenue.agg(["size", "mean", "median", "sem"])
    stats.f_oneway(*(y[frame.band == band] for band in BANDS))
    adjusted = means(y, x)
    # The errors that a paper would print.
    sm.GLM(y, x, family=sm.families.Poisson()).fit(cov_type="HC1").conf_int()
    part = frame[frame.placebo_possible]
    before, x_before = part.before_revenue.to_numpy(), design(part, "earlier_revenue")
    backwards = means(before, x_before)
    y_part, x_part = part.after_revenue.to_numpy(), design(part, "back_revenue")
    clock, cpu = time.perf_counter(), time.process_time()
    random, differences = np.random.default_rng(seed), []
    for _ in range(draws):
        rows = random.integers(0, len(part), len(part))
        ahead = means(y_part[rows], x_part[rows]) / y_part[rows].std()
        back = means(before[rows], x_before[rows]) / before[rows].std()
        differences.append((ahead[0] - ahead[2]) - (back[0] - back[2]))
    return {
        "n": len(frame),
        "observed": {band: float(observed["mean"][band]) for band in BANDS},
        "difference": float(adjusted[0] - adjusted[2]),
        "placebo": float(backwards[0] - backwards[2]),
        "beside": [float(one) for one in np.quantile(differences, [0.025, 0.975])],
        "loop": time.perf_counter() - clock,
        "loop_cpu": time.process_time() - cpu,
    }


def residual(values: Matrix, controls: Matrix) -> Matrix:
    ranked = stats.rankdata(values)
    slopes = np.linalg.lstsq(controls, ranked, rcond=None)[0]
    return np.asarray(ranked - controls @ slopes)


def partial(value: pd.Series, outcome: pd.Series, controls: list[Any]) -> float:
    ranks = np.column_stack([np.ones(len(value)), *(stats.rankdata(one) for one in controls)])
    return float(stats.pearsonr(residual(value.to_numpy(), ranks), residual(outcome.to_numpy(), ranks))[0])


def associations(frame: pd.DataFrame) -> dict[str, dict[str, float]]:
    """One attitude with every outcome: as observed, at the same controls, backwards. Errors by Fisher's formula: the
    cluster bootstrap that the study asks for would be another loop of hours."""
    found = {}
    part = frame[frame.placebo_possible]
    for outcome in OUTCOMES:
        own = [] if outcome == "revenue" else [outcome]

        def held(of: pd.DataFrame, window: str, own: list[str] = own) -> list[Any]:
            past = [of[f"{window}_{name}"] for name in ("revenue", *own)]
            return [past[0], *years(of.tenure), *dummies(of.segment), *past[1:]]

        ahead = partial(frame.value, frame[f"after_{outcome}"], held(frame, "back"))
        reach = 1.96 / math.sqrt(len(frame) - 6)
        found[outcome] = {
            "raw": float(stats.spearmanr(frame.value, frame[f"after_{outcome}"])[0]),
            "partial": ahead,
            "low": math.tanh(math.atanh(ahead) - reach),
            "high": math.tanh(math.atanh(ahead) + reach),
            "placebo": partial(part.value, part[f"before_{outcome}"], held(part, "earlier")),
        }
    return found


def lmg(table: Matrix) -> Matrix:
    """Shapley shares of R² from one correlation matrix; the outcome is the last column."""
    r = np.corrcoef(table, rowvar=False)
    k = len(r) - 1
    explained: dict[tuple[int, ...], float] = {(): 0.0}
    for size in range(1, k + 1):
        for subset in itertools.combinations(range(k), size):
            own = r[np.ix_(subset, subset)]
            with_y = r[list(subset), k]
            explained[subset] = float(with_y @ np.linalg.solve(own, with_y))
    shares = np.zeros(k)
    for j in range(k):
        others = [one for one in range(k) if one != j]
        for size in range(k):
            weight = math.factorial(size) * math.factorial(k - size - 1) / math.factorial(k)
            for subset in itertools.combinations(others, size):
                shares[j] += weight * (explained[tuple(sorted((*subset, j)))] - explained[subset])
    return shares


def drivers(items: pd.DataFrame, draws: int, seed: int) -> dict[str, Any]:
    names = [name for name in items if str(name).startswith("rating:")]
    complete = items.dropna(subset=names)
    table = complete[[*names, "value"]].to_numpy()
    sm.OLS(table[:, -1], sm.add_constant(table[:, :-1])).fit(cov_type="HC3").summary()
    alpha_items = table[:, :-1]
    k = alpha_items.shape[1]
    alpha = k / (k - 1) * (1 - alpha_items.var(axis=0, ddof=1).sum() / alpha_items.sum(axis=1).var(ddof=1))
    clock, cpu = time.perf_counter(), time.process_time()
    random = np.random.default_rng(seed)
    drawn = [lmg(table[random.integers(0, len(table), len(table))]) for _ in range(draws)]
    low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
    loop, loop_cpu = time.perf_counter() - clock, time.process_time() - cpu
    shares = lmg(table)
    return {
        "n": len(table),
        "importance": dict(zip(map(str, names), map(float, shares), strict=True)),
        "width": dict(zip(map(str, names), map(float, high - low), strict=True)),
        "alpha": float(alpha),
        "loop": loop,
        "loop_cpu": loop_cpu,
    }


def survival(frame: pd.DataFrame) -> dict[str, Any]:
    """Days until the next order, in whole days."""
    frame = frame[frame.followed >= 1]
    event = frame.next_days <= frame.followed
    days = frame.next_days.where(event, frame.followed)
    medians = {}
    for band in BANDS:
        rows = frame.band == band
        medians[band] = float(KaplanMeierFitter().fit(days[rows], event[rows]).median_survival_time_)
    test = multivariate_logrank_test(days, frame.band, event)
    x = design(frame, "back_revenue")[:, 1:]
    table = pd.DataFrame(x, columns=[f"x{i}" for i in range(x.shape[1])]).assign(
        days=days.to_numpy(), event=event.to_numpy().astype(float)
    )
    cox = CoxPHFitter().fit(table, "days", "event")
    proportional_hazard_test(cox, table, time_transform="rank")
    return {
        "medians": medians,
        "logrank": float(test.test_statistic),
        "hazards": [float(one) for one in np.exp(cox.params_)],
        "concordance": float(cox.concordance_index_),
    }


def response(occasions: pd.DataFrame, frame: pd.DataFrame) -> dict[str, Any]:
    """Who answers, and the link weighted by the inverse of that."""
    eligible = occasions[occasions.ineligible_reason == ""]
    sampled = (eligible.status != "not_asked").to_numpy()
    columns = [
        np.ones(len(eligible)),
        *amounts(eligible.back_revenue),
        *amounts(eligible.back_contacts),
        *years(eligible.tenure),
        *dummies(eligible.segment),
    ]
    x = np.column_stack([np.asarray(column, dtype=float) for column in columns])
    x = independent(x)
    y = eligible.answered.to_numpy().astype(float)
    model = sm.GLM(y[sampled], x[sampled], family=sm.families.Binomial())
    fit = model.fit(cov_type="cluster", cov_kwds={"groups": pd.factorize(eligible.customer_id)[0][sampled]})
    chance = eligible.sampling_probability * 1 / (1 + np.exp(-(x @ fit.params)))
    # A customer speaks for all those who had the same chance of answering at any of their occasions.
    seen = 1 - np.exp(np.log1p(-chance).groupby(eligible.customer_id).sum())
    answered = set(eligible.customer_id[eligible.answered])
    part = frame[frame.customer_id.isin(answered)]
    weights = 1 / part.customer_id.map(seen).to_numpy()
    weights = np.minimum(weights / weights.mean(), 5.0)
    adjusted = means(part.after_revenue.to_numpy(), design(part, "back_revenue"), weights)
    return {
        "customers": len(part),
        "effective": float(weights.sum() ** 2 / (weights @ weights)),
        "weighted": float(adjusted[0] - adjusted[2]),
    }
