"""From a frame to a result: readings, guards, and nothing that is not finite."""

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analytics.studies.compute import compute
from analytics.studies.results import Result
from tests.analytics.frames import BANDS, frame, settings


def run(data: pd.DataFrame, **changes: Any) -> Result:
    result = compute(data, settings(**changes))
    stored = json.loads(json.dumps(result.to_json(), allow_nan=False))
    assert Result.of(stored).to_json() == result.to_json()  # what is stored reads back
    return result


def test_a_planted_link_stands() -> None:
    result = run(frame(900, effect=0.4, selection=1.0))
    assert result.reading == "stands"
    ends = result.contrast("highest_lowest")
    assert ends is not None
    assert ends.after.low > 0
    assert ends.difference_sd is not None
    assert ends.difference_sd.low > 0
    assert result.facts.tests == len(result.contrasts) == 3
    assert [row.band for row in result.after.rows] == list(BANDS)
    assert result.association is not None
    assert result.association.raw is not None
    assert result.association.partial is not None
    assert result.association.raw.coefficient > result.association.partial.coefficient > 0


def test_a_null_link_is_noise() -> None:
    result = run(frame(900, selection=1.0))
    assert result.reading == "noise"
    assert result.worth is None
    assert "worth" in result.why


def test_something_unseen_behind_both_is_matched_by_its_placebo() -> None:
    result = run(frame(3000, effect=0.3, placebo=0.3, selection=1.0))
    assert result.reading == "matched_by_placebo"
    assert result.worth is None


def test_a_link_whose_placebo_is_vague_is_not_separable() -> None:
    result = run(frame(180, effect=0.25, placebo=0.06, seed=4))
    ends = result.contrasts[0]
    assert ends.difference_sd is not None
    assert ends.placebo_sd is not None
    assert ends.q < 0.05
    assert ends.difference_sd.low <= 0
    assert not ends.placebo_sd.is_clear_of_zero
    assert result.reading == "not_separable_from_placebo"


def test_a_short_history_has_no_placebo() -> None:
    data = frame(900, effect=0.4)
    data["placebo_possible"] = 0
    result = run(data)
    assert result.reading == "no_placebo_possible"
    assert result.before is None
    assert result.contrasts[0].difference_sd is None
    assert "0 of 900" in result.why["placebo"]


def test_the_placebo_is_read_on_the_customers_who_have_one() -> None:
    data = frame(900, effect=0.4)
    data.loc[::3, "placebo_possible"] = 0
    result = run(data)
    assert result.before is not None
    assert (result.after.n, result.before.n) == (900, 600)
    whole = run(data.assign(placebo_possible=1))
    assert result.contrasts[0].after == whole.contrasts[0].after


def test_too_small_a_band_shows_no_figure_and_what_would_suffice() -> None:
    data = frame(300, effect=0.4)
    few = data[data["band"] == "detractor"].index[14:]
    result = run(data.drop(index=few))
    assert result.reading == "insufficient_evidence"
    [short] = result.shortfalls
    assert (short.noun, short.n, short.asked, short.missing) == ("detractors", 14, 30, 16)
    assert short.days is not None
    assert 180 < short.days < 280  # 14 came in 200 days
    assert result.contrasts == []
    assert result.worth is None
    assert {(row.mean, row.median, row.adjusted) for row in result.after.rows} == {(None, None, None)}


def test_an_empty_frame_is_a_result() -> None:
    result = run(frame(10).iloc[:0])
    assert result.reading == "insufficient_evidence"
    assert [short.days for short in result.shortfalls] == [None, None, None]


def test_worth_is_for_detractors_at_their_own_controls() -> None:
    data = frame(1500, effect=0.5, selection=1.0)
    result = run(data)
    assert result.worth is not None
    count = int((data["band"] == "detractor").sum())
    worth, low = result.worth, result.contrasts[2]
    assert worth.customers == pytest.approx(0.1 * count)
    assert worth.total.value == pytest.approx(worth.customers * worth.difference.value)
    assert worth.total.low < worth.total.value < worth.total.high
    # Detractors are mostly of the segment that spends less, so theirs is less than everybody's.
    assert 0 < worth.difference.value < -low.after.value
    assert (worth.unit, worth.currency) == ("money", "EUR")


