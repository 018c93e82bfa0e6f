from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.stats import regression, survival
from analytics.stats.regression import marginal_difference

RNG = np.random.default_rng(8)
N = 500
FRAME = pd.DataFrame(
    {
        "treated": RNG.integers(0, 2, N),
        "before": RNG.gamma(1, 2, N),
        "band": RNG.choice(["detractor", "passive", "promoter"], N),
    }
)
ETA = 0.5 * FRAME["treated"] + 0.2 * FRAME["before"] + 0.3 * (FRAME["band"] == "promoter") - 1
SPEND = RNG.poisson(np.exp(ETA)).astype(float)
BOUGHT = (RNG.uniform(size=N) < 1 / (1 + np.exp(-ETA))).astype(int)


def test_an_identity_link_gives_the_coefficient_itself() -> None:
    fit = regression.linear(SPEND, FRAME)
    for treatment in ("treated", "band[promoter]"):
        found, term = marginal_difference(fit, treatment, FRAME), fit.terms[treatment]
        assert (found.value, found.low, found.high, found.se, found.p) == pytest.approx(
            (term.coefficient, term.low, term.high, term.se, term.p), rel=1e-9
        )
    assert found.n == N


@pytest.mark.parametrize("family", ["binomial", "poisson"])
def test_g_computation_by_hand(family: Any) -> None:
    y = BOUGHT if family == "binomial" else SPEND
    fit = regression.glm(y, FRAME, family=family)
    over = (FRAME["band"] == "detractor").to_numpy()
    found = marginal_difference(fit, "band", FRAME, contrast=("detractor", "passive"), over=over)

    def average(beta: np.ndarray) -> float:
        design = np.column_stack([np.ones(N), FRAME["treated"], FRAME["before"], np.zeros(N), np.zeros(N)])[
            over
        ]
        up = design.copy()
        up[:, 3] = 1
        inverse = (lambda e: 1 / (1 + np.exp(-e))) if family == "binomial" else np.exp
        return float((inverse(up @ beta) - inverse(design @ beta)).mean())

    beta = fit.coefficients
    gradient = np.array([(average(beta + h) - average(beta - h)) / 2e-6 for h in np.eye(5) * 1e-6])
    assert found.value == pytest.approx(average(beta))
    assert found.se == pytest.approx(np.sqrt(gradient @ fit.covariance @ gradient), rel=1e-5)
    assert (found.n, found.dropped) == (over.sum(), 0)
    everyone = marginal_difference(fit, "band", FRAME, contrast=("detractor", "passive"))
    assert everyone.value != pytest.approx(found.value)  # the population's average is another number


def test_average_marginal_effect_equals_statsmodels() -> None:
    frame = FRAME[["treated", "before"]]
    model = sm.Logit(BOUGHT, sm.add_constant(frame)).fit(disp=0)
    theirs = model.get_margeff(dummy=True).summary_frame().loc["treated"]
    ours = marginal_difference(regression.logistic(BOUGHT, frame), "treated", frame)
    adopted = marginal_difference(model, "treated", frame)
    for found in (ours, adopted):
        assert (found.value, found.se) == pytest.approx((theirs["dy/dx"], theirs["Std. Err."]), rel=1e-5)


def test_statsmodels_results_are_adopted() -> None:
    frame = FRAME[["treated", "before"]]
    design = sm.add_constant(frame)
    linear = marginal_difference(sm.OLS(SPEND, design).fit(), "treated", frame)
    assert linear.value == pytest.approx(regression.linear(SPEND, frame).terms["treated"].coefficient)
    glm = sm.GLM(SPEND, design, family=sm.families.Poisson()).fit(cov_type="HC0")
    ours = marginal_difference(regression.glm(SPEND, frame, family="poisson"), "treated", frame)
    assert marginal_difference(glm, "treated", frame).se == pytest.approx(ours.se, rel=1e-5)
    with pytest.raises(ValueError, match=r"fit_or_model"):
        marginal_difference(
            sm.GLM(SPEND + 1, design, family=sm.families.Gamma(sm.families.links.Log())).fit(),
            "treated",
            frame,
        )


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 9999))
def test_weights_are_repetition_and_order_is_nothing(seed: int) -> None:
    rng = np.random.default_rng(seed)
    fit = regression.glm(SPEND, FRAME, family="poisson")
    times = rng.integers(0, 3, N)
    rows = rng.permutation(np.repeat(np.arange(N), times))
    one = marginal_difference(fit, "treated", FRAME, weights=times)
    other = marginal_difference(fit, "treated", FRAME.iloc[rows])
    assert (one.value, one.low, one.high) == pytest.approx((other.value, other.low, other.high))
    reverse = marginal_difference(fit, "treated", FRAME, contrast=(1, 0), weights=times)
    assert (reverse.value, reverse.se) == pytest.approx((-one.value, one.se))


def test_groups_add_the_sampling_of_rows() -> None:
    fit = regression.glm(SPEND, FRAME, family="poisson")
    conditional = marginal_difference(fit, "treated", FRAME)
    drawn = marginal_difference(fit, "treated", FRAME, groups=np.arange(N))
    effects = fit.predict(FRAME.assign(treated=1)) - fit.predict(FRAME.assign(treated=0))
    assert conditional.se is not None
    assert drawn.se is not None
    assert drawn.se**2 == pytest.approx(conditional.se**2 + effects.var(ddof=1) / N)
    assert drawn.value == conditional.value


def test_missing_covariates_are_dropped_and_counted() -> None:
    fit = regression.linear(SPEND, FRAME)
    found = marginal_difference(fit, "treated", FRAME.assign(before=FRAME["before"].where(FRAME.index > 9)))
    assert (found.n, found.dropped) == (N - 10, 10)


def test_refusals_name_the_argument() -> None:
    fit = regression.linear(SPEND, FRAME)
    calls: list[tuple[Any, str]] = [
        (lambda: marginal_difference(fit, "nobody", FRAME), "^treatment"),
        (lambda: marginal_difference(fit, "band", FRAME), "^contrast: 'band' has 3 levels"),
        (lambda: marginal_difference(fit, "band", FRAME, contrast=("passive", "fan")), "^contrast: 'fan'"),
        (lambda: marginal_difference(fit, "before", FRAME), "^contrast: 'before' is not 0/1"),
        (lambda: marginal_difference(fit, "treated", FRAME, over=np.zeros(N)), "^over"),
        (lambda: marginal_difference(fit, "treated", FRAME, over=np.ones(3)), "^over: has 3 rows"),
        (lambda: marginal_difference(fit, "treated", FRAME, weights=-np.ones(N)), "^weights"),
        (lambda: marginal_difference("model", "treated", FRAME), "^fit_or_model"),
        (lambda: marginal_difference(fit, "treated", FRAME.drop(columns="before")), "no column 'before'"),
    ]
    for call, message in calls:
        with pytest.raises(ValueError, match=message):
            call()
    frame = pd.DataFrame({"t": [5, 6, 6, 2, 4, 3], "e": 1, "x": [1.0, 2, 3, 2, 5, 2]})
    with pytest.raises(ValueError, match=r"cox model has no mean"):
        marginal_difference(survival.cox(frame, duration="t", event="e"), "x", frame)
