from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.stats import regression

RNG = np.random.default_rng(5)
N = 400
FRAME = pd.DataFrame(
    {
        "score": RNG.integers(0, 11, N).astype(float),
        "tenure": RNG.gamma(2, 300, N),
        "segment": RNG.choice(["mid", "small", "large"], N),
    }
)
DUMMIES = pd.get_dummies(FRAME, columns=["segment"], drop_first=True, prefix_sep="[", dtype=float)
DUMMIES.columns = [name + "]" if "[" in name else name for name in DUMMIES.columns]
DESIGN = sm.add_constant(DUMMIES).rename(columns={"const": "intercept"})
ETA = 0.15 * FRAME["score"] + 0.4 * (FRAME["segment"] == "small") - 1
SPEND = RNG.poisson(np.exp(ETA)) * RNG.uniform(1, 90, N)
BOUGHT = (RNG.uniform(size=N) < 1 / (1 + np.exp(-ETA))).astype(int)
WEIGHTS = RNG.uniform(0.3, 4, N)
CLUSTERS = RNG.integers(0, 60, N)
OUTCOMES = {"gaussian": SPEND, "poisson": SPEND, "binomial": BOUGHT}
FAMILIES = {
    "gaussian": sm.families.Gaussian(),
    "poisson": sm.families.Poisson(),
    "binomial": sm.families.Binomial(),
}


def same(ours: regression.Fit, theirs: Any, *, p: bool = True) -> None:
    assert list(ours.terms) == list(theirs.params.index)
    assert [t.coefficient for t in ours.terms.values()] == pytest.approx(
        list(theirs.params), rel=1e-6, abs=1e-10
    )
    assert [t.se for t in ours.terms.values()] == pytest.approx(list(theirs.bse), rel=1e-6)
    assert ours.covariance == pytest.approx(np.asarray(theirs.cov_params()), rel=1e-5, abs=1e-12)
    if p:
        assert [t.p for t in ours.terms.values()] == pytest.approx(list(theirs.pvalues), rel=1e-4, abs=1e-12)


@pytest.mark.parametrize("kind", ["HC0", "HC1", "HC2", "HC3"])
@pytest.mark.parametrize("weighted", [False, True])
def test_linear_errors_equal_statsmodels(kind: Any, weighted: bool) -> None:
    weights = WEIGHTS if weighted else np.ones(N)
    theirs = sm.WLS(SPEND, DESIGN, weights=weights).fit(cov_type=kind, use_t=True)
    same(regression.linear(SPEND, FRAME, robust=kind, weights=WEIGHTS if weighted else None), theirs)


def test_linear_without_robust_errors_is_ordinary_least_squares() -> None:
    ours, theirs = regression.linear(SPEND, FRAME, robust=None), sm.OLS(SPEND, DESIGN).fit()
    same(ours, theirs)
    assert ours.log_likelihood == pytest.approx(theirs.llf)
    assert ours.r_squared == pytest.approx(theirs.rsquared)
    assert ours.df == theirs.df_resid


@pytest.mark.parametrize("family", ["gaussian", "poisson", "binomial"])
def test_glm_equals_statsmodels(family: Any) -> None:
    model = sm.GLM(OUTCOMES[family], DESIGN, family=FAMILIES[family])
    ours = regression.glm(OUTCOMES[family], FRAME, family=family)
    same(ours, model.fit(cov_type="HC0", tol=1e-12), p=family != "gaussian")
    same(
        regression.glm(OUTCOMES[family], FRAME, family=family, robust=None),
        model.fit(tol=1e-12),
        p=family != "gaussian",
    )
    assert ours.log_likelihood == pytest.approx(model.fit(tol=1e-12).llf)


@pytest.mark.parametrize("family", ["gaussian", "poisson", "binomial"])
def test_sampling_weights_square_in_the_meat(family: Any) -> None:
    weights = WEIGHTS / WEIGHTS.mean()
    theirs = sm.GLM(OUTCOMES[family], DESIGN, family=FAMILIES[family], var_weights=weights).fit(
        cov_type="HC0", tol=1e-12
    )
    same(
        regression.glm(OUTCOMES[family], FRAME, family=family, weights=WEIGHTS),
        theirs,
        p=family != "gaussian",
    )
    # Their unit does not matter, and None cannot mean equal-variance errors.
    other = regression.glm(OUTCOMES[family], FRAME, family=family, weights=WEIGHTS * 1000, robust=None)
    assert other.robust == "HC0"
    assert other.covariance == pytest.approx(np.asarray(theirs.cov_params()), rel=1e-5, abs=1e-12)


@pytest.mark.parametrize("family", ["gaussian", "poisson", "binomial"])
def test_clusters_equal_statsmodels_cr1(family: Any) -> None:
    theirs = sm.GLM(OUTCOMES[family], DESIGN, family=FAMILIES[family]).fit(
        cov_type="cluster", cov_kwds={"groups": CLUSTERS}, tol=1e-12
    )
    ours = regression.glm(OUTCOMES[family], FRAME, family=family, groups=CLUSTERS)
    same(ours, theirs, p=False)
    assert (ours.groups, ours.df, ours.robust) == (60, 59, "CR1")


def test_zero_weight_is_absence() -> None:
    half = np.arange(N) < 200
    ours = regression.linear(SPEND, FRAME, weights=half.astype(float))
    same(ours, sm.OLS(SPEND[half], DESIGN[half]).fit(cov_type="HC3", use_t=True))
    assert (ours.n, ours.dropped) == (200, 0)


