from datetime import timedelta

import pytest

from accounts.tenancy import organization_context
from feedback import selectors
from feedback.models import Survey
from tests.api.conftest import Api, make_survey, problem
from tests.cast import Cast
from tests.factories import NOW

pytestmark = pytest.mark.django_db

VALUES = [10, 10, 9, 9, 9, 8, 7, 7, 5, 2, 0, 10]
FROM, TO = "2026-09-01T00:00:00Z", "2026-11-02T00:00:00Z"


@pytest.fixture
def answered(api: Api, survey: Survey) -> None:
    for number, value in enumerate(VALUES):
        when = (NOW - timedelta(days=number)).isoformat()
        body = {"survey": "orders", "answers": {"nps": value}, "answered_at": when, "channel": "app"}
        assert api.post("/responses", body).status_code == 201


def test_one_figure_is_the_pages_figure(api: Api, cast: Cast, answered: None) -> None:
    body = api.get(f"/scores?metric=nps&from={FROM}&to={TO}").json()
    with organization_context(cast.organization):
        page = selectors.summary("nps", NOW - timedelta(days=60), NOW)  # half-open: the newest is out
        assert page.n == 11
        page = selectors.summary("nps", NOW - timedelta(days=60), NOW + timedelta(seconds=1))
    assert body["data"] == [
        {"group": None, "n": 12, "enough": True, "value": page.value, "low": page.low, "high": page.high}
    ]
    assert page.value == pytest.approx(25.0)  # 6 promoters, 3 detractors of 12
    assert (body["start"], body["end"], body["by"], body["minimum_n"]) == (FROM, TO, None, 10)


def test_too_few_answers_show_n_and_no_figure(api: Api, answered: None) -> None:
    weeks = api.get(f"/scores?metric=nps&from=2026-10-12T00:00:00Z&to={TO}&by=week").json()["data"]
    assert [(one["group"], one["n"]) for one in weeks] == [
        ("2026-10-12", 0),
        ("2026-10-19", 5),
        ("2026-10-26", 7),
    ]
    for one in weeks:
        assert (one["enough"], one["value"], one["low"], one["high"]) == (False, None, None, None)


def test_by_dimension_and_filtered(api: Api, cast: Cast, answered: None) -> None:
    make_survey(cast.organization, "visits")
    for by, group in (("survey", "orders"), ("channel", "app"), ("touchpoint", None), ("question", "nps")):
        data = api.get(f"/scores?metric=nps&from={FROM}&to={TO}&by={by}").json()["data"]
        assert [(one["group"], one["n"]) for one in data] == [(group, 12)], by
    assert api.get(f"/scores?metric=nps&from={FROM}&to={TO}&survey=visits").json()["data"][0]["n"] == 0
    assert api.get(f"/scores?metric=nps&from={FROM}&to={TO}&channel=app").json()["data"][0]["n"] == 12


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("", "metric"),
        ("metric=", "metric"),
        ("metric=" + "x" * 41, "metric"),
        ("metric=%00", "metric"),
        ("metric=nps&by=moon", "by"),
        ("metric=nps&from=2026", "from"),
        ("metric=nps&from=0001-01-01T00:00:00Z", "from"),
        ("metric=nps&to=9999-12-31T23:59:59Z", "to"),
        (f"metric=nps&from={TO}&to={FROM}", "from"),
        (f"metric=nps&from=2001-01-01T00:00:00Z&to={TO}", "from"),
        (f"metric=nps&from=2017-01-01T00:00:00Z&to={TO}&by=day", "by"),
        ("metric=nps&survey=nothing", "survey"),
        ("metric=nps&channel=%00", "channel"),
        ("metric=nps&limit=1", "limit"),
    ],
)
def test_a_question_that_does_not_fit(api: Api, query: str, place: str) -> None:
    problem(api.get(f"/scores?{query}"), 400, place)
