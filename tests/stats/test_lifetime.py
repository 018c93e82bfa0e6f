from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from scipy import special
from scipy.optimize import check_grad

from analytics.stats import _bg_nbd, _gamma_gamma, lifetime

# Fader, Hardie & Lee (2005) on CDNOW.
CDNOW = lifetime.BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426, log_likelihood=-9582.4)


def simulated(n: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    rate, drop = rng.gamma(0.8, 1 / 5.0, n), rng.beta(1.2, 3.0, n)
    age = rng.uniform(20, 60, n)
    x, last = np.zeros(n), np.zeros(n)
    for i in range(n):
        time = 0.0
        while True:
            time += rng.exponential(1 / rate[i])
            if time > age[i]:
                break
            x[i], last[i] = x[i] + 1, time
            if rng.uniform() < drop[i]:
                break
    return x, last, age


def test_equation_10_as_written() -> None:
    t, x, last, age = 39.0, 2.0, 30.43, 38.86
    r, alpha, a, b = CDNOW.r, CDNOW.alpha, CDNOW.a, CDNOW.b
    f = special.hyp2f1(r + x, b + x, a + b + x - 1, t / (alpha + age + t))
    top = (a + b + x - 1) / (a - 1) * (1 - ((alpha + age) / (alpha + age + t)) ** (r + x) * f)
    bottom = 1 + a / (b + x - 1) * ((alpha + age) / (alpha + last)) ** (r + x)
    assert CDNOW.expected_purchases(t, x, last, age) == pytest.approx(top / bottom)
    assert round(float(CDNOW.expected_purchases(t, x, last, age)), 3) == 1.226  # their worked example
    assert CDNOW.probability_alive(x, last, age) == pytest.approx(1 / bottom)


def test_alive_without_a_repeat_purchase_and_missing_history() -> None:
    assert CDNOW.probability_alive(0, 0, 30) == 1.0
    found = CDNOW.probability_alive([0, 3, None], [0, 5, 5], [30, 30, 30])
    assert found[1] < 0.1
    assert np.isnan(found[2])
    assert isinstance(float(CDNOW.expected_purchases(10, 0, 0, 0)), float)


def test_frequent_buyers_do_not_overflow() -> None:
    found = CDNOW.expected_purchases(52, [500, 5000], [99.9, 99.99], 100)
    assert np.isfinite(found).all()
    assert 100 < found[0] < 500 * 52 / 100


def test_expected_purchases_grow_from_zero_and_cross_a_of_one_smoothly() -> None:
    horizon = np.linspace(0, 100, 21)
    path = CDNOW.expected_purchases(horizon, 2, 20, 30)
    assert path[0] == 0
    assert (np.diff(path) > 0).all()
    near = [
        lifetime.BgNbd(0.5, 5, a, 2, 0).expected_purchases(20, 2, 20, 30) for a in (1 - 1e-5, 1.0, 1 + 1e-5)
    ]
    assert near[1] == pytest.approx((near[0] + near[2]) / 2, rel=1e-5)


def test_gradients_are_exact() -> None:
    x, last, age = simulated(30, 1)
    w = np.ones(30)
    for logs in ([0.1, 1.0, 0.2, 0.9], [-1.0, 2.0, -0.5, 0.3]):
        error = check_grad(
            lambda v: _bg_nbd._log_likelihood(v, x, last, age, w)[0],
            lambda v: _bg_nbd._log_likelihood(v, x, last, age, w)[1],
            np.array(logs),
        )
        assert error < 1e-3
    spend = np.random.default_rng(0).gamma(5, 2, 20)
    count = np.arange(1.0, 21.0)
    error = check_grad(
        lambda v: _gamma_gamma._log_likelihood(v, count, spend)[0],
        lambda v: _gamma_gamma._log_likelihood(v, count, spend)[1],
        np.array([0.5, 0.7, 1.0]),
    )
    assert error < 1e-3


def test_bg_nbd_finds_what_made_the_data() -> None:
    x, last, age = simulated(3000, 3)
    found = lifetime.fit_bg_nbd(x, last, age)
    assert found.converged
    assert (found.r, found.alpha) == pytest.approx((0.8, 5.0), rel=0.15)
    assert found.a / (found.a + found.b) == pytest.approx(1.2 / 4.2, rel=0.15)


def test_bg_nbd_order_repetition_and_unit() -> None:
    x, last, age = simulated(400, 5)
    one = lifetime.fit_bg_nbd(x, last, age)
    order = np.random.default_rng(0).permutation(400)
    other = lifetime.fit_bg_nbd(x[order], last[order] * 7, age[order] * 7)  # days for weeks
    assert (other.r, other.alpha / 7, other.a, other.b) == pytest.approx(
        (one.r, one.alpha, one.a, one.b), rel=1e-3
    )
    assert other.log_likelihood == pytest.approx(one.log_likelihood - x.sum() * np.log(7), abs=1e-3)
    assert other.expected_purchases(70, 2, 70, 140) == pytest.approx(
        one.expected_purchases(10, 2, 10, 20), rel=1e-3
    )
    twice = lifetime.fit_bg_nbd([*x, *x], [*last, *last], [*age, *age])
    assert twice.log_likelihood == pytest.approx(2 * one.log_likelihood)


def test_gamma_gamma_finds_what_made_the_data() -> None:
    rng = np.random.default_rng(4)
    count = rng.integers(0, 12, 6000).astype(float)
    rate = rng.gamma(4.0, 1 / 15.0, 6000)
    spend = np.array([rng.gamma(6 * x, 1 / (r * x)) if x else 0.0 for x, r in zip(count, rate, strict=True)])
    found = lifetime.fit_gamma_gamma(count, spend)
    assert (found.p, found.q, found.v) == pytest.approx((6.0, 4.0, 15.0), rel=0.2)
    assert found.n == (count > 0).sum()
    assert found.correlation == pytest.approx(0, abs=0.05)
    assert found.expected_value(0, 0) == pytest.approx(found.p * found.v / (found.q - 1))
    assert found.expected_value(10_000, 33.0) == pytest.approx(33.0, rel=1e-2)
    cents = lifetime.fit_gamma_gamma(count, spend * 100)
    assert (cents.p, cents.q, cents.v / 100) == pytest.approx((found.p, found.q, found.v), rel=1e-3)


def test_gamma_gamma_counts_what_it_leaves_out() -> None:
    found = lifetime.fit_gamma_gamma([0, 1, 2, 3, 4, 5, 2, None], [0, 5, 7, 9, 4, 8, 0, 6])
    assert (found.n, found.dropped) == (5, 2)


def test_summarize_by_hand() -> None:
    start = dt.date(2024, 1, 1)
    rows = [("b", 0, 10), ("a", 0, 5), ("a", 0, 3), ("a", 14, 20), ("a", 14, 4), ("a", 21, 6), ("a", 99, 50)]
    customer, days, value = zip(*rows, strict=True)
    times = [start + dt.timedelta(days=d) for d in days]
    found = lifetime.summarize(customer, times, value, observation_end="2024-01-29")
    assert found.loc["a"].tolist() == [2, 3.0, 4.0, 15.0]  # (24 + 6) / 2; the first day's 8 take no part
    assert found.loc["b"].tolist() == [0, 0.0, 4.0, 0.0]
    assert found.attrs == {"dropped": 0, "later": 1}
    in_days = lifetime.summarize(customer, times, value, observation_end=dt.date(2024, 1, 29), unit="day")
    assert in_days["age"].tolist() == [28, 28]


def test_summarize_takes_moments_and_drops_missing() -> None:
    times = pd.to_datetime(["2024-01-01 23:00", "2024-01-02 01:00", None, "2024-01-09 05:00"]).tz_localize(
        "UTC"
    )
    found = lifetime.summarize(
        [7, 7, 7, 7], times, [1, 2, 3, 4], observation_end=pd.Timestamp("2024-01-09 12:00", tz="UTC")
    )
    assert found.loc[7, "frequency"] == 2
    assert found.attrs["dropped"] == 1


def test_refusals_name_the_argument() -> None:
    calls = [
        (lambda: lifetime.fit_bg_nbd([-1, 0, 1, 2], [0, 0, 1, 2], [9] * 4), "^frequency"),
        (lambda: lifetime.fit_bg_nbd([1, 0, 1, 2], [10, 0, 1, 2], [9] * 4), "^recency"),
        (lambda: lifetime.fit_bg_nbd([0.5, 0, 1, 2], [1, 0, 1, 2], [9] * 4), "^frequency: must be whole"),
        (lambda: lifetime.fit_bg_nbd([0] * 4, [0] * 4, [9] * 4), "^frequency"),
        (lambda: lifetime.fit_bg_nbd([1, 0, 1, 2], [1, 0, 1], [9] * 4), "^recency: has 3 rows"),
        (lambda: CDNOW.expected_purchases(-1, 1, 1, 2), "^horizon"),
        (lambda: CDNOW.probability_alive(0, 3, 5), "^recency: must be 0"),
        (lambda: lifetime.fit_gamma_gamma([1, 2, 3, 4], [1, 1, 1, -1]), "^monetary"),
        (lambda: lifetime.fit_gamma_gamma([1, 2, 3, 4], [1, 1, 1, 1]), "^monetary: is constant"),
        (lambda: lifetime.fit_gamma_gamma([0, 0, 1], [0, 0, 5]), "^frequency"),
        (lambda: lifetime.GammaGamma(1, 0.9, 1, 0).expected_value(0, 0), "^q: is 0.9"),
        (lambda: lifetime.summarize([1], [5], [2], observation_end="2024-01-01"), "^time: must be dates"),
        (
            lambda: lifetime.summarize([1], ["2024-02-01"], [2], observation_end="2024-01-01"),
            "no complete purchase",
        ),
        (
            lambda: lifetime.summarize([1], ["2024-02-01"], [2], observation_end="2024-03-01", unit="hour"),
            "^unit",
        ),  # type: ignore[arg-type]
    ]
    for call, message in calls:
        with pytest.raises(ValueError, match=message):
            call()
