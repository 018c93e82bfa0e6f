"""One engine: by hand, against the statistics package, and Python against SQL."""

import math
from typing import Any

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.stats import intervals
from feedback import scoring
from feedback.models import Score
from feedback.surveys.document import parse
from tests import factories
from tests.cast import Cast

from . import makers
from .test_document import ALL, GOOD

NPS_COUNTS = st.dictionaries(st.integers(0, 10), st.integers(1, 500), min_size=1)


def test_nps_by_hand() -> None:
    # 50 promoters, 30 passives, 20 detractors: +30. Interval: (50.75 − 20.75)/103 ± 1.96·√(v/103),
    # v = 71.5/103 − (30/103)² = 0.609341; ± 0.150753; 0.291262 ± 0.150753.
    summary = scoring.summarize("nps", {10: 30, 9: 20, 8: 20, 7: 10, 6: 5, 0: 15})
    assert summary.n == 100
    assert summary.value == 30.0
    assert summary.low == pytest.approx(14.0509, abs=1e-3)
    assert summary.high == pytest.approx(44.2015, abs=1e-3)
    assert summary.bands == {"detractor": 20, "passive": 30, "promoter": 50}


def test_csat_by_hand() -> None:
    # 8 of 10 satisfied; Wilson 95 %: 0.4902 to 0.9433 (Brown, Cai & DasGupta's formula).
    summary = scoring.summarize("csat", {5: 4, 4: 4, 3: 1, 1: 1})
    assert summary.value == 0.8
    assert (summary.low, summary.high) == (pytest.approx(0.49016, abs=1e-5), pytest.approx(0.94332, abs=1e-5))
    assert summary.mean == 4.0
    assert summary.mean_low is not None


def test_ces_by_hand() -> None:
    # 5, 6, 7: mean 6, s = 1, t(2) = 4.302653; ± 4.302653/√3 = 2.484138.
    summary = scoring.summarize("ces", {5: 1, 6: 1, 7: 1})
    assert summary.value == 6.0
    assert summary.variance == 1.0
    assert summary.low == pytest.approx(6 - 2.484138, abs=1e-6)
    assert summary.high == pytest.approx(6 + 2.484138, abs=1e-6)


def test_too_few_answers_have_no_interval() -> None:
    nobody = scoring.summarize("nps", {})
    assert (nobody.n, nobody.value, nobody.low, nobody.mean) == (0, None, None, None)
    single = scoring.summarize("rating:tidiness", {4.0: 1})
    assert (single.n, single.value, single.low, single.high) == (1, 4.0, None, None)
    everybody = scoring.summarize("nps", {10: 1})
    assert everybody.value == 100.0
    assert everybody.high == 100.0
    assert everybody.low is not None
    assert everybody.low < 100.0


@given(NPS_COUNTS)
@settings(max_examples=200, deadline=None)
def test_nps_agrees_with_the_statistics_package(counts: dict[float, int]) -> None:
    mine = scoring.summarize("nps", counts)
    bands = scoring.banded("nps", counts)
    theirs = intervals.nps(bands["promoter"], bands["passive"], bands["detractor"])
    assert (mine.value, mine.low, mine.high, mine.n) == pytest.approx(
        (theirs.value, theirs.low, theirs.high, theirs.n), rel=1e-12, abs=1e-10
    )


@given(st.dictionaries(st.integers(1, 5), st.integers(1, 500), min_size=1))
@settings(max_examples=200, deadline=None)
def test_csat_agrees_with_the_statistics_package(counts: dict[float, int]) -> None:
    mine = scoring.summarize("csat", counts)
    theirs = intervals.proportion(counts.get(4, 0) + counts.get(5, 0), sum(counts.values()))
    assert (mine.value, mine.low, mine.high) == pytest.approx(
        (theirs.value, theirs.low, theirs.high), rel=1e-12, abs=1e-12
    )


