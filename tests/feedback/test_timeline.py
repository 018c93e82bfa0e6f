"""What feedback tells of a customer."""

from datetime import timedelta

import pytest

from crm.timeline import timeline
from feedback.links import invite
from feedback.models import Invitation
from tests import factories
from tests.cast import Cast

from . import makers

pytestmark = pytest.mark.django_db
NOW = factories.NOW


def test_answers_and_invitations(inside: Cast, query_budget: type) -> None:
    who, other = factories.customer(), factories.customer()
    survey = makers.survey("support-csat", name="Support")
    call = factories.interaction(who, occurred_at=NOW)
    asked, _token = invite(survey=survey, customer=who, sent_at=NOW + timedelta(hours=1), interaction=call)
    response = makers.answer(
        survey, {"csat": 2, "comment": "slow"}, invitation=asked, at=NOW + timedelta(hours=2)
    )
    skipped, _token = invite(survey=survey, customer=who, sent_at=NOW + timedelta(days=1))
    Invitation.objects.filter(pk=skipped.pk).update(status="not_asked", ineligible_reason="quarantine")
    declined, _token = invite(survey=survey, customer=who, sent_at=NOW + timedelta(days=2))
    Invitation.objects.filter(pk=declined.pk).update(status="declined")
    makers.answer(survey, {"csat": 5}, other)
    makers.answer(survey, {"csat": 1}, who, at=NOW + timedelta(days=3), status="dismissed")

    with query_budget(2):
        page = timeline(who, kinds=["answers", "invitations"])
    seen = [(entry.kind, entry.id, entry.title, entry.detail) for entry in page.entries]
    assert seen == [
        ("invitation", declined.pk, "Asked: Support", "by email, said not now"),
        ("not_asked", skipped.pk, "Not asked", "Support"),
        ("answer", response.pk, "Support", "by email"),
        ("invitation", asked.pk, "Asked: Support", "by email, answered"),
    ]
    answer = page.entries[2].facts
    assert answer["scores"] == [{"metric": "csat", "question": "csat", "value": 2, "counts": True}]
    assert [(one["question"], one["text"]) for one in answer["verbatims"]] == [("comment", "slow")]
    assert answer["interaction"] == call.pk
    assert page.entries[1].facts["reason"] == "was asked not long ago"


def test_pages_follow_each_other(inside: Cast) -> None:
    who, survey = factories.customer(), makers.survey()
    for _ in range(7):  # all at one moment
        makers.answer(survey, {"nps": 9}, who, at=NOW)
    seen, cursor = [], None
    while True:
        page = timeline(who, before=cursor, limit=3, kinds=["answers"])
        seen += [entry.id for entry in page.entries]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 7
