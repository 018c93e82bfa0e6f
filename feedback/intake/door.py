"""What stands behind a survey token, and whether it may be answered now."""

from dataclasses import dataclass
from enum import Enum

from django.db.models import F
from django.utils import timezone

from accounts.models import Organization
from feedback.links import is_personal, token_hash
from feedback.models import Invitation, Survey, SurveyVersion
from feedback.surveys.document import Document, parse
from feedback.surveys.versions import published


class State(Enum):
    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


@dataclass(frozen=True)
class Door:
    """One survey as seen through one token. `invitation` is None for a public link."""

    token: str
    state: State
    organization: Organization
    survey: Survey
    version: SurveyVersion
    document: Document
    channel: str
    invitation: Invitation | None

    @property
    def is_personal(self) -> bool:
        return self.invitation is not None


def open_door(token: str) -> Door | None:
    """Inside the token's organization. None when it leads to nothing that was ever published."""
    return _personal(token) if is_personal(token) else _public(token)


def _public(token: str) -> Door | None:
    """One query, since a survey may get a crowd at once."""
    version = (
        published()
        .filter(survey__links__hash=token_hash(token))
        .select_related("survey", "organization")
        .annotate(channel=F("survey__links__channel"), link_is_open=F("survey__links__is_open"))
        .order_by("-number")
        .first()
    )
    if version is None:
        return None
    state = State.OPEN if version.link_is_open and _takes_answers(version.survey) else State.CLOSED
    return _door(token, version, state, version.channel, None)


def _personal(token: str) -> Door | None:
    invitation = (
        Invitation.objects.select_related("customer", "interaction").filter(hash=token_hash(token)).first()
    )
    if invitation is None:
        return None
    version = (
        published()
        .filter(survey_id=invitation.survey_id)
        .select_related("survey", "organization")
        .order_by("-number")
        .first()
    )
    if version is None:
        return None
    invitation.survey = version.survey
    if invitation.answered_at is not None:
        state = State.ANSWERED
    elif invitation.expires_at is not None and invitation.expires_at <= timezone.now():
        state = State.CLOSED
    else:
        state = State.OPEN if _takes_answers(version.survey) else State.CLOSED
    return _door(token, version, state, invitation.channel, invitation)


def _takes_answers(survey: Survey) -> bool:
    return survey.status == Survey.Status.PUBLISHED


def _door(
    token: str, version: SurveyVersion, state: State, channel: str, invitation: Invitation | None
) -> Door:
    return Door(
        token=token,
        state=state,
        organization=version.organization,
        survey=version.survey,
        version=version,
        document=parse(version.document),
        channel=channel,
        invitation=invitation,
    )