@given(st.lists(st.floats(0, 10), min_size=2, max_size=60))
@settings(max_examples=200, deadline=None)
def test_means_agree_with_the_statistics_package(values: list[float]) -> None:
    counts: dict[float, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    mine = scoring.summarize("tidiness", counts)
    theirs = intervals.mean(values)
    assert (mine.value, mine.low, mine.high) == pytest.approx(
        (theirs.value, theirs.low, theirs.high), rel=1e-9, abs=1e-9
    )


@given(NPS_COUNTS, NPS_COUNTS)
@settings(max_examples=200, deadline=None)
def test_nps_change_agrees_with_the_statistics_package(a: dict[float, int], b: dict[float, int]) -> None:
    mine = scoring.difference("nps", a, b)
    first, second = ((c["promoter"], c["passive"], c["detractor"]) for c in map(_banded, (a, b)))
    if mine is None:
        with pytest.raises(ValueError, match="no error can be estimated"):
            intervals.nps_difference(first, second)
        return
    theirs = intervals.nps_difference(first, second)
    assert (mine.value, mine.low, mine.high, mine.p) == pytest.approx(
        (theirs.value, theirs.low, theirs.high, theirs.p), rel=1e-9, abs=1e-9
    )


def test_change_of_means_is_welchs() -> None:
    from scipy import stats

    a, b = [7, 7, 6, 5, 4], [1, 2, 5, 6]
    mine = scoring.difference("ces", _counts(a), _counts(b))
    theirs = stats.ttest_ind(a, b, equal_var=False)
    low, high = theirs.confidence_interval(0.95)
    assert mine is not None
    assert (mine.value, mine.p, mine.low, mine.high) == pytest.approx(
        (5.8 - 3.5, theirs.pvalue, low, high), rel=1e-9
    )


def test_change_of_shares_by_hand() -> None:
    # 0.8 of 100 less 0.6 of 50: 0.2, se = √(0.8·0.2/100 + 0.6·0.4/50) = 0.08.
    mine = scoring.difference("csat", {5: 80, 1: 20}, {4: 30, 2: 20})
    assert mine is not None
    assert mine.value == pytest.approx(0.2)
    assert (mine.low, mine.high) == (pytest.approx(0.0432029, abs=1e-6), pytest.approx(0.3567971, abs=1e-6))
    assert mine.p == pytest.approx(0.0124193, abs=1e-6)


def test_no_change_without_answers_or_variation() -> None:
    assert scoring.difference("nps", {}, {10: 3}) is None
    assert scoring.difference("nps", {10: 3}, {0: 3}) is None
    assert scoring.difference("ces", {7: 1}, {1: 9, 2: 1}) is None


def _banded(counts: dict[float, int]) -> dict[str, int]:
    return scoring.banded("nps", counts)


def _counts(values: list[int]) -> dict[float, int]:
    return {value: values.count(value) for value in values}


@pytest.mark.parametrize(
    ("metric", "bands"),
    [
        ("nps", ["detractor"] * 7 + ["passive"] * 2 + ["promoter"] * 2),
        ("nps:branch", ["detractor"] * 7 + ["passive"] * 2 + ["promoter"] * 2),
        ("csat", [None, "dissatisfied", "dissatisfied", "neutral", "satisfied", "satisfied"]),
        ("ces", [None, "difficult", "difficult", "difficult", "neutral", "easy", "easy", "easy"]),
        ("tidiness", ["", ""]),
    ],
)
@pytest.mark.django_db
def test_bands_in_python_and_in_sql(inside: Cast, metric: str, bands: list[str | None]) -> None:
    of = makers.survey()
    response = makers.answer(of, {"nps": 1})
    Score.objects.all().delete()
    for value, expected in enumerate(bands):
        if expected is None:
            continue
        assert scoring.band(metric, value) == expected
        Score.objects.create(
            response=response,
            survey=of,
            metric=metric,
            question=f"q{value}",
            value=value,
            channel="link",
            answered_at=factories.NOW,
        )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {scoring.band_sql(metric)} FROM feedback_score ORDER BY value")
        assert [row[0] for row in cursor.fetchall()] == [one for one in bands if one is not None]
    by_orm = Score.objects.annotate(band=scoring.band_case(metric)).order_by("value")
    assert list(by_orm.values_list("band", flat=True)) == [one for one in bands if one is not None]


def test_scores_and_verbatims_of_answers() -> None:
    clean, errors = ALL.validate(GOOD)
    assert not errors
    assert [(one.metric, one.question, one.value) for one in scoring.scores_of(ALL, clean)] == [
        ("nps", "nps", 9.0),
        ("csat", "csat", 4.0),
        ("ces:checkout", "ces", 7.0),
        ("rating:tidiness", "stars", 3.0),
        ("speed", "m.speed", 8.0),
    ]
    assert scoring.verbatims_of(ALL, clean) == [("short", "hi there"), ("why", "first\nsecond")]
    assert scoring.scores_of(ALL, {}) == []


def test_names_and_definitions() -> None:
    assert scoring.label("nps") == "NPS"
    assert scoring.label("csat:home-delivery") == "CSAT home delivery"
    assert scoring.label("rating:tidiness") == "Tidiness"
    assert scoring.label("wait_time") == "Wait time"
    for metric in scoring.METRICS.values():
        assert metric.definition.endswith(".")
        assert not metric.bands or metric.bands[-1].highest == math.inf


@pytest.mark.django_db
def test_a_metric_stays_on_its_scale(inside: Cast) -> None:
    from feedback.surveys.document import InvalidDocument
    from feedback.surveys.services import create_survey, publish

    def rating(most: int) -> dict[str, Any]:
        question = {"id": "r", "type": "rating", "title": "R", "max": most, "metric": "rating:tidiness"}
        return {"title": "T", "questions": [question]}

    publish(create_survey(key="a", name="A", kind="transactional", document=rating(5)))
    publish(create_survey(key="b", name="B", kind="transactional", document=rating(5)))
    third = create_survey(key="c", name="C", kind="transactional", document=rating(10))
    with pytest.raises(InvalidDocument, match="already followed on 1–5, and this question is on 1–10"):
        publish(third)
    assert parse(rating(10))
