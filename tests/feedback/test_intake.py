"""What is stored of a response, and which of its scores count."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from accounts.models import OutboxEntry
from feedback.intake.services import InvalidAnswers, submit
from feedback.intake.supersede import supersede
from feedback.links import invite
from feedback.models import Invitation, Response, Score, Verbatim
from tests import factories
from tests.cast import Cast

from . import makers

pytestmark = pytest.mark.django_db
NOW = factories.NOW


def counted(metric: str = "nps") -> list[float]:
    rows = Score.objects.filter(metric=metric, counts=True).order_by("answered_at", "id")
    return list(rows.values_list("value", flat=True))


def test_a_response_is_stored_with_scores_verbatims_and_what_it_owes(inside: Cast) -> None:
    of, who = makers.survey(), factories.customer()
    response = makers.answer(of, {"nps": 3, "reason": " slow "}, who, language="en", at=NOW, channel="web")
    assert response.answers == {"nps": 3, "reason": "slow"}
    score, verbatim = Score.objects.get(), Verbatim.objects.get()
    assert (score.metric, score.question, score.value, score.counts) == ("nps", "nps", 3.0, True)
    assert (score.customer_id, score.survey_id, score.channel) == (who.pk, of.pk, "web")
    assert (verbatim.question, verbatim.text, verbatim.language) == ("reason", "slow", "en")
    assert score.answered_at == verbatim.answered_at == response.answered_at == NOW
    entry = OutboxEntry.objects.get()
    assert (entry.task, entry.arguments) == ("feedback.after_response", {"response_id": str(response.pk)})


def test_invalid_answers_store_nothing(inside: Cast) -> None:
    of = makers.survey()
    for answers in ({}, {"nps": 11}, {"nps": 3, "reason": 4}, {"nps": 3, "other": 1}):
        with pytest.raises(InvalidAnswers):
            makers.answer(of, answers)
    assert not Response.objects.exists()
    assert not OutboxEntry.objects.exists()


def test_a_survey_without_required_questions_still_wants_one_answer(inside: Cast) -> None:
    question = {"id": "why", "type": "long_text", "title": "Why?"}
    of = makers.survey(document=lambda name: {"title": name, "questions": [question]})
    with pytest.raises(InvalidAnswers, match="at least one"):
        makers.answer(of, {"why": "  "})


def test_an_invitation_is_answered_once_and_gives_the_context(inside: Cast) -> None:
    of, who = makers.survey("support-csat"), factories.customer()
    call = factories.interaction(who)
    invitation, _token = invite(survey=of, customer=who, interaction=call, channel="email", wave="w1")
    first = submit(version=makers.version(of), answers={"csat": 5}, invitation=invitation)
    assert first.is_new
    assert first.response is not None
    assert first.response.customer_id == who.pk
    assert (first.response.interaction_id, first.response.channel, first.response.wave) == (
        call.pk,
        "email",
        "w1",
    )
    invitation.refresh_from_db()
    assert invitation.status == Invitation.Status.ANSWERED
    second = submit(version=makers.version(of), answers={"csat": 1}, invitation=invitation)
    assert (second.is_new, second.response) == (False, first.response)
    assert counted("csat") == [5]


def test_an_external_id_is_stored_once(inside: Cast) -> None:
    of = makers.survey()
    first = makers.answer(of, {"nps": 9}, external_id="row-1")
    again = submit(version=makers.version(of), answers={"nps": 1}, external_id="row-1")
    assert (again.is_new, again.response) == (False, first)
    assert counted() == [9]
    assert OutboxEntry.objects.count() == 1


def test_the_latest_answer_of_a_wave_counts_in_whatever_order_they_arrive(inside: Cast) -> None:
    of, who, other = makers.survey(), factories.customer(), factories.customer()
    makers.answer(of, {"nps": 5}, who, wave="w1", at=NOW)
    makers.answer(of, {"nps": 9}, who, wave="w1", at=NOW + timedelta(days=2))
    makers.answer(of, {"nps": 7}, who, wave="w1", at=NOW + timedelta(days=1))
    assert counted() == [9]
    makers.answer(of, {"nps": 6}, who, wave="w2", at=NOW + timedelta(days=3))
    makers.answer(of, {"nps": 4}, other, wave="w1", at=NOW + timedelta(days=4))
    makers.answer(of, {"nps": 3}, None, wave="w1", at=NOW + timedelta(days=5))
    makers.answer(of, {"nps": 2}, None, wave="w1", at=NOW + timedelta(days=6))
    assert counted() == [9, 6, 4, 3, 2]
    assert supersede(of.pk) == 0


def test_test_partial_and_dismissed_responses(inside: Cast) -> None:
    of, who = makers.survey(), factories.customer()
    makers.answer(of, {"nps": 9, "reason": "kept"}, who, wave="w", at=NOW)
    makers.answer(of, {"nps": 1}, who, wave="w", at=NOW + timedelta(days=1), is_test=True)
    makers.answer(of, {"nps": 2}, who, wave="w", at=NOW + timedelta(days=2), status="dismissed")
    assert counted() == [9]
    makers.answer(of, {"reason": "only words"}, who, wave="w", at=NOW + timedelta(days=3), status="partial")
    assert counted() == [9], "a later partial answer without a score leaves the score"
    makers.answer(of, {"nps": 3}, who, wave="w", at=NOW + timedelta(days=4), status="partial")
    assert counted() == [3]


def test_transactional_answers_all_count(inside: Cast) -> None:
    of, who = makers.survey("support-csat"), factories.customer()
    for day, value in enumerate((5, 1)):
        makers.answer(of, {"csat": value}, who, at=NOW + timedelta(days=day))
    assert counted("csat") == [5, 1]


def test_supersede_mends_a_whole_survey(inside: Cast) -> None:
    of, who = makers.survey(), factories.customer()
    for day in range(3):
        makers.answer(of, {"nps": day}, who, wave="w", at=NOW + timedelta(days=day))
    Score.objects.update(counts=True)  # as a bulk import leaves them
    assert supersede(of.pk, [factories.customer().pk]) == 0
    assert supersede(of.pk) == 2
    assert counted() == [2]


def test_submit_keeps_its_query_budget(inside: Cast, query_budget: type) -> None:
    of, who = makers.survey(), factories.customer()
    version = makers.version(of)
    with query_budget(2):  # the response with all that is in it, the outbox row
        submit(version=version, answers={"nps": 9, "reason": "x"})
    invitation, _token = invite(survey=of, customer=who)
    with query_budget(5):  # and the claim, the queue, supersession
        submit(version=version, answers={"nps": 9, "reason": "x"}, invitation=invitation)


@pytest.mark.django_db(transaction=True)
def test_a_customer_of_another_organization_cannot_be_answered_for(cast: Cast) -> None:
    from accounts.tenancy import organization_context

    with organization_context(cast.other):
        theirs = factories.customer()
    with organization_context(cast.organization):
        of = makers.survey()
    with pytest.raises(IntegrityError, match="feedback_"), organization_context(cast.organization):
        makers.answer(of, {"nps": 1}, theirs)
    with organization_context(cast.organization):
        assert not Response.objects.exists()
