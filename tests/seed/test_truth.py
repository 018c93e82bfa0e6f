"""A right analysis finds what was planted, and nothing that was not.

Intervals over several seeds, with exact binomial bounds at 10⁻⁴: these fail on a fault, not on luck.
"""

from dataclasses import replace

import numpy as np
import pytest

from dashboards.seed import asking
from dashboards.seed.answers import quarter_numbers
from dashboards.seed.expected import answered, bands, expected_difference, null_of, selection_of
from dashboards.seed.truth import DAYS, SEGMENTS, Truth
from dashboards.seed.world import World

from .conftest import UNTIL, block
from .estimates import (
    Found,
    adjusted_difference,
    controls,
    least_squares,
    logistic,
    misses,
    most_misses,
    naive_difference,
    poisson,
)

TRUTH = Truth()
SEEDS = range(12)
MOST = most_misses(len(SEEDS))


def test_the_bound_can_be_broken():
    """Estimates one planted effect off are refused, so that passing means something."""
    assert 0 < MOST < len(SEEDS) / 2
    off = [effect_of_shock(seed) for seed in SEEDS]
    assert misses(off, 0.0) > MOST
    assert misses(off, 2 * TRUTH.shock_on_orders) > MOST


def effect_of_shock(seed: int, *, before: bool = False) -> Found:
    rows = answered(block(seed))
    y, history = (rows.history, rows.earlier) if before else (rows.revenue, rows.history)
    return poisson(y, np.column_stack([rows.shock, controls(rows, history)]))


def test_the_attitude_shock_raises_later_revenue_by_the_planted_factor():
    assert misses([effect_of_shock(seed) for seed in SEEDS], TRUTH.shock_on_orders) <= MOST


def test_the_shock_does_nothing_before_the_answer():
    assert misses([effect_of_shock(seed, before=True) for seed in SEEDS], 0.0) <= MOST


def effect_of_score(seed: int, survey: int, *, before: bool = False, oracle: bool = False) -> Found:
    rows = answered(block(seed), survey)
    y, history = (rows.history, rows.earlier) if before else (rows.revenue, rows.history)
    X = np.column_stack([rows.score, controls(rows, history)])
    return poisson(y, np.column_stack([X, rows.frailty_z]) if oracle else X)


def test_the_placebo_of_the_real_link_is_zero_and_the_link_is_not():
    placebos = [effect_of_score(seed, asking.NPS, before=True) for seed in SEEDS]
    assert misses(placebos, 0.0) <= MOST
    assert misses([effect_of_score(seed, asking.NPS) for seed in SEEDS], 0.0) > MOST


def test_the_null_link_is_null_once_its_cause_is_held_fixed():
    """And looks real until then: history alone does not take selection away; the placebo is as large."""
    assert misses([effect_of_score(seed, asking.CES, oracle=True) for seed in SEEDS], 0.0) <= MOST
    links = [effect_of_score(seed, asking.CES) for seed in SEEDS]
    placebos = [effect_of_score(seed, asking.CES, before=True) for seed in SEEDS]
    assert misses(links, 0.0) > MOST
    assert misses(placebos, 0.0) > MOST
    gap = np.array([link.value - placebo.value for link, placebo in zip(links, placebos, strict=True)])
    assert abs(gap.mean()) < 4 * gap.std(ddof=1) / np.sqrt(len(gap))
    assert abs(gap.mean()) < 0.4 * np.mean([one.value for one in links])


@pytest.mark.parametrize(("high", "low", "name"), [(2, 1, "promoter"), (0, 1, "detractor")])
def test_band_differences_are_the_expected_ones(high, low, name):
    expected = getattr(expected_difference(TRUTH, UNTIL, customers=60_000), name)
    found = []
    for seed in SEEDS:
        rows = answered(block(seed))
        found.append(adjusted_difference(rows, rows.revenue, rows.history, high, low))
    assert misses(found, expected) <= MOST
    pooled = np.array([one.value for one in found])
    assert abs(pooled.mean() - expected) < 4 * pooled.std(ddof=1) / np.sqrt(len(pooled))


def test_the_naive_difference_is_too_large():
    expected = expected_difference(TRUTH, UNTIL, customers=60_000)
    naive = np.array([naive_difference(answered(block(seed)), 2, 0) for seed in SEEDS])
    error = naive.std(ddof=1) / np.sqrt(len(naive))
    assert naive.mean() - (expected.promoter - expected.detractor) > 4 * error


def test_expected_differences_have_the_planted_signs():
    expected = expected_difference(TRUTH, UNTIL, customers=60_000)
    assert expected.promoter > 20
    assert expected.detractor < -10
    nothing = expected_difference(null_of(TRUTH), UNTIL, customers=60_000)
    assert nothing.promoter == pytest.approx(0, abs=1e-9)
    assert nothing.detractor == pytest.approx(0, abs=1e-9)


def test_pure_selection_shows_in_the_placebo_as_well():
    truth = selection_of(TRUTH)
    for before in (False, True):
        found = []
        for seed in range(2):
            rows = answered(block(seed, 6_000, truth))
            y, history = (rows.history, rows.earlier) if before else (rows.revenue, rows.history)
            found.append(poisson(y, np.column_stack([rows.score, controls(rows, history)])))
        assert min(one.value / one.se for one in found) > 1.96


