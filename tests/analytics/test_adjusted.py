"""Standardised means and their draws against the statistics package and full refits."""

import numpy as np
import pandas as pd
import pytest

from analytics.stats import regression
from analytics.studies import adjusted, bootstrap, design
from analytics.studies.bootstrap import BLOCK
from tests.analytics.frames import BANDS, frame


def fitted(data: pd.DataFrame, family: str, outcome: np.ndarray) -> tuple[design.Design, adjusted.Adjusted]:
    columns = design.build(
        data,
        bands=BANDS,
        controls=("revenue", "tenure_days", "segment"),
        prefix="c_",
        outcome=outcome,
        zeros_separate=family != "gaussian",
    )
    return columns, adjusted.compare(outcome, columns, family)  # type: ignore[arg-type]


def outcomes(data: pd.DataFrame, family: str) -> np.ndarray:
    spent = data["outcome"].to_numpy()
    return {"poisson": spent, "binomial": (spent > 20).astype(float), "gaussian": spent - 15.0}[family]


@pytest.mark.parametrize("family", ["poisson", "binomial", "gaussian"])
def test_a_difference_is_that_of_the_statistics_package(family: str) -> None:
    data = frame(500, effect=0.3, selection=1.0)
    y = outcomes(data, family)
    columns, model = fitted(data, family, y)
    table = pd.DataFrame(columns.matrix, columns=columns.names)
    fit = regression.glm(y, table, family=family, robust="HC3")  # type: ignore[arg-type]
    table = table.assign(band_low=0.0)  # promoters against passives, for everybody
    expected = regression.marginal_difference(fit, "band_high", table, groups=np.arange(len(table)))
    found, p = model.difference(0, 1, 0.95)
    assert (found.value, found.low, found.high) == pytest.approx(
        (expected.value, expected.low, expected.high)
    )
    assert p == pytest.approx(expected.p)


@pytest.mark.parametrize("family", ["poisson", "binomial", "gaussian"])
def test_means_average_to_what_was_observed(family: str) -> None:
    """With a canonical link each band's fitted mean is its observed one; without controls so is the adjusted."""
    data = frame(300, effect=0.3, selection=1.0)
    y = outcomes(data, family)
    columns = design.build(data, bands=BANDS, controls=(), prefix="c_", outcome=y, zeros_separate=True)
    model = adjusted.compare(y, columns, family)  # type: ignore[arg-type]
    for position, band in enumerate(BANDS):
        mean = model.mean(position, 0.95)
        assert mean.value == pytest.approx(y[data["band"] == band].mean())
        assert mean.low < mean.value < mean.high


@pytest.mark.parametrize("family", ["poisson", "binomial", "gaussian"])
def test_one_step_draws_are_as_good_as_refits(family: str) -> None:
    data = frame(400, effect=0.3, selection=1.0)
    y = outcomes(data, family)
    columns, model = fitted(data, family, y)
    draws = 60
    [drawn] = bootstrap.draw([(model, None)], customers=400, draws=draws, seed=5)
    weights = np.random.default_rng([5, 0]).standard_exponential((400, draws))
    table = pd.DataFrame(columns.matrix, columns=columns.names)
    full = np.empty(draws)
    for number in range(draws):
        w = weights[:, number]
        fit = regression.glm(y, table, family=family, weights=w)  # type: ignore[arg-type]
        high, low = (fit.predict(table.assign(band_high=up, band_low=1 - up)) for up in (1.0, 0.0))
        full[number] = w @ (high - low) / w.sum()
    quick = drawn.means[:, 0] - drawn.means[:, 2]
    assert np.corrcoef(quick, full)[0, 1] > 0.995
    assert 0.98 < quick.std() / full.std() < 1.08  # HC3 widens by about the mean leverage
    spread = np.sqrt(np.average((y - np.average(y, weights=weights[:, 0])) ** 2, weights=weights[:, 0]))
    assert drawn.deviation[0] == pytest.approx(spread)


def test_draws_agree_with_the_delta_method() -> None:
    data = frame(3000, effect=0.3, selection=1.0)
    _, model = fitted(data, "poisson", data["outcome"].to_numpy())
    [drawn] = bootstrap.draw([(model, None)], customers=3000, draws=2000, seed=5)
    found, _ = model.difference(0, 2, 0.95)
    quick = drawn.means[:, 0] - drawn.means[:, 2]
    assert quick.std() == pytest.approx((found.high - found.low) / 2 / 1.96, rel=0.06)
    assert drawn.lowest_count.mean() == pytest.approx((data["band"] == "detractor").sum(), rel=0.01)


def test_blocks_and_subsets_share_a_customers_weight() -> None:
    data = frame(BLOCK + 500, effect=0.2)
    _, model = fitted(data, "poisson", data["outcome"].to_numpy())
    rows = np.arange(0, len(data), 3)
    part = data.iloc[rows]
    _, some = fitted(part, "poisson", part["outcome"].to_numpy())
    alone, with_it, again = bootstrap.draw(
        [(model, None), (some, rows), (model, np.arange(len(data)))], customers=len(data), draws=20, seed=9
    )
    np.testing.assert_array_equal(alone.means, again.means)
    # The subset's draws move with the whole's, since a third of the customers are the same.
    assert np.corrcoef(alone.means[:, 0], with_it.means[:, 0])[0, 1] > 0.2
