"""Harrell's C against the library's, ties of every kind among the rows."""

import numpy as np
import pytest
from lifelines.utils import concordance_index

from analytics.stats._concordance import concordance


@pytest.mark.parametrize("times", [3, 20, 10_000])
@pytest.mark.parametrize("risks", [2, 15, 10_000])
@pytest.mark.parametrize("happened", [0.2, 1.0])
def test_it_is_the_librarys(times: int, risks: int, happened: float) -> None:
    for n in (5, 64, 257):
        random = np.random.default_rng([times, risks, n])
        durations = random.integers(1, times + 1, n).astype(float)
        events = (random.random(n) < happened).astype(float)
        events[durations.argmin()] = 1.0
        risk = random.integers(0, risks, n) / 7.0
        if np.ptp(durations) == 0:
            continue
        assert concordance(durations, events, risk) == pytest.approx(
            concordance_index(durations, -risk, events), abs=1e-12
        )


def test_orders_that_are_right_wrong_and_none() -> None:
    durations, events = np.array([1.0, 2.0, 3.0]), np.ones(3)
    assert concordance(durations, events, np.array([3.0, 2.0, 1.0])) == 1.0
    assert concordance(durations, events, np.array([1.0, 2.0, 3.0])) == 0.0
    assert concordance(durations, events, np.ones(3)) == 0.5
    assert concordance(np.ones(3), np.ones(3), np.arange(3.0)) is None  # all at one moment
    assert concordance(durations, np.zeros(3), np.arange(3.0)) is None  # it happened to nobody
    # last seen at the moment when it happened to another: later
    assert concordance(np.ones(2), np.array([1.0, 0.0]), np.array([2.0, 1.0])) == 1.0