def test_non_response_follows_the_stated_log_odds():
    found: list[list[Found]] = []
    for seed in SEEDS:
        asks = block(seed).asks
        rows = asks.sent & ~asks.bounced & (asks.survey == asking.NPS) & (asks.answer_at < DAYS)
        X = np.column_stack([np.log1p(asks.spend_before[rows]), asks.attitude[rows]])
        found.append(logistic(asks.answered[rows].astype(float), X))
    stated = (TRUTH.answer_intercept, TRUTH.answer_on_spend, TRUTH.answer_on_attitude)
    for column, truth in enumerate(stated):
        assert misses([one[column] for one in found], truth) <= MOST


def test_those_who_answer_are_happier_and_spend_more():
    asks, answers = block(0, 6_000).asks, block(0, 6_000).answers
    asked = asks.sent & (asks.survey == asking.NPS)
    given = asked & asks.answered
    silent = asked & ~asks.answered
    assert answers.score[given].mean() > answers.score[silent].mean() + 0.2
    assert asks.spend_before[given].mean() > asks.spend_before[silent].mean() + 5


@pytest.mark.parametrize("segment", range(len(SEGMENTS)))
def test_sampling_follows_the_stored_probability(segment):
    one = block(0, 6_000)
    rows = (one.asks.survey == asking.NPS) & (one.customers.segment[one.asks.who] == segment)
    probability = TRUTH.sampling[segment]
    assert (one.asks.probability[rows] == probability).all()
    error = np.sqrt(probability * (1 - probability) / rows.sum())
    assert abs(one.asks.sampled[rows].mean() - probability) <= 4 * error


def test_csat_falls_with_waits_beyond_the_threshold_and_transfers_and_not_with_handle_time():
    found: list[list[Found]] = []
    for seed in SEEDS:
        one = block(seed)
        rows = np.nonzero(one.asks.answered & (one.asks.survey == asking.CSAT))[0]
        about = one.interactions.at_rows(one.asks.row[rows])
        wait = np.nan_to_num(about.wait)
        short = np.where(wait > TRUTH.wait_threshold_seconds, 0.0, wait) / 100  # waiting below the threshold
        X = [wait > TRUTH.wait_threshold_seconds, about.transfers, about.resolved, about.handle / 400, short]
        channels = [about.channel == code for code in np.unique(about.channel)[1:]]
        found.append(least_squares(one.answers.latent[rows], np.column_stack([*X, *channels]).astype(float)))
    planted = (TRUTH.csat_long_wait, TRUTH.csat_transfer, TRUTH.csat_resolved, TRUTH.csat_handle, 0.0)
    for column, truth in enumerate(planted):
        assert misses([one[column] for one in found], truth) <= MOST
    assert misses([one[0] for one in found], 0.0) > MOST


def test_engaged_teams_make_satisfied_customers():
    found = []
    for seed in SEEDS:
        one = block(seed, 3_000)
        world = World(TRUTH, seed, UNTIL, 3_000)
        staff, calendar = world.staff, world.calendar
        rows = np.nonzero(one.asks.survey == asking.CSAT)[0]
        about = one.interactions.at_rows(one.asks.row[rows])
        engagement = staff.engagement[staff.team_of[about.employee], quarter_numbers(calendar, about.at)]
        long_wait = np.nan_to_num(about.wait) > TRUTH.wait_threshold_seconds
        X = np.column_stack([engagement, long_wait, about.transfers, about.resolved])
        y = one.answers.latent[rows]
        # each less the mean of its employee, whose own effect goes with it
        found.append(least_squares(centred(y[:, None], about.employee)[:, 0], centred(X, about.employee))[0])
    assert misses(found, TRUTH.engagement_on_csat) <= MOST
    assert misses(found, 0.0) > MOST


def centred(values: np.ndarray, group: np.ndarray) -> np.ndarray:
    sizes = np.maximum(np.bincount(group), 1)
    means = np.column_stack([np.bincount(group, weights=column) / sizes for column in values.T])
    return np.asarray(values - means[group])


def test_drivers_have_the_stated_weights():
    found: list[list[Found]] = []
    for seed in SEEDS:
        one = block(seed)
        rows = one.asks.answered & (one.asks.survey == asking.NPS)
        X = np.column_stack([one.answers.items_latent[rows], one.asks.attitude[rows]])
        found.append(least_squares(one.answers.latent[rows], X))
    for column, truth in enumerate((*TRUTH.driver_weights, 1.0)):
        assert misses([one[column] for one in found], truth) <= MOST


def test_extremes_move_towards_the_middle_without_anybody_doing_anything():
    one = block(0, 6_000)
    rows = np.nonzero(one.asks.survey == asking.NPS)[0]
    pair = one.asks.who[rows][1:] == one.asks.who[rows][:-1]
    first, then = one.answers.score[rows][:-1][pair], one.answers.score[rows][1:][pair]
    low, high = bands(first) == 0, bands(first) == 2
    assert then[low].mean() > first[low].mean() + 1
    assert then[high].mean() < first[high].mean() - 0.5


def test_parameters_can_be_varied():
    double = replace(TRUTH, csat_long_wait=-1.2)
    plain, changed = block(0), block(0, truth=double)
    assert (plain.transactions.at == changed.transactions.at).all()  # other stages draw the same numbers
    assert not np.array_equal(plain.answers.score, changed.answers.score, equal_nan=True)
