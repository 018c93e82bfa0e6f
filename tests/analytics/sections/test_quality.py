"""The scorecard: what is low is called low, what was not measured is unknown."""

import json
from dataclasses import asdict, replace
from typing import Any

import msgspec
import numpy as np
import pandas as pd
import pytest

from analytics.stats import reliability
from analytics.studies.interval import Interval
from analytics.studies.plain import plain
from analytics.studies.sections import quality
from analytics.studies.sections.associations import Associations, Pair
from analytics.studies.sections.quality import Criterion, Quality
from tests.analytics.frames import frame, settings

from .frames import describe, item, items


def run(
    table: pd.DataFrame | None,
    pairs: list[Pair] | None = None,
    data: pd.DataFrame | None = None,
    **changes: Any,
) -> Quality:
    associations = None if pairs is None else Associations(pairs, len(pairs), 0)
    data = frame(600) if data is None else data
    found = quality.compute(data, table, settings(**changes), associations)
    stored = json.loads(json.dumps(plain(asdict(found)), allow_nan=False))
    assert plain(asdict(msgspec.convert(stored, Quality))) == stored
    assert [one.key for one in found.criteria] == ["definition", "reliability", "validity", "usefulness"]
    return found


def criterion(found: Quality, key: str) -> Criterion:
    return next(one for one in found.criteria if one.key == key)


def scale(n: int = 250, *, common: float, k: int = 4, seed: int = 3) -> pd.DataFrame:
    """A matrix of k items 0–10 with the attitude "value" as its first: `common` is how much they share."""
    random = np.random.default_rng(seed)
    shared = random.normal(0, 1, n)
    answers = np.clip(np.rint(6 + 2 * (common * shared[:, None] + random.normal(0, 1, (n, k)))), 0, 10)
    columns = ["value", *(f"i{place}" for place in range(k - 1))]
    table = pd.DataFrame(answers, columns=columns).assign(touchpoint="")
    members = [
        item(f"i{place}", f"Loyalty {place + 2}", "loyalty", low=0.0, high=10.0) for place in range(k - 1)
    ]
    return describe(table, members, item("value", "Loyalty 1", "loyalty", low=0.0, high=10.0))


def test_a_low_alpha_is_reported_as_low() -> None:
    table = scale(common=0.4)
    found = run(table)
    expected = reliability.cronbach_alpha(table[["value", "i0", "i1", "i2"]])
    (one,) = found.scales
    assert (one.alpha.value, one.alpha.low, one.alpha.high) == pytest.approx(
        (expected.value, expected.low, expected.high)
    )
    assert one.alpha.value < 0.5
    assert (one.verdict, one.n, len(one.items)) == ("low", 250, 4)
    told = criterion(found, "reliability")
    assert told.verdict == "low"
    assert "hang together poorly" in told.words
    assert f"{one.alpha.value:.2f}".removeprefix("0") in told.words


@pytest.mark.parametrize(("common", "verdict"), [(1.5, "good"), (0.83, "fair"), (0.3, "low")])
def test_verdicts_of_alpha(common: float, verdict: str) -> None:
    (one,) = run(scale(2000, common=common)).scales
    assert one.verdict == verdict
    bounds = {"good": (0.8, 1.0), "fair": (0.7, 0.8), "low": (-1.0, 0.7)}[verdict]
    assert bounds[0] <= one.alpha.value < bounds[1]


def test_other_scales_have_their_alpha_and_small_ones_a_reason() -> None:
    table = scale(common=1.0)
    table["i9"], table["i8"], table["i7"] = table["i0"], table["i1"], np.nan
    members = [
        *table.attrs["items"],
        item("i9", "Tidy", "shop"),
        item("i8", "Bright", "shop"),
        item("i7", "Price", "value"),
        item("i6", "Alone", ""),
    ]
    table["i6"] = table["i0"]
    found = run(describe(table, members, table.attrs["own"]))
    assert [one.label for one in found.scales] == ["Loyalty", "Shop"]
    assert found.left_out == {"Value": "a single item, which has no alpha"}
    few = run(describe(table.iloc[:20].copy(), members, table.attrs["own"]))
    assert few.scales == []
    assert few.left_out["Loyalty"] == "20 complete answers, and this study asks for 30"


def test_a_single_question_has_no_alpha_and_no_verdict_for_want_of_one() -> None:
    told = criterion(run(items(300)), "reliability")
    assert (told.verdict, told.words) == ("unknown", "A single question, so there is no alpha.")


