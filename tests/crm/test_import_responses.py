"""Answers from a file: validated, scored, stored once, and superseded within their wave."""

from pathlib import Path
from typing import Any

import pytest

from accounts.tenancy import organization_context
from crm.imports.mapping import MappingError
from crm.models import Case, Customer
from feedback.models import Response, Score, Verbatim
from feedback.surveys.services import create_survey, publish
from tests.cast import Cast

from .files import Desk, counts

pytestmark = pytest.mark.django_db
DOCUMENT: dict[str, Any] = {
    "title": "How are we doing?",
    "questions": [
        {"id": "nps", "type": "nps", "title": "Would you recommend us?", "required": True},
        {
            "id": "shop",
            "type": "matrix",
            "title": "The shop",
            "items": [
                {"id": "tidy", "title": "Tidy", "metric": "rating:tidy"},
                {"id": "warm", "title": "Warm"},
            ],
        },
        {"id": "why", "type": "long_text", "title": "Why?"},
    ],
}
MAPPING: dict[str, Any] = {
    "survey": "pulse",
    "columns": {"customer": "who", "answered_at": "when", "wave": "wave"},
    "answers": {"nps": "nps", "shop": {"tidy": "tidy", "warm": "warm"}, "why": "why"},
}
HEAD = "who,when,wave,nps,tidy,warm,why\n"


@pytest.fixture
def desk(cast: Cast, tmp_path: Path) -> Desk:
    with organization_context(cast.organization):
        publish(create_survey(key="pulse", name="Pulse", kind="relationship", document=DOCUMENT))
    return Desk(tmp_path, cast.organization)


def test_answers_are_stored_scored_and_stored_once(desk: Desk) -> None:
    rows = HEAD + 'C-1,2026-01-05,w1,9,4,5,"Nice, really"\n,2026-01-05,w1,3,,,\n,2026-01-05,w1,3,,,\n'
    run = desk.take("responses", rows, MAPPING)
    assert (counts(run), run.customers_created) == ((3, 0, 0, 0), 1)
    assert counts(desk.take("responses", rows, MAPPING)) == (0, 0, 3, 0)
    with organization_context(desk.organization):
        response = Response.objects.get(customer__external_id="C-1")
        assert response.answers == {"nps": 9, "shop": {"tidy": 4, "warm": 5}, "why": "Nice, really"}
        assert (response.status, response.channel, response.wave) == ("complete", "import", "w1")
        scores = Score.objects.filter(response=response).order_by("question")
        assert list(scores.values_list("metric", "question", "value", "customer_id", "counts")) == [
            ("nps", "nps", 9.0, response.customer_id, True),
            ("rating:tidy", "shop.tidy", 4.0, response.customer_id, True),
        ]
        assert Verbatim.objects.get().text == "Nice, really"
        assert Score.objects.filter(customer=None, counts=True).count() == 2


def test_refused_answers(desk: Desk) -> None:
    rows = (
        HEAD
        + "C-1,2026-01-05,,11,,,\nC-1,2026-01-05,,,3,,\nC-1,2026-01-05,,nine,,,\nC-1,2026-01-05,,8,,6,a\0b\n"
    )
    assert counts(desk.take("responses", rows, MAPPING)) == (0, 0, 0, 4)
    reasons = [row["reason"] for row in desk.refused()]
    assert reasons[0].startswith("nps: ")
    assert reasons[1] == "nps: Please answer this question."
    assert "NUL" in reasons[3]


def test_a_later_answer_of_the_wave_takes_the_earlier_ones_place(desk: Desk) -> None:
    desk.take(
        "responses",
        HEAD + "C-1,2026-01-05,w1,2,,,\nC-1,2026-01-09,w1,9,,,\nC-1,2026-03-09,w2,5,,,\n",
        MAPPING,
    )
    with organization_context(desk.organization):
        assert list(
            Score.objects.filter(counts=True).order_by("answered_at").values_list("value", flat=True)
        ) == [9, 5]


def test_a_changed_answer_is_scored_anew(desk: Desk) -> None:
    mapping = MAPPING | {"columns": {**MAPPING["columns"], "external_id": "id"}}
    desk.take("responses", "id," + HEAD + "1,C-1,2026-01-05,,9,4,,good\n2,C-2,2026-01-05,,9,,,\n", mapping)
    changed = "id," + HEAD + "1,C-1,2026-01-05,,3,,,\n2,C-2,2026-01-05,,9,,,\n"
    assert counts(desk.take("responses", changed, mapping)) == (0, 1, 1, 0)
    with organization_context(desk.organization):
        scores = Score.objects.filter(customer__external_id="C-1")
        assert list(scores.values_list("question", "value")) == [("nps", 3.0)]
        assert not Verbatim.objects.exists()
        assert Score.objects.count() == 2


def test_old_answers_open_no_case(desk: Desk) -> None:
    desk.take("responses", HEAD + "C-1,2026-01-05,,0,,,\n", MAPPING)
    with organization_context(desk.organization):
        assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"survey": "puls"}, "there is no survey 'puls'; did you mean 'pulse'?"),
        ({"survey": "draft"}, "'draft' is a draft"),
        ({"answers": {"npss": "nps"}}, "did you mean 'nps'?"),
        ({"answers": {"shop": {"cold": "warm"}}}, "answers.shop.cold: unknown"),
        ({"answers": {"nps": "nqs"}}, "no column 'nqs'"),
        ({"answers": {}}, "answers: must be an object"),
    ],
)
def test_a_wrong_mapping(desk: Desk, change: dict[str, Any], said: str) -> None:
    with organization_context(desk.organization):
        create_survey(key="draft", name="Draft", kind="relationship", document=DOCUMENT)
    with pytest.raises(MappingError) as refused:
        desk.take("responses", HEAD, MAPPING | change)
    assert said in str(refused.value)


def test_the_survey_of_another_organization_is_not_there(desk: Desk, cast: Cast, tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="there is no survey 'pulse'"):
        Desk(tmp_path, cast.other).take("responses", HEAD, MAPPING)
    desk.take("responses", HEAD + "C-1,2026-01-05,,9,,,\n", MAPPING)
    with organization_context(cast.other):
        assert not Response.objects.exists()
        assert not Score.objects.exists()
        assert not Customer.objects.exists()
