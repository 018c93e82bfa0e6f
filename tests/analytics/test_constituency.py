"""Constituency results against simulated truth: exact binomial bounds at 10⁻⁴, so a failure is a fault."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analytics.stats import reliability
from analytics.studies.constituency import findings
from analytics.studies.constituency.agreement import agreement
from analytics.studies.constituency.compute import compute
from analytics.studies.constituency.results import Result
from dashboards.seed import asking
from dashboards.seed.answers import quarter_numbers
from dashboards.seed.truth import Truth
from dashboards.seed.world import World
from tests.analytics.teams import frame, settings
from tests.seed.conftest import UNTIL, block


def most(trials: int, share: float) -> int:
    """More than this of `trials` happen less often than once in 10,000 where each has this probability."""
    return int(stats.binom.ppf(1 - 1e-4, trials, share))


def test_a_planted_slope_is_covered_and_stands() -> None:
    found = [compute(frame(effect=0.10, seed=seed), settings()) for seed in range(40)]
    slopes = [one.slope for one in found if one.slope]
    assert len(slopes) == 40
    assert sum(not one.after.low <= 0.10 <= one.after.high for one in slopes) <= most(40, 0.05)
    assert sum(one.reading == "stands" for one in slopes) >= 34
    assert abs(np.mean([one.after.value for one in slopes]) - 0.10) < 0.01


@pytest.mark.parametrize("units", [10, 24])
def test_nothing_is_noise_with_few_units_too(units: int) -> None:
    found = [compute(frame(units, seed=seed), settings()) for seed in range(60)]
    assert sum(one.slope is not None and one.slope.p < 0.05 for one in found) <= most(60, 0.05)
    assert sum(one.reading == "stands" for one in found) <= most(60, 0.025)


def test_what_teams_lastingly_are_does_not_stand() -> None:
    """Nothing is held fixed: teams that are liked are engaged as well, this quarter and the one before."""
    bare = settings(controls=("period",))
    found = [compute(frame(stable=0.08, lasting=0.8, units=40, seed=seed), bare) for seed in range(24)]
    assert sum(one.slope is not None and one.slope.q < 0.05 for one in found) >= 22
    assert sum(one.reading == "stands" for one in found) <= most(24, 0.05)
    assert sum(one.reading == "matched_by_placebo" for one in found) >= 20


def test_n_is_the_number_of_units() -> None:
    """Twice the answers of the same units tell no more about units."""
    made = frame(12, effect=0.1)
    one = compute(made, settings())
    more = compute(made.assign(customers=made.customers * 50, employees=made.employees * 50), settings())
    assert one.slope == more.slope
    assert (one.facts.units, one.facts.unit_periods) == (12, 72)
    assert one.association is not None
    assert one.association.raw is not None
    assert one.association.raw.n == 12


def test_the_same_frame_gives_the_same_digits_in_any_order() -> None:
    made = frame(effect=0.1)
    one = compute(made, settings()).to_json()
    assert compute(made, settings()).to_json() == one
    assert Result.of(json.loads(json.dumps(one, allow_nan=False))).to_json() == one
    mixed = compute(made.sample(frac=1, random_state=1), settings())
    assert mixed.slope is not None
    assert mixed.slope.after.value == pytest.approx(one["slope"]["after"]["value"])
    assert mixed.slope.p == pytest.approx(one["slope"]["p"])


def test_the_slope_follows_the_scale_of_the_question() -> None:
    made = frame(effect=0.1)
    one = compute(made, settings()).slope
    other = compute(made.assign(felt=made.felt * 2 + 1), settings()).slope
    assert one is not None
    assert other is not None
    assert other.after.value == pytest.approx(one.after.value / 2)
    assert other.p == pytest.approx(one.p)
    assert other.link_sd is not None
    assert one.link_sd is not None
    assert other.link_sd.value == pytest.approx(one.link_sd.value)


def test_agreement_is_that_of_the_single_answers() -> None:
    rng = np.random.default_rng(1)
    groups = np.repeat(np.arange(9), rng.integers(5, 20, 9))
    values = np.round(
        np.clip(3.5 + 0.5 * rng.standard_normal(9)[groups] + rng.standard_normal(len(groups)), 1, 5)
    )
    whole = reliability.intraclass(values, groups)
    cells = [values[groups == one] for one in range(9)]
    found = agreement(
        "employees",
        np.array([float(len(one)) for one in cells]),
        np.array([one.mean() for one in cells]),
        np.array([((one - one.mean()) ** 2).sum() for one in cells]),
    )
    assert found is not None
    assert (found.icc1, found.icc2, found.p) == pytest.approx((whole.icc1, whole.icc2, whole.p))
    assert (found.cells, found.n) == (9, len(values))
    assert agreement("customers", np.array([5.0]), np.array([1.0]), np.array([2.0])) is None
    assert agreement("customers", np.full(4, 5.0), np.full(4, 1.0), np.zeros(4)) is None


@pytest.mark.parametrize(
    ("units", "words"),
    [
        (9, "Too few teams to tell: 9 with enough answers, and this study asks for 10."),
        (0, "Too few teams to tell: 0 with enough answers, and this study asks for 10."),
    ],
)
def test_too_few_units_are_told_with_what_would_suffice(units: int, words: str) -> None:
    made = frame(max(units, 1))
    result = compute(made[made.unit < f"T-{units:02}"], settings())
    assert result.reading == "insufficient_evidence"
    assert (result.slope, result.units, result.link) == (None, [], None)
    told = findings.write(result)
    assert told.lede == words
    assert f"{10 - units} more team" in told.then
    assert "at least 5 employees and 5 of the customers" in told.then


def test_what_does_not_vary_cannot_be_told() -> None:
    for name in ("felt", "outcome"):
        result = compute(frame().assign(**{name: 1.0}), settings())
        assert result.reading == "insufficient_evidence"
        assert "is the same in every team and quarter" in findings.write(result).lede


def test_a_short_history_has_no_placebo() -> None:
    result = compute(frame(effect=0.2, periods=3).assign(earlier=np.nan), settings())
    assert (result.reading, result.placebo) == ("no_placebo_possible", None)
    assert result.why["placebo"].startswith("Customers’ scores reach back far enough for 0 of 24 teams")


def test_a_region_of_one_team_does_not_break_the_jackknife() -> None:
    made = frame(12, effect=0.1)
    made.loc[made.unit == "T-03", "region"] = "Island"
    result = compute(made, settings())
    assert result.slope is not None
    assert result.slope.after.low < result.slope.after.value < result.slope.after.high
    assert compute(made, settings(controls=("size", "period"))).slope != result.slope


def test_every_unit_is_shown_with_its_numbers() -> None:
    result = compute(frame(10, effect=0.1), settings())
    assert [one.name for one in result.units] == [f"Team {number:02}" for number in range(10)]
    first = result.units[0]
    assert (first.periods, first.customers, first.region) == (6, 360, "North")
    assert first.outcome_interval is not None
    assert first.outcome_interval.low < first.outcome < first.outcome_interval.high
    assert result.line[0].low < result.line[0].value < result.line[0].high


def of_seed(seed: int, truth: Truth) -> Result:
    """The seeded world's teams by quarter, as `frames.constituency` would read them, without look-back."""
    world, one = World(truth, seed, UNTIL, 4_000), block(seed, 4_000, truth)
    rows = np.nonzero(one.asks.answered & (one.asks.survey == asking.CSAT))[0]
    about = one.interactions.at_rows(one.asks.row[rows])
    heard = pd.DataFrame(
        {
            "team": world.staff.team_of[about.employee],
            "quarter": quarter_numbers(world.calendar, about.at),
            "score": (one.answers.score[rows] >= 4).astype(float),
        }
    )
    felt = pd.DataFrame(
        {
            "team": world.staff.team_of[world.pulse.employee],
            "quarter": quarter_numbers(world.calendar, world.pulse.at),
            "felt": world.pulse.overall,
        }
    )
    keys, within = ["team", "quarter"], {"size": "size", "mean": "mean", "var": lambda one: one.var(ddof=0)}
    both = (
        felt.groupby(keys)
        .felt.agg(**within)
        .join(heard.groupby(keys).score.agg(**within), rsuffix="_c", how="inner")
    )
    both = both[(both["size"] >= 5) & (both["size_c"] >= 5)].reset_index()
    made = pd.DataFrame(
        {
            "unit": [f"T-{one:02}" for one in both.team],
            "period": pd.Timestamp("2025-01-01", tz="UTC") + pd.to_timedelta(both.quarter * 91, unit="D"),
            "name": [f"Team {one}" for one in both.team],
            "region": [str(one // 5) for one in both.team],
            "size": 8,
            "employees": both["size"],
            "felt": both["mean"],
            "felt_within": both["var"] * both["size"],
            "customers": both["size_c"],
            "outcome": both["mean_c"],
            "outcome_within": both["var_c"] * both["size_c"],
            "previous": np.nan,
            "earlier": np.nan,
        }
    )
    return compute(made, settings(controls=("region", "period")))


def test_the_seeded_team_link_is_there_and_gone_without_its_cause() -> None:
    """Engagement lifts CSAT in the generator; a world in which it does not shows nothing of it."""
    without = replace(Truth(), engagement_on_csat=0.0)
    real = [one.slope for one in (of_seed(seed, Truth()) for seed in range(10)) if one.slope]
    null = [one.slope for one in (of_seed(seed, without) for seed in range(10)) if one.slope]
    assert len(real) == len(null) == 10
    assert sum(one.q < 0.05 and one.after.value > 0 for one in real) >= 8
    assert sum(one.q < 0.05 for one in null) <= most(10, 0.05)
    # .25 points of the answer a standard deviation, .55 points of the pulse: .45 × the share it moves (a fifth)
    assert 0.05 < np.mean([one.after.value for one in real]) < 0.16
