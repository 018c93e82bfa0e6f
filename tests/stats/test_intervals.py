from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats as scipy_stats

from analytics.stats import intervals

counts = st.integers(0, 10_000)


def test_nps_by_hand() -> None:
    wald = intervals.nps(50, 30, 20, method="wald")
    margin = 1.959964 * math.sqrt((0.7 - 0.09) / 100)
    assert (wald.value, wald.n) == (30.0, 100)
    assert wald.low == pytest.approx(100 * (0.3 - margin), abs=1e-4)
    adjusted = intervals.nps(50, 30, 20)
    p, d = 50.75 / 103, 20.75 / 103
    margin = 1.959964 * math.sqrt((p + d - (p - d) ** 2) / 103)
    assert adjusted.value == 30.0
    assert adjusted.low == pytest.approx(100 * (p - d - margin), abs=1e-4)
    assert adjusted.high == pytest.approx(100 * (p - d + margin), abs=1e-4)


def test_nps_where_everyone_agrees_keeps_a_width() -> None:
    everyone = intervals.nps(10, 0, 0)
    assert everyone.value == everyone.high == 100.0
    assert everyone.low < 80.0
    assert intervals.nps(1, 0, 0).high == 100.0  # the added answers alone would say 98.5


@given(counts, counts, counts, st.sampled_from(["wald", "adjusted-wald"]))
def test_nps_interval_holds_its_value_and_mirrors(p: int, s: int, d: int, method: str) -> None:
    if p + s + d == 0:
        with pytest.raises(ValueError, match=r"promoters"):
            intervals.nps(p, s, d)
        return
    one, other = intervals.nps(p, s, d, method=method), intervals.nps(d, s, p, method=method)
    assert -100 <= one.low <= one.value <= one.high <= 100
    assert other.value == pytest.approx(-one.value)
    assert other.low == pytest.approx(-one.high)


@pytest.mark.parametrize("bad", [(-1, 0, 5), (math.inf, 0, 1), (math.nan, 0, 1), ("x", 0, 1), (0, 0, 0)])
def test_nps_refuses_impossible_counts_by_name(bad: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match=r"promoters"):
        intervals.nps(*bad)


def test_nps_refuses_an_unknown_method_and_level() -> None:
    with pytest.raises(ValueError, match=r"method"):
        intervals.nps(1, 1, 1, method="exact")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"level"):
        intervals.nps(1, 1, 1, level=95)


def test_nps_difference_by_hand() -> None:
    found = intervals.nps_difference((50, 30, 20), (40, 30, 30))
    se = math.sqrt((0.7 - 0.09) / 100 + (0.7 - 0.01) / 100)
    assert found.value == pytest.approx(20)
    assert found.statistic == pytest.approx(0.2 / se)
    assert found.p == pytest.approx(2 * scipy_stats.norm.sf(0.2 / se))
    assert found.low == pytest.approx(20 - 100 * 1.959964 * se, abs=1e-4)
    mirrored = intervals.nps_difference((40, 30, 30), (50, 30, 20))
    assert (mirrored.value, mirrored.p) == pytest.approx((-found.value, found.p))


def test_nps_difference_names_the_group() -> None:
    with pytest.raises(ValueError, match=r"^b:"):
        intervals.nps_difference((1, 1, 1), (0, 0, 0))
    with pytest.raises(ValueError, match=r"^a, b:"):
        intervals.nps_difference((5, 0, 0), (0, 0, 5))


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    # Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_proportion_is_newcombes_table(successes: int, n: int, low: float, high: float) -> None:
    found = intervals.proportion(successes, n)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@given(st.integers(1, 5000), st.floats(0, 1), st.sampled_from([0.8, 0.95, 0.99]))
def test_proportion_equals_scipy(n: int, share: float, level: float) -> None:
    k = round(n * share)
    found = intervals.proportion(k, n, level=level)
    theirs = scipy_stats.binomtest(k, n).proportion_ci(level, "wilson")
    assert (found.low, found.high) == pytest.approx((theirs.low, theirs.high), abs=1e-9)
    assert found.low <= found.value <= found.high


