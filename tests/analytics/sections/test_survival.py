"""How soon something follows the answer: landmark, censoring, tests, and a violated assumption that is said."""

import json
import math
from dataclasses import asdict
from typing import Any

import msgspec
import numpy as np
import pandas as pd
import pytest

from analytics.stats import survival as stats
from analytics.studies.plain import plain
from analytics.studies.sections import survival
from analytics.studies.sections.survival import Survival
from tests.analytics.frames import settings

from .frames import asked, returning


def run(frame: pd.DataFrame, invited: pd.DataFrame | None = None, **changes: Any) -> Survival:
    found = survival.compute(frame, invited, settings(**changes))
    stored = json.loads(json.dumps(plain(asdict(found)), allow_nan=False))
    assert plain(asdict(msgspec.convert(stored, Survival))) == stored
    return found


def test_curves_are_kaplan_and_meiers_of_each_band() -> None:
    frame = returning(900)
    found = run(frame)
    assert [one.band for one in found.curves] == ["promoter", "passive", "detractor"]
    for one in found.curves:
        rows = frame[(frame["band"] == one.band) & (frame["followed_days"] >= 1)]
        followed = rows["followed_days"]
        came = rows["next_days"] <= followed
        expected = stats.kaplan_meier(rows["next_days"].where(came, followed), came.astype(int))
        assert (one.n, one.events) == (expected.n, expected.events)
        for step in one.steps[1:]:
            there = expected.at(step.day)
            assert (step.share, step.low, step.high) == pytest.approx((there.value, there.low, there.high))
        assert one.median == expected.median
        assert one.at_risk[0] == (0.0, one.n)
        assert [n for _, n in one.at_risk] == sorted((n for _, n in one.at_risk), reverse=True)


def test_a_planted_hazard_ratio_is_found_and_no_other() -> None:
    found = run(returning(4000, ratio=1.5))
    high, low = found.hazards[:2]
    assert (high.name, high.label, low.label) == ("band_high", "Promoters", "Detractors")
    assert high.ratio.low < 1.5 < high.ratio.high
    assert low.ratio.low < 1 / 1.5 < low.ratio.high
    assert found.logrank_p is not None
    assert found.logrank_p < 1e-6
    assert found.ph_violated is False
    controls = {one.name: one for one in found.hazards[2:]}
    assert set(controls) == {"revenue", "revenue above the middle", "tenure_days", "segment gold"}
    assert controls["segment gold"].label == "Segment gold"
    assert controls["segment gold"].ratio.low < 1 < controls["segment gold"].ratio.high


def test_no_difference_is_no_difference() -> None:
    found = run(returning(2000, seed=5))
    assert found.logrank_p is not None
    assert found.logrank_p > 0.05


def test_hazards_that_cross_are_said_to_change() -> None:
    found = run(returning(3000, crossing=4.0))
    assert found.ph_violated is True
    assert found.ph_global_p is not None
    assert found.ph_global_p < 0.05
    assert found.hazards[0].ph_p is not None
    assert found.hazards[0].ph_p < 0.01


def test_ratio_and_test_are_those_of_the_statistics() -> None:
    frame = returning(600, ratio=1.4)
    found = run(frame, controls=())
    rows = frame[frame["followed_days"] >= 1]
    followed = rows["followed_days"]
    came = rows["next_days"] <= followed
    table = pd.DataFrame(
        {
            "high": (rows["band"] == "promoter").astype(float),
            "low": (rows["band"] == "detractor").astype(float),
            "days": rows["next_days"].where(came, followed),
            "came": came.astype(float),
        }
    )
    fit = stats.cox(table, duration="days", event="came")
    assert found.hazards[0].ratio.value == pytest.approx(math.exp(fit.terms["high"].coefficient))
    assert found.hazards[0].p == pytest.approx(fit.terms["high"].p)
    assert found.concordance == pytest.approx(fit.concordance)
    whole = stats.proportional_hazards(table, duration="days", event="came")["GLOBAL"].p
    assert found.ph_global_p == pytest.approx(whole)
    test = stats.logrank(table["days"], table["came"], rows["band"].astype(str))
    assert found.logrank_statistic == pytest.approx(test.statistic)


def test_a_day_that_is_not_over_tells_nothing() -> None:
    """Somebody followed for 5.7 days who orders at 5.5 is censored at 5: others with 5.7 days are, too."""
    frame = returning(900)
    alone = frame.assign(next_days=np.where(frame.index == 0, frame["followed_days"] + 1, frame["next_days"]))
    one, other = run(frame.assign(next_days=frame["next_days"].where(frame.index != 0))), run(alone)
    assert one == other


def test_a_curve_ends_where_few_are_followed() -> None:
    """One promoter followed for years draws no curve of his own out there, and is in every test all the same."""
    frame = returning(900)
    waiting = frame.index[(frame["band"] == "promoter") & frame["next_days"].isna()][0]
    frame.loc[waiting, ["followed_days", "next_days"]] = (5000.0, 4000.0)
    found = run(frame)
    for one in found.curves:
        assert one.until is not None
        assert one.until < 200
        assert max(step.day for step in one.steps) <= one.until
        assert (frame[frame["band"] == one.band]["followed_days"] >= one.until).sum() >= 10
    assert found.curves[0].events == run(returning(900)).curves[0].events + 1
    assert max(day for day, _ in found.curves[0].at_risk) < 200


def test_the_silent_are_shown_from_their_first_invitation_and_in_no_test() -> None:
    invited = asked(300)
    found, without = run(returning(900), invited), run(returning(900))
    silent = invited.iloc[:300]
    assert found.nonresponders is not None
    assert found.nonresponders.n == int((silent["answered"] == 0).sum())
    assert found.nonresponders.noun == "those who did not answer"
    assert (found.logrank_p, found.hazards) == (without.logrank_p, without.hazards)
    bounced = run(returning(900), invited.assign(delivered=0))
    assert bounced.nonresponders is None
    assert run(returning(900), invited.iloc[:0]).nonresponders is None


def test_too_few_are_counted_and_not_drawn() -> None:
    frame = returning(900)
    few = frame[(frame["band"] != "detractor") | (frame.index < 60)]
    found = run(few)
    assert found.curves[2].steps == []
    assert found.curves[0].steps
    assert found.logrank_p is None
    assert found.hazards == []
    assert f"only {found.curves[2].n} detractors" in found.why
    nobody = run(frame.iloc[:0])
    assert (nobody.curves[0].until, nobody.curves[0].n) == (None, 0)
    assert "this study asks for 30" in nobody.why
    young = run(frame.assign(followed_days=0.0, next_days=np.nan))
    assert young.curves[0].n == 0


def test_nothing_happened_yet() -> None:
    found = run(returning(900).assign(next_days=np.nan))
    assert found.why == "Not tested: it came for nobody yet."
    assert found.curves[0].median is None


def test_a_band_for_which_it_never_came_has_curves_and_no_ratio() -> None:
    frame = returning(900)
    found = run(frame.assign(next_days=frame["next_days"].where(frame["band"] != "detractor")))
    assert found.logrank_p is not None
    assert found.hazards == []
    assert (
        found.why == "No hazard ratios: column 'Detractors' orders the events perfectly; no finite estimate."
    )


def test_the_same_answers_give_the_same_digits_and_progress_is_told() -> None:
    told: list[float] = []
    one = survival.compute(returning(600), asked(), settings(), lambda share, words: told.append(share))
    assert one == survival.compute(returning(600), asked(), settings())
    assert told == sorted(told)