def test_missing_rows_are_dropped_and_counted() -> None:
    frame, spend = FRAME.copy(), SPEND.copy()
    frame.loc[3, "segment"] = None
    frame.loc[4, "score"] = np.nan
    spend[5] = np.nan
    kept = np.setdiff1d(np.arange(N), [3, 4, 5])
    ours = regression.linear(spend, frame)
    same(ours, sm.OLS(SPEND[kept], DESIGN.iloc[kept]).fit(cov_type="HC3", use_t=True))
    assert ours.dropped == 3


def test_covariates_of_every_kind_agree() -> None:
    x = FRAME[["score", "tenure"]]
    reference = [t.coefficient for t in regression.linear(SPEND, x).terms.values()]
    forms: list[Any] = [x.to_numpy(), {k: list(x[k]) for k in x}, x.set_index(pd.Index(range(N, 0, -1)))]
    forms.append(x.astype(object).map(lambda v: Decimal(repr(v))))
    for form in forms:
        found = regression.linear(list(SPEND), form)
        assert [t.coefficient for t in found.terms.values()] == pytest.approx(reference)
    assert list(regression.linear(SPEND, x.to_numpy()).terms) == ["intercept", "x0", "x1"]
    flags = regression.linear(SPEND, {"promoter": FRAME["score"] > 8})
    assert list(flags.terms) == ["intercept", "promoter[True]"]


def test_predict_is_the_mean() -> None:
    fit = regression.glm(SPEND, FRAME, family="poisson")
    theirs = sm.GLM(SPEND, DESIGN, family=FAMILIES["poisson"]).fit()
    assert fit.predict(FRAME) == pytest.approx(np.asarray(theirs.predict(DESIGN)), rel=1e-6)
    with pytest.raises(ValueError, match=r"'huge' was not there"):
        fit.predict(FRAME.assign(segment="huge"))
    with pytest.raises(ValueError, match=r"no column 'tenure'"):
        fit.predict(FRAME.drop(columns="tenure"))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.floats(1e-6, 1e6), st.sampled_from(["gaussian", "poisson"]))
def test_order_and_units_do_not_matter(seed: int, unit: float, family: Any) -> None:
    order = np.random.default_rng(seed).permutation(N)
    one = regression.glm(SPEND, FRAME, family=family)
    moved = FRAME.iloc[order].assign(tenure=lambda f: f["tenure"] * unit)
    other = regression.glm(SPEND[order] * unit, moved, family=family)
    factor = unit if family == "gaussian" else 1.0
    assert other.terms["score"].coefficient == pytest.approx(
        one.terms["score"].coefficient * factor, rel=1e-6
    )
    assert other.terms["score"].se == pytest.approx(one.terms["score"].se * factor, rel=1e-6)
    assert other.terms["score"].p == pytest.approx(one.terms["score"].p, rel=1e-5)


REFUSED: list[tuple[Any, str]] = [
    (
        lambda: regression.linear(SPEND, FRAME.assign(copy=FRAME["score"] * 2 - 1)),
        "'copy' is a linear function",
    ),
    (lambda: regression.linear(SPEND, FRAME.assign(gone=None)), "'gone' is missing throughout"),
    (lambda: regression.linear(SPEND, FRAME.assign(still=1)), "'still' is constant"),
    (lambda: regression.linear(SPEND, FRAME.assign(segment="one")), "'segment' is constant"),
    (lambda: regression.linear(SPEND, FRAME.assign(score=np.inf)), r"^X\[score\]: holds an infinite"),
    (lambda: regression.linear(np.ones(N), FRAME), "^y: is constant"),
    (lambda: regression.linear(SPEND[:4], FRAME[:4]), "^X: .* coefficients need more"),
    (lambda: regression.linear(SPEND[:-1], FRAME), "^X: has 400 rows where y has 399"),
    (lambda: regression.linear(FRAME["score"] * 2, FRAME), "^y: is a linear function of X"),
    (lambda: regression.linear(SPEND, FRAME, robust="HC4"), "^robust"),  # type: ignore[arg-type]
    (lambda: regression.linear(SPEND, FRAME, weights=-WEIGHTS), "^weights"),
    (lambda: regression.linear(SPEND, FRAME, groups=np.ones(N)), "^groups"),
    (lambda: regression.linear(SPEND, {"once": np.arange(N) == 7}), "HC3 errors do not exist"),
    (lambda: regression.logistic(SPEND, FRAME), "^y: must hold only 0 and 1"),
    (
        lambda: regression.logistic(BOUGHT, {"score": FRAME["score"], "leak": BOUGHT + 0.5}),
        "'leak' separates",
    ),
    (lambda: regression.glm(-SPEND, FRAME, family="poisson"), "^y: must not be negative"),
    (lambda: regression.glm(SPEND, FRAME, family="gamma"), "^family"),  # type: ignore[arg-type]
    (
        lambda: regression.glm(np.where(FRAME["segment"] == "mid", 0, SPEND), FRAME, family="poisson"),
        r"'segment\[mid\]' separates",
    ),
]


@pytest.mark.parametrize(("call", "message"), REFUSED, ids=[message for _, message in REFUSED])
def test_refusals_name_the_column(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
