"""What goes with the overall answer: shares of R², what is left out and why, and nothing that is set to zero."""

import json
from dataclasses import asdict
from typing import Any

import msgspec
import numpy as np
import pandas as pd
import pytest

from analytics.stats import drivers as stats
from analytics.studies.plain import plain
from analytics.studies.sections import drivers
from analytics.studies.sections.drivers import DriverMap
from tests.analytics.frames import settings

from .frames import describe, item, items


def run(frame: pd.DataFrame, **changes: Any) -> DriverMap:
    found = drivers.compute(frame, settings(**changes))
    stored = json.loads(json.dumps(plain(asdict(found)), allow_nan=False))
    assert plain(asdict(msgspec.convert(stored, DriverMap))) == stored  # what is stored reads back
    return found


def labels(found: DriverMap) -> list[str]:
    return [one.label for one in found.drivers]


def test_shares_are_those_of_lmg_and_sum_to_r_squared() -> None:
    frame = items(500)
    found = run(frame)
    columns = ["i0", "i1", "i2"]
    expected = stats.shapley(frame[columns], frame["value"])
    by_metric = {one.metric: one.importance.value for one in found.drivers}
    names = {one["column"]: one["metric"] for one in frame.attrs["items"]}
    assert by_metric == pytest.approx({names[column]: expected.importance[column] for column in columns})
    assert found.r_squared is not None
    assert sum(by_metric.values()) == pytest.approx(found.r_squared.value)
    assert found.r_squared.low < found.r_squared.value < found.r_squared.high
    assert (found.method, found.draws, found.answers, found.n, found.lost) == ("shapley", 1000, 500, 500, 0)
    assert labels(found)[0] == "Delivery on time"  # by importance


def test_a_weak_driver_keeps_its_estimate_and_interval() -> None:
    weak = run(items(800)).drivers[-1]
    assert weak.label == "Wait time"
    assert weak.importance.value > 0
    assert weak.importance.low < weak.importance.value < weak.importance.high
    assert not weak.significant
    assert weak.coefficient.low < 0 < weak.coefficient.high


def test_significance_is_that_of_the_robust_coefficient() -> None:
    found = run(items(800))
    assert [one.significant for one in found.drivers] == [True, True, False]
    assert all(one.significant == (one.p < 0.05) for one in found.drivers)


def test_above_twelve_items_the_weights_are_johnsons_and_it_says_so() -> None:
    frame = items(500, weights=(0.5,) * 3 + (0.1,) * 10)
    found = run(frame)
    assert found.method == "relative_weights"
    expected = stats.relative_weights(frame[[f"i{n}" for n in range(13)]], frame["value"])
    assert sum(one.importance.value for one in found.drivers) == pytest.approx(expected.r_squared)
    assert run(items(500, weights=(0.2,) * 12)).method == "shapley"


def test_items_of_the_attitudes_own_scale_are_no_drivers_of_it() -> None:
    frame = items(300)
    own = item("value", "Overall", "satisfaction", low=0.0, high=10.0)
    parts = [
        item("i0", "Expected", "satisfaction"),
        item("i1", "Delivery", "shop"),
        item("i2", "Wait", "shop"),
    ]
    found = run(describe(frame, parts, own))
    assert sorted(labels(found)) == ["Delivery", "Wait"]
    assert "same scale" in found.left_out["Expected"]


def test_what_cannot_take_part_is_left_out_with_its_reason() -> None:
    frame = items(300)
    frame["i3"] = 4.0
    frame["i4"] = frame["i0"] + frame["i1"]
    frame["i5"] = np.where(np.arange(300) < 60, 3.0, np.nan)
    extra = [item("i3", "Same"), item("i4", "Sum"), item("i5", "Rare")]
    found = run(describe(frame, [*frame.attrs["items"], *extra]))
    assert len(found.drivers) == 3
    assert found.left_out == {
        "Same": "the same answer from everybody",
        "Sum": "repeats the other items",
        "Rare": "answered by 60 of 300, so that it would cost most of the answers",
    }


