"""What `make bench` runs by the thousand, by the dozen: bounds that chance alone breaks once in 10,000."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from scipy import stats

from bench import truth
from bench.found import Found
from bench.simulated import LATE, LINK, NULL, REGRESSION, SIMPSON, UNSEEN
from bench.simulated_beside import NOTHING, SILENT, SOME
from bench.simulated_contacts import CONTACT_LINK, CONTACT_NULL, CONTACT_SELECTION
from bench.simulated_teams import TEAM_LINK, TEAM_NULL, TEAM_SELECTION
from bench.truth import Regime

SEEDS = range(40)
#: Teams are few in each and quick: so many show whether answers, rows or units are the n.
MANY = range(120)
BOUND = 1e-4


def at_most(trials: int, share: float) -> int:
    return int(stats.binom.ppf(1 - BOUND, trials, share))


_STUDIED: dict[str, Sequence[Found]] = {}


def studied(regime: Regime) -> Sequence[Found]:
    """Each regime once for all tests."""
    if regime.name not in _STUDIED:
        seeds = MANY if regime == TEAM_NULL else SEEDS
        _STUDIED[regime.name] = truth.studies(regime, seeds, processes=1)
    return _STUDIED[regime.name]


def name_of(regime: Regime) -> str:
    return regime.name


@pytest.mark.parametrize(
    "regime",
    [LINK, NULL, SIMPSON, LATE, REGRESSION, CONTACT_LINK, CONTACT_NULL, TEAM_LINK, TEAM_NULL, SILENT],
    ids=name_of,
)
def test_intervals_cover_the_truth(regime: Regime) -> None:
    found = studied(regime)
    for contrast in range(len(found[0].covered)):
        missed = sum(not one.covered[contrast] for one in found)
        assert missed <= at_most(len(found), 0.05)


@pytest.mark.parametrize("regime", [UNSEEN, CONTACT_SELECTION, TEAM_SELECTION], ids=name_of)
def test_pure_selection_rarely_stands(regime: Regime) -> None:
    found = studied(regime)
    assert sum(one.reading == "stands" for one in found) <= at_most(len(found), 0.05)
    assert sum(one.reading == "matched_by_placebo" for one in found) > len(found) / 2


@pytest.mark.parametrize("regime", [LINK, CONTACT_LINK, TEAM_LINK], ids=name_of)
def test_a_real_link_mostly_stands(regime: Regime) -> None:
    found = studied(regime)
    assert sum(one.reading == "stands" for one in found) > len(found) / 2


@pytest.mark.parametrize("regime", [NULL, CONTACT_NULL, TEAM_NULL, NOTHING], ids=name_of)
def test_nothing_is_rarely_called_something(regime: Regime) -> None:
    """By any test of a study: Benjamini–Hochberg keeps that to 5 % where every hypothesis is null."""
    found = studied(regime)
    assert sum(any(one.discovered) for one in found) <= at_most(len(found), 0.05)


@pytest.mark.parametrize("regime", [CONTACT_NULL, TEAM_NULL], ids=name_of)
def test_rows_taken_as_independent_find_links_that_are_none(regime: Regime) -> None:
    found = studied(regime)
    naive = sum(one.naive_discovered for one in found)
    assert naive > sum(one.discovered[0] for one in found)
    assert naive > at_most(len(found), 0.05)


def test_false_discoveries_among_real_ones_stay_few() -> None:
    """Benjamini–Hochberg keeps their mean share to 5 %; each organization's share is at most 1."""
    found = list(studied(SOME))
    assert truth.discoveries(SOME, found).reached
    real = [hit for one in found for hit, null in zip(one.discovered, one.is_null, strict=True) if not null]
    assert sum(real) > 0.8 * len(real)
    assert sum(one.naive_discovered for one in found) > at_most(len(found), 0.05)  # each p by itself


def test_answers_alone_miss_what_weights_hold() -> None:
    found = list(studied(SILENT))
    assert sum(not one.naive_covered for one in found) > at_most(len(found), 0.05)
    figure = truth.beside_naive(SILENT, found)
    assert abs(figure.what["bias"]) < 0.5 * abs(figure.what["naive bias"])


@pytest.mark.parametrize("regime", [SIMPSON, LATE, REGRESSION], ids=name_of)
def test_the_naive_estimate_is_wrong_where_ours_is_right(regime: Regime) -> None:
    found = studied(regime)
    assert sum(one.naive * one.truth < 0 for one in found) > 0.8 * len(found)
    assert sum(one.value * one.truth > 0 for one in found) > 0.8 * len(found)
    figure = truth.beside_naive(regime, list(found))
    assert figure.reached
    assert abs(figure.what["bias"]) < 0.5 * abs(figure.what["naive bias"])


def test_figures_say_when_they_miss() -> None:
    one = studied(NULL)[0]
    for figure in (
        truth.coverage(NULL, [replace(one, covered=(False, True, True))] * 50),
        truth.discoveries(NULL, [replace(one, discovered=(True, False, False))] * 50),
        truth.readings(UNSEEN, [replace(one, reading="stands")] * 50, at_most=0.05),
        truth.readings(LINK, [replace(one, reading="noise")] * 50, at_least=0.5),
        truth.beside_naive(LINK, [replace(one, value=1.0, truth=0.0, naive=1.0)] * 50),
        truth.signs(LATE, [replace(one, value=-1.0, truth=1.0)] * 50)[0],
        truth.false_alarms(TEAM_NULL, [replace(one, discovered=(True,), naive_discovered=True)] * 50),
    ):
        assert not figure.reached, figure.name


def test_processes_find_the_same() -> None:
    assert truth.studies(TEAM_LINK, range(4), processes=2) == truth.studies(TEAM_LINK, range(4), processes=1)
