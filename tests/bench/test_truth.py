"""What `make bench` runs by the thousand, by the dozen: bounds that chance alone breaks once in 10,000."""

from dataclasses import replace

import pytest
from scipy import stats

from bench import truth
from bench.simulated import LINK, NULL, SIMPSON, UNSEEN, frame, naive

SEEDS = range(40)
BOUND = 1e-4


def at_most(trials: int, share: float) -> int:
    return int(stats.binom.ppf(1 - BOUND, trials, share))


@pytest.mark.parametrize("regime", [LINK, NULL, SIMPSON], ids=lambda regime: regime.name)
def test_intervals_cover_the_truth(regime: truth.Regime) -> None:
    found = truth.studies(regime, SEEDS, processes=1)
    for contrast in range(3):
        missed = sum(not one.covered[contrast] for one in found)
        assert missed <= at_most(len(found), 0.05)


def test_pure_selection_rarely_stands() -> None:
    found = truth.studies(UNSEEN, SEEDS, processes=1)
    assert sum(one.reading == "stands" for one in found) <= at_most(len(found), 0.05)
    assert sum(one.reading == "matched_by_placebo" for one in found) > len(found) / 2


def test_the_naive_estimate_has_the_wrong_sign_where_ours_has_the_right_one() -> None:
    table = frame(SIMPSON, truth.CUSTOMERS, 1)
    assert naive(table, "promoter", "detractor") < 0 < SIMPSON.difference("promoter", "detractor")
    assert truth.study(1, SIMPSON).value > 0


def test_a_figure_says_when_it_misses() -> None:
    found = [replace(truth.study(1, NULL), covered=(False, True, True))] * 50
    figure = truth.coverage(NULL, found)
    assert not figure.reached
    assert figure.ours == 0.0