def test_missing_answers_are_counted() -> None:
    frame = items(300)
    frame.loc[:29, "i0"] = np.nan  # answered the others
    frame.loc[30:49, ["i0", "i1", "i2"]] = np.nan  # was not asked any
    found = run(frame)
    assert (found.answers, found.n, found.lost) == (280, 250, 30)
    assert {one.label: one.n for one in found.drivers}["Product quality"] == 280


def test_performance_is_the_share_of_the_two_best_steps() -> None:
    frame = items(400)
    found = {one.metric: one for one in run(frame).drivers}
    best = float((frame["i0"] >= 4).mean())
    assert found["rating:delivery-on-time"].performance.value == pytest.approx(best)
    wide = describe(frame, [item("i0", "Delivery", low=0.0, high=10.0), item("i1", "Quality")])
    assert {one.label: one.performance.value for one in run(wide).drivers}["Delivery"] == 0.0


def test_a_quadrant_is_clear_only_where_both_intervals_are() -> None:
    frame = items(3000)
    frame["i0"] = np.clip(frame["i0"] - 1, 1, 5)  # matters, and goes badly
    found = {one.label: one for one in run(frame).drivers}
    first = found["Delivery on time"]
    assert (first.quadrant, first.clear) == ("matters_badly", True)
    few = run(frame.iloc[:60].copy())
    assert not all(one.clear for one in few.drivers)
    for one in few.drivers:
        assert few.mean_importance is not None
        assert few.mean_performance is not None
        apart = not one.importance.low <= few.mean_importance <= one.importance.high
        assert one.clear == (
            apart and not one.performance.low <= few.mean_performance <= one.performance.high
        )


def test_rows_of_one_customer_are_drawn_together() -> None:
    frame = items(200)
    twice = describe(pd.concat([frame] * 4, ignore_index=True), frame.attrs["items"])
    one, four = run(frame), run(twice)
    alone, unknown = (
        run(describe(twice.assign(customer=pd.Categorical([name] * 800)), frame.attrs["items"]))
        for name in ("", None)
    )
    assert alone == unknown

    def width(found: DriverMap) -> float:
        return found.drivers[0].importance.high - found.drivers[0].importance.low

    assert width(four) == pytest.approx(width(one), rel=0.2)
    assert width(alone) == pytest.approx(width(one) / 2, rel=0.2)  # anonymous answers stand for themselves


@pytest.mark.parametrize(
    ("frame", "why"),
    [
        (
            describe(items(100).iloc[:0].copy(), items(100).attrs["items"]),
            "0 answered all of the 3 items; 30 are needed",
        ),
        (describe(items(100), []), "No rated item that varies"),
        (describe(items(20), items(20).attrs["items"]), "20 answered all of the 3 items; 30 are needed"),
        (describe(items(100).assign(value=9.0), items(100).attrs["items"]), "the same overall answer, 9."),
        (
            describe(items(100).assign(value=lambda t: t["i0"] + t["i1"]), items(100).attrs["items"]),
            "Not computed: y: is a linear function of X",
        ),
    ],
    ids=["nobody", "no items", "few", "one answer", "exact"],
)
def test_what_cannot_be_told_says_why(frame: pd.DataFrame, why: str) -> None:
    found = run(frame)
    assert found.drivers == []
    assert why in found.why


def test_the_same_answers_give_the_same_digits_and_progress_is_told() -> None:
    told: list[float] = []
    one = drivers.compute(items(300), settings(), lambda share, words: told.append(share))
    assert one == drivers.compute(items(300), settings())
    assert one != drivers.compute(items(300), settings(seed=2))
    assert told == sorted(told)
    assert 0 <= told[0] < told[-1] <= 1


def test_labels_that_read_the_same_are_told_apart() -> None:
    frame = items(300)
    parts = [item("i0", "Staff", "shop"), item("i1", "Staff", "phone"), item("i2", "Wait")]
    assert sorted(labels(run(describe(frame, parts)))) == ["Staff (Phone)", "Staff (Shop)", "Wait"]