def by_touchpoint(spread: float, n: int = 900) -> pd.DataFrame:
    random = np.random.default_rng(6)
    place = random.integers(0, 9, n)
    table = items(n)
    values = 6 + spread * (place - 4) / 4 + random.normal(0, 2, n)
    return describe(table.assign(value=values, touchpoint=[f"t{one}" for one in place]), table.attrs["items"])


def test_touchpoints_are_told_apart_by_icc() -> None:
    table = by_touchpoint(2.0)
    found = run(table)
    expected = reliability.intraclass(table["value"], table["touchpoint"])
    assert found.units is not None
    assert (found.units.icc1, found.units.icc2, found.units.groups, found.units.n) == pytest.approx(
        (expected.icc1, expected.icc2, 9, 900)
    )
    assert criterion(found, "reliability").verdict == "good"
    alike = run(by_touchpoint(0.0))
    told = criterion(alike, "reliability")
    assert told.verdict == "unknown"  # touchpoints may be alike, which is no fault of the measure
    assert "or hardly differ" in told.words


def test_touchpoints_with_few_answers_are_no_units() -> None:
    table = by_touchpoint(2.0)
    table.loc[table.index[40:], "touchpoint"] = "t0"
    assert run(table).units is None
    assert run(None).units is None


def pair(
    reading: Any, value: float, reach: float = 0.04, attitude: str = "nps", outcome: str = "Revenue"
) -> Pair:
    interval = Interval(value, value - reach, value + reach)
    return Pair(attitude, "NPS", outcome.lower(), outcome, 900, reading, partial=interval)


@pytest.mark.parametrize(
    ("pairs", "verdict", "words"),
    [
        (
            [pair("stands", 0.2), pair("noise", 0.01)],
            "good",
            "Goes with revenue afterwards, more than before",
        ),
        ([pair("matched_by_placebo", 0.2)], "fair", "not more than its placebo"),
        ([pair("no_placebo_possible", -0.2)], "fair", "−.20 (−.24 to −.16)"),
        (
            [pair("noise", 0.01), pair("noise", 0.03)],
            "low",
            "No clear association with any of the 2 outcomes",
        ),
        ([pair("noise", 0.05, 0.2)], "unknown", "One of up to .25 cannot be ruled out"),
        ([pair("stands", 0.3, attitude="csat")], "fair", "not adjusted"),
        ([replace(pair("insufficient_evidence", 0.0), partial=None)], "fair", "not adjusted"),
    ],
    ids=["stands", "matched", "no placebo", "none", "too wide", "another attitude", "no figure"],
)
def test_validity_is_what_the_associations_show(pairs: list[Pair], verdict: str, words: str) -> None:
    told = criterion(run(None, pairs, frame(900, effect=0.5)), "validity")
    assert told.verdict == verdict
    assert words in told.words


def test_without_associations_validity_is_never_better_than_fair() -> None:
    told = criterion(run(None, None, frame(900, effect=0.5)), "validity")
    assert told.verdict == "fair"
    assert "not adjusted" in told.words
    assert criterion(run(None, None, frame(20)), "validity").verdict == "unknown"
    assert criterion(run(None, None, frame(100).assign(outcome=1.0)), "validity").verdict == "unknown"


def test_usefulness_needs_bands_that_can_be_compared_and_answers_that_differ() -> None:
    data = frame(600)
    spread = data.assign(value=np.arange(600) % 11)
    assert criterion(run(None, None, spread), "usefulness").verdict == "good"
    often = data.assign(value=np.where(np.arange(600) % 5 < 3, 9.0, 4.0))
    told = criterion(run(None, None, often), "usefulness")
    assert (told.verdict, "is 60% of 600" in told.words) == ("fair", True)
    nearly = data.assign(value=np.where(np.arange(600) % 10 < 9, 9.0, 4.0))
    assert criterion(run(None, None, nearly), "usefulness").verdict == "low"
    few = criterion(run(None, None, data[data["band"] != "passive"]), "usefulness")
    assert (few.verdict, "0 passives" in few.words) == ("unknown", True)
    assert criterion(run(None, None, data.iloc[:0]), "usefulness").verdict == "unknown"


def test_the_definition_names_the_formula_and_the_question() -> None:
    told = criterion(run(items(300)), "definition")
    assert told.verdict == "good"
    assert "Share of answers 9–10 less share of answers 0–6" in told.words
    assert "“How likely are you to recommend us?”, 0 to 10" in told.words
    assert criterion(run(None), "definition").verdict == "fair"
