from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import OutboxEntry
from accounts.tenancy import organization_context
from crm.models import Touchpoint
from feedback.models import Response, Score, Survey, SurveyVersion, Verbatim
from tests import factories
from tests.api.conftest import DOCUMENT, Api, make_survey, problem
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_a_response_is_stored_scored_and_read(api: Api, cast: Cast, survey: Survey) -> None:
    with organization_context(cast.organization):
        Touchpoint.objects.create(key="checkout", name="Checkout")
        contact = factories.interaction(factories.customer(external_id="C-1"))
    given = {
        "external_id": "R-1",
        "survey": "orders",
        "customer_external_id": "C-1",
        "interaction": str(contact.pk),
        "touchpoint": "checkout",
        "channel": "app",
        "language": "pt",
        "wave": "",
        "answered_at": "2026-11-01T12:00:00Z",
        "answers": {"nps": 9, "why": "Quick."},
    }
    made = api.post("/responses", given)
    assert made.status_code == 201, made.content
    body = made.json()
    assert body.items() >= given.items()
    assert body["scores"] == [{"metric": "nps", "question": "nps", "value": 9.0, "counts": True}]
    assert (body["version"], body["status"], body["is_test"]) == (1, "complete", False)
    assert api.get(f"/responses/{body['id']}").json() == body
    with organization_context(cast.organization):
        assert Verbatim.objects.get().text == "Quick."
        assert OutboxEntry.objects.filter(arguments__response_id=body["id"]).exists()


def test_an_anonymous_response(api: Api, survey: Survey) -> None:
    made = api.post("/responses", {"survey": "orders", "answers": {"nps": 3}, "customer": None})
    assert made.status_code == 201
    assert (made.json()["customer"], made.json()["customer_external_id"], made.json()["channel"]) == (
        None,
        None,
        "api",
    )


def test_a_test_response_never_counts(api: Api, survey: Survey) -> None:
    body = api.post("/responses", {"survey": "orders", "answers": {"nps": 3}, "is_test": True}).json()
    assert body["scores"][0]["counts"] is False
    assert api.get("/scores?metric=nps").json()["data"][0]["n"] == 0


@pytest.mark.parametrize(
    ("answers", "places"),
    [
        ({"nps": 11}, ["#/answers/nps"]),
        ({"nps": "9"}, ["#/answers/nps"]),
        ({"nps": 9, "nqs": 1}, ["#/answers/nqs"]),
        ({"nps": [], "why": {}}, ["#/answers/nps", "#/answers/why"]),
        ({}, ["#/answers"]),
        ([], ["#/answers"]),
        ("nps", ["#/answers"]),
    ],
)
def test_answers_that_do_not_fit_leave_nothing(
    api: Api, cast: Cast, survey: Survey, answers: Any, places: list[str]
) -> None:
    problem(api.post("/responses", {"survey": "orders", "answers": answers}), 422, *places)
    with organization_context(cast.organization):
        assert not Response.objects.exists()
        assert not Score.objects.exists()


def test_fields_that_do_not_fit(api: Api, cast: Cast, survey: Survey) -> None:
    with organization_context(cast.organization):
        somebody = factories.customer()
        elses = factories.interaction()
    later = (timezone.now() + timedelta(hours=1)).isoformat()
    for field, value in {
        "survey": "nothing",
        "status": "dismissed",
        "answered_at": later,
        "interaction": str(elses.pk),
        "customer": str(elses.pk),
        "touchpoint": "nowhere",
        "channel": "Carrier pigeon",
        "scores": [],
    }.items():
        body = {"survey": "orders", "answers": {"nps": 9}, "customer": str(somebody.pk), field: value}
        problem(api.post("/responses", body), 422, f"#/{field}")
    problem(api.post("/responses", {"answers": {"nps": 9}}), 422, "#/survey")


def test_only_a_published_survey_is_answered(api: Api, cast: Cast, survey: Survey) -> None:
    with organization_context(cast.organization):
        fresh = Survey.objects.create(
            key="fresh", name="F", kind=Survey.Kind.TRANSACTIONAL, status="published"
        )
        SurveyVersion.objects.create(survey=fresh, number=1, document=DOCUMENT)
    problem(api.post("/responses", {"survey": "fresh", "answers": {"nps": 9}}), 422, "#/survey")
    for status in (Survey.Status.CLOSED, Survey.Status.DRAFT):
        with organization_context(cast.organization):
            Survey.objects.update(status=status)
        problem(api.post("/responses", {"survey": "orders", "answers": {"nps": 9}}), 422, "#/survey")


def test_an_external_id_is_taken_once(api: Api, cast: Cast, survey: Survey) -> None:
    body = {"survey": "orders", "answers": {"nps": 9}, "external_id": "R-1"}
    assert api.post("/responses", body).status_code == 201
    problem(api.post("/responses", {**body, "answers": {"nps": 1}}), 409, "#/external_id")
    with organization_context(cast.organization):
        assert Score.objects.get().value == 9


def test_filters(api: Api, cast: Cast, survey: Survey) -> None:
    make_survey(cast.organization, "visits")
    with organization_context(cast.organization):
        Touchpoint.objects.create(key="checkout", name="Checkout")
        who = factories.customer(external_id="C-1")
    one = api.post(
        "/responses",
        {
            "survey": "orders",
            "answers": {"nps": 9},
            "customer": str(who.pk),
            "external_id": "R-1",
            "channel": "app",
            "wave": "w1",
            "touchpoint": "checkout",
            "status": "partial",
            "answered_at": "2026-01-01T00:00:00Z",
        },
    ).json()
    api.post("/responses", {"survey": "visits", "answers": {"nps": 9}, "is_test": True})
    for query in (
        "survey=orders",
        f"customer={who.pk}",
        "customer_external_id=C-1",
        "external_id=R-1",
        "channel=app",
        "wave=w1",
        "touchpoint=checkout",
        "status=partial",
        "is_test=false",
        "answered_before=2026-01-01T00:00:01Z",
        "answered_after=2026-01-01T00:00:00Z&survey=orders",
    ):
        assert api.get(f"/responses?{query}").json()["data"] == [one], query