@pytest.mark.parametrize(
    ("column", "value", "name", "reason"),
    [
        ("segment", "all", "segment", "the same for everybody"),
        ("tenure_days", np.nan, "tenure_days", "the same for everybody"),
        ("c_revenue", 5.0, "revenue", "the same for everybody"),
    ],
)
def test_a_constant_control_is_left_out_by_name(column: str, value: Any, name: str, reason: str) -> None:
    result = run(frame(400).assign(**{column: value}))
    left_out = {one.name: one.reason for one in result.facts.controls if not one.used}
    assert left_out == {name: reason}
    assert result.reading != "insufficient_evidence"


def test_a_control_that_repeats_another_is_left_out() -> None:
    data = frame(400)
    data["c_net_revenue"], data["p_net_revenue"] = data["c_revenue"], data["p_revenue"]
    result = run(data, controls=("revenue", "net_revenue"))
    assert [(one.name, one.used, one.reason) for one in result.facts.controls] == [
        ("revenue", True, ""),
        ("net_revenue", False, "repeats the others"),
    ]


def test_rare_segments_and_unknown_tenure_do_not_break_it() -> None:
    data = frame(400, effect=0.3)
    data.loc[[3, 8, 20], "segment"] = ["one", "two", ""]
    silent = data.index[50:70]
    data.loc[silent, "segment"] = "silent"  # a level that never buys has no finite mean of its own
    data.loc[silent, "outcome"] = 0.0
    data.loc[::7, "tenure_days"] = np.nan
    assert run(data).contrasts


def test_a_constant_outcome_says_so() -> None:
    result = run(frame(400).assign(outcome=0.0))
    assert result.reading == "insufficient_evidence"
    assert "the same for every customer" in result.why["figures"]


def test_a_band_that_never_buys_cannot_be_compared_and_says_why() -> None:
    data = frame(400)
    data.loc[data["band"] == "detractor", "outcome"] = 0.0
    result = run(data)
    assert result.reading == "insufficient_evidence"
    assert result.why["figures"] == (
        "The bands cannot be compared at the same controls: detractors all have the same revenue."
    )


def test_a_placebo_without_outcome_leaves_the_link() -> None:
    result = run(frame(900, effect=0.4).assign(placebo=0.0))
    assert result.reading == "no_placebo_possible"
    assert "cannot be drawn backwards" in result.why["placebo"]


@pytest.mark.parametrize(
    "outcome", ["orders", "net_revenue", "repurchased", "contacts", "complaints", "refunds"]
)
def test_every_outcome_has_its_model(outcome: str) -> None:
    data = frame(600, effect=0.4)
    for column in ("outcome", "placebo"):
        if outcome == "net_revenue":
            data[column] -= 10.0
        elif outcome == "repurchased":
            data[column] = (data[column] > 20).astype(float)
        else:
            data[column] = (data[column] / 20).round()
    result = run(data, outcome=outcome)
    assert result.contrasts[0].after.low > 0
    assert result.facts.currency == ("EUR" if outcome == "net_revenue" else None)


def test_seed_and_frame_decide_every_digit() -> None:
    data = frame(400, effect=0.3)
    one, two, three = (compute(data, settings(seed=seed)).to_json() for seed in (1, 1, 2))
    assert one == two
    assert one["contrasts"][0]["link_sd"] != three["contrasts"][0]["link_sd"]
    assert one["contrasts"][0]["after"] == three["contrasts"][0]["after"]


def test_progress_only_grows() -> None:
    seen: list[tuple[float, str]] = []
    compute(frame(400), settings(), lambda share, words: seen.append((share, words)))
    shares = [share for share, _ in seen]
    assert shares == sorted(shares)
    assert shares[0] == 0.0
    assert 0.85 < shares[-1] <= 1.0
    assert len({words for _, words in seen}) >= 4
