"""Versions, and the staff's list of surveys."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from accounts.tenancy import organization_context
from feedback.links import public_link
from feedback.models import Survey, SurveyVersion
from feedback.surveys.document import InvalidDocument
from feedback.surveys.services import close, create_survey, publish, revise
from feedback.surveys.templates import relationship_nps, support_csat
from feedback.surveys.versions import current
from tests.cast import Cast

from . import makers

pytestmark = pytest.mark.django_db
DOCUMENT = relationship_nps("Halden Home")


def test_a_published_version_never_changes(inside: Cast) -> None:
    version = makers.version(makers.survey())
    for change in ({"document": {}}, {"number": 9}, {"published_at": None}):
        with pytest.raises(IntegrityError, match="is published and never changes"), transaction.atomic():
            SurveyVersion.objects.filter(pk=version.pk).update(**change)
    with (
        pytest.raises(IntegrityError, match="never changes"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE feedback_surveyversion SET document = '{}'")
    version.save()  # the same again is no change


def test_a_draft_changes_and_a_published_survey_gets_a_new_version(inside: Cast) -> None:
    survey = create_survey(key="s", name="S", kind="relationship", document=DOCUMENT)
    assert current(survey.pk) is None
    draft = revise(survey=survey, document=relationship_nps("Renamed"))
    assert draft.number == 1
    first = publish(survey)
    assert (first.number, survey.status) == (1, Survey.Status.PUBLISHED)
    second = revise(survey=survey, document=DOCUMENT)
    assert second.number == 2
    assert current(survey.pk) == first
    assert publish(survey) == second == current(survey.pk)
    close(survey)
    assert survey.status == Survey.Status.CLOSED
    assert publish(survey) == second
    assert survey.status == Survey.Status.PUBLISHED


def test_a_wrong_document_makes_no_survey(inside: Cast) -> None:
    with pytest.raises(InvalidDocument, match="questions"):
        create_survey(key="s", name="S", kind="relationship", document={"title": "T", "questions": []})
    assert not Survey.objects.exists()


def test_a_key_is_each_organizations_own(cast: Cast) -> None:
    for organization in (cast.organization, cast.other):
        with organization_context(organization):
            create_survey(key="s", name="S", kind="relationship", document=DOCUMENT)
    with pytest.raises(IntegrityError), organization_context(cast.organization):
        create_survey(key="s", name="S", kind="relationship", document=DOCUMENT)


def test_the_list(client: Client, cast: Cast, query_budget: type) -> None:
    with organization_context(cast.organization):
        survey = makers.survey(name="How are we <doing>")
        link = public_link(survey, "qr")
        makers.answer(survey, {"nps": 9})
        makers.answer(survey, {"nps": 9}, is_test=True)
        revise(survey=survey, document=support_csat("Halden Home"))
        create_survey(key="draft", name="A draft", kind="transactional", document=DOCUMENT)
    with organization_context(cast.other):
        makers.survey(name="Their survey")
    client.force_login(cast.vera)
    client.get("/o/halden/surveys/")
    with query_budget(12):
        answer = client.get("/o/halden/surveys/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "How are we &lt;doing&gt;" in page
    assert f"/s/{link.token}" in page
    assert '<td class="num">1</td>' in page
    assert "a draft waits" in page
    assert "never published" in page
    assert "Their survey" not in page


def test_who_may_see_the_list(client: Client, cast: Cast) -> None:
    assert client.get("/o/halden/surveys/").status_code == 302
    client.force_login(cast.otto)
    assert client.get("/o/halden/surveys/").status_code == 404
    client.force_login(cast.greta)
    assert client.get("/o/halden/surveys/").status_code == 403
