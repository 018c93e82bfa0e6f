"""Storing one response, whole or not at all."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit.record import record_change
from accounts.work.outbox import owe
from feedback.models import Invitation, Response, Survey, SurveyVersion
from feedback.surveys.document import Document, parse

from .insert import insert
from .supersede import queue_up, supersede


class InvalidAnswers(ValueError):
    """`errors`: question id → sentence for the respondent."""

    def __init__(self, errors: dict[str, str]) -> None:
        self.errors = errors
        super().__init__("; ".join(f"{key or 'answers'}: {text}" for key, text in errors.items()))


@dataclass(frozen=True)
class Submission:
    """`is_new` is false when this invitation or external id had been answered: `response` is that answer,
    None where it has been erased since."""

    response: Response | None
    is_new: bool


def submit(
    *,
    version: SurveyVersion,
    answers: dict[str, Any],
    document: Document | None = None,
    invitation: Invitation | None = None,
    customer_id: UUID | None = None,
    interaction_id: UUID | None = None,
    touchpoint_id: UUID | None = None,
    channel: str = "link",
    language: str = "",
    wave: str = "",
    answered_at: datetime | None = None,
    external_id: str | None = None,
    is_test: bool = False,
    status: str = Response.Status.COMPLETE,
) -> Submission:
    """Validate and store a response with its scores and verbatims, and owe what follows from it.

    Everything is in the caller's organization and transaction: thank the respondent after that has committed.

    Args:
        version: the published version that was answered, with its `survey`.
        answers: {question id: answer} in JSON types, see `Document.validate`.
        document: the version's parsed document, if the caller has it.
        invitation: gives customer, interaction, wave and channel, and is answered once.
        external_id: the sender's own id; the same one is stored once.

    Raises:
        InvalidAnswers: nothing was stored.
    """
    survey = version.survey
    document = document or parse(version.document)
    partial = status != Response.Status.COMPLETE
    clean, errors = document.validate(answers, partial=partial)
    if not errors and not clean and status == Response.Status.COMPLETE:
        errors = {"": _("Please answer at least one question.")}
    if errors:
        raise InvalidAnswers(errors)
    if invitation is not None:
        customer_id, interaction_id = invitation.customer_id, invitation.interaction_id
        wave, channel = invitation.wave, invitation.channel
    response = Response(
        survey=survey,
        version=version,
        customer_id=customer_id,
        invitation=invitation,
        interaction_id=interaction_id,
        touchpoint_id=touchpoint_id,
        status=status,
        is_test=is_test,
        wave=wave,
        channel=channel,
        language=language,
        answers=clean,
        answered_at=answered_at or timezone.now(),
        external_id=external_id,
    )
    return _store(response, document)


@transaction.atomic(savepoint=False)
def _store(response: Response, document: Document) -> Submission:
    """Without a savepoint of its own: what fails here undoes the caller's transaction."""
    invitation, customer_id = response.invitation, response.customer_id
    if invitation is not None:
        if not _claim(invitation, response.answered_at):
            return Submission(Response.objects.filter(invitation=invitation).first(), is_new=False)
        if response.interaction is not None and response.touchpoint_id is None:
            response.touchpoint_id = response.interaction.touchpoint_id
    in_waves = response.survey.kind == Survey.Kind.RELATIONSHIP
    if in_waves and customer_id is not None:
        queue_up(response.survey_id, customer_id)
    if not insert(response, document):
        return Submission(Response.objects.get(external_id=response.external_id), is_new=False)
    if in_waves and customer_id is not None:
        supersede(response.survey_id, [customer_id])
    # No nudge: answers come in crowds, and the sweep is there within seconds.
    owe("feedback.after_response", nudge_now=False, response_id=str(response.pk))
    return Submission(response, is_new=True)


def _claim(invitation: Invitation, moment: datetime) -> bool:
    """One row changed means this answer is the one; a racing one waits here and then finds it taken."""
    claimed = Invitation.objects.filter(pk=invitation.pk, answered_at=None).update(
        status=Invitation.Status.ANSWERED, answered_at=moment
    )
    return claimed == 1


def dismiss(invitation: Invitation) -> None:
    """ "Not now". An answer may still follow, and then counts."""
    Invitation.objects.filter(pk=invitation.pk, answered_at=None).update(status=Invitation.Status.DECLINED)


@transaction.atomic
def never_again(invitation: Invitation) -> None:
    """ "Never ask me again": no survey on any channel from now on."""
    from crm.models import Customer

    now = timezone.now()
    customer = Customer.objects.select_for_update(of=("self",)).filter(pk=invitation.customer_id).first()
    if customer is not None and customer.surveys_opted_out_at is None:
        record_change("customer.changed", customer, {"surveys_opted_out_at": now})
        customer.surveys_opted_out_at = customer.updated_at = now
        customer.save(update_fields=["surveys_opted_out_at", "updated_at"])
    dismiss(invitation)
