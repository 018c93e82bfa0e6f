"""Ratings have no bands of their own: their answers are cut where thirds of them lie."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from accounts.tenancy import organization_context
from analytics.frames import attitudes, financial, store
from analytics.studies import available, binning
from tests import factories
from tests.cast import Cast
from tests.frames.world import DAY, NOW, QUESTION, T, answer, frame, long_history

pytestmark = pytest.mark.django_db

RATING = "rating:tidiness"


def bands(folder: Path, values: list[float]) -> dict[float, str]:
    """Band by answer, where each value is one customer's."""
    for value in values:
        answer(factories.customer(), value, T, metric=RATING)
    table, _ = frame(folder, predictor=RATING, controls=())
    found = dict(zip(table["value"], table["band"].astype(str), strict=True))
    assert len(table) == len(values)
    return found


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 2, 3], {1: "low", 2: "middle", 3: "high"}),
        ([1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 5, 5], {1: "low", 2: "low", 3: "middle", 4: "middle", 5: "high"}),
        # Half are at the best answer: what is below it still makes two bands.
        ([3, 4, 4, 5, 5, 5, 5, 5], {3: "low", 4: "middle", 5: "high"}),
        ([1] * 8 + [2, 3], {1: "low", 2: "middle", 3: "high"}),
        ([4, 5, 5], {4: "low", 5: "high"}),
        ([5, 5, 5], {5: "high"}),
        ([0.5, 7.25, 9.75, 10], {0.5: "low", 7.25: "middle", 9.75: "middle", 10: "high"}),
    ],
    ids=["one each", "nearest", "top-heavy", "bottom-heavy", "two", "one", "not whole"],
)
def test_answers_are_cut_nearest_to_thirds(
    cast: Cast, tmp_path: Path, values: list[float], expected: dict[float, str]
) -> None:
    with organization_context(cast.organization):
        assert bands(tmp_path, values) == expected


def test_every_frame_of_a_run_is_cut_at_the_same_answers(cast: Cast, tmp_path: Path) -> None:
    """Answers whose window is not over, and anonymous ones, move the cuts of both frames alike."""
    with organization_context(cast.organization):
        long_history()
        for value in (1, 2, 3, 4, 5, 6):
            answer(factories.customer(), value, T, metric=RATING)
        for value in (7, 8, 9, 10):
            answer(factories.customer(), value, NOW - DAY, metric=RATING)
        answer(None, 10, T, metric=RATING)
        question = replace(QUESTION, predictor=RATING)
        own, returning = tmp_path / "own.parquet", tmp_path / "returning.parquet"
        financial.build(question, own)
        financial.build(question, returning, pairs=(), returning=True)
        one, other = store.read(own), store.read(returning)
    expected = {1: "low", 2: "low", 3: "low", 4: "low", 5: "middle", 6: "middle"}
    assert dict(zip(one["value"], one["band"].astype(str), strict=True)) == expected
    assert dict(zip(other["value"], other["band"].astype(str), strict=True)) == {
        **expected,
        7: "middle",
        8: "high",
        9: "high",
        10: "high",
    }


def test_the_cuts_are_told(cast: Cast, tmp_path: Path) -> None:
    with organization_context(cast.organization):
        for value in (0, 4, 6, 7, 8, 8, 9, 10, 10):
            answer(factories.customer(), value, T, metric=RATING)
        table, _ = frame(tmp_path, predictor=RATING, controls=())
    attitude = attitudes.attitude(RATING)
    assert attitude.label == "Tidiness"
    words = binning.words(table, attitude)
    assert words == "Cut at thirds of the answers: low 0 to 6, middle 7 to 8, high 9 to 10."
    assert binning.words(table, attitudes.attitude("nps")) == ""
    assert binning.words(table.iloc[:0], attitude) == ""


def test_what_there_is_to_study_is_counted_by_the_same_cuts(cast: Cast, tmp_path: Path) -> None:
    with organization_context(cast.organization):
        for value in (0, 4, 6, 7, 8, 8, 9, 10, 10):
            answer(factories.customer(), value, T, metric=RATING)
        answer(None, 3, T, metric="rating:of-employees")
        assert available.attitudes_asked() == [RATING]
        found = available.customers(predictor=RATING, horizon_days=30, minimum_n=2, as_of=NOW)
        table, _ = frame(tmp_path, predictor=RATING, controls=())
    assert {group.noun: group.n for group in found.groups} == {
        "high raters": 3,
        "middle raters": 3,
        "low raters": 3,
    }
    assert Counter(table["band"].astype(str)) == {"high": 3, "middle": 3, "low": 3}