@pytest.mark.parametrize(("k", "n", "name"), [(-1, 5, "successes"), (6, 5, "successes"), (0, 0, "n")])
def test_proportion_refuses_by_name(k: int, n: int, name: str) -> None:
    with pytest.raises(ValueError, match=rf"^{name}:"):
        intervals.proportion(k, n)


def test_mean_equals_scipy_and_counts_what_it_drops() -> None:
    found = intervals.mean([1.0, None, 2.0, float("nan"), 4.0, pd.NA])
    theirs = scipy_stats.ttest_1samp([1.0, 2.0, 4.0], 0)
    interval = theirs.confidence_interval()
    assert (found.n, found.dropped) == (3, 3)
    assert (found.low, found.high, found.p) == pytest.approx((interval.low, interval.high, theirs.pvalue))


def test_mean_refuses_too_few_infinite_and_text() -> None:
    for bad in ([1.0], [], [1.0, math.inf], ["1", "2"], "12", 3, [[1, 2], [3, 4]]):
        with pytest.raises(ValueError, match=r"values"):
            intervals.mean(bad)


def test_weighted_with_equal_weights_is_the_unweighted() -> None:
    answers = [0, 3, 6, 7, 8, 9, 9, 10, 10, 10]
    weighted = intervals.weighted_score(answers, [2.5] * 10, kind="nps")
    plain = intervals.nps(5, 2, 3)
    assert (weighted.value, weighted.low, weighted.high) == pytest.approx(
        (plain.value, plain.low, plain.high)
    )
    assert weighted.n == pytest.approx(10)
    mean = intervals.weighted_score(answers, [7] * 10, kind="mean")
    theirs = intervals.mean(answers)
    assert (mean.value, mean.low, mean.high) == pytest.approx((theirs.value, theirs.low, theirs.high))
    box = intervals.weighted_score([1, 2, 4, 5], [1] * 4, kind="top_box")
    share = intervals.proportion(2, 4)
    assert (box.value, box.low, box.high) == pytest.approx((share.value, share.low, share.high))


def test_weighted_score_by_hand() -> None:
    found = intervals.weighted_score([10, 0, None, 8], [3, 1, 4, None], kind="nps")
    assert found.value == pytest.approx(50.0)
    assert found.n == pytest.approx(16 / 10)
    assert found.dropped == 2


@given(
    st.lists(st.tuples(st.integers(0, 10), st.floats(0.01, 50)), min_size=3, max_size=40), st.floats(0.1, 9)
)
def test_weighted_score_knows_neither_scale_nor_order(rows: list[tuple[int, float]], factor: float) -> None:
    x, w = zip(*rows, strict=True)
    one = intervals.weighted_score(x, w)
    other = intervals.weighted_score(x[::-1], [factor * v for v in w[::-1]])
    assert (other.value, other.low, other.high, other.n) == pytest.approx(
        (one.value, one.low, one.high, one.n), abs=1e-7
    )
    assert one.low <= one.value <= one.high
    assert one.n <= len(rows) + 1e-9


def test_weighted_score_refuses_by_name() -> None:
    for values, weights, name in (
        ([1, 2], [1, -1], "weights"),
        ([1, 2], [0, 0], "weights"),
        ([1, 2], [1], "weights"),
        ([1, 11], [1, 1], "values"),
    ):
        with pytest.raises(ValueError, match=rf"^{name}:"):
            intervals.weighted_score(values, weights)
    with pytest.raises(ValueError, match=r"top"):
        intervals.weighted_score([7, 9, 10], [1, 1, 1], kind="top_box")
    assert intervals.weighted_score([7, 9, 10], [1, 1, 2], kind="top_box", top=9).value == pytest.approx(0.75)
    assert intervals.weighted_score([0, 1, 1], [2, 1, 1], kind="top_box").value == pytest.approx(0.5)


def test_results_do_not_change() -> None:
    with pytest.raises(AttributeError):
        intervals.nps(1, 1, 1).value = 3.0  # type: ignore[misc]


def test_inputs_of_every_kind_agree() -> None:
    values = [3.0, 4.0, 8.0]
    same = intervals.mean(values)
    for form in (
        np.array(values),
        pd.Series(values, index=[9, 1, 4]),
        pd.Series(values, dtype="Float64"),
        (3, 4, 8),
    ):
        assert intervals.mean(form) == same
