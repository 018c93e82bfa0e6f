"""What stands behind a survey token, and whether it may be answered now."""

from dataclasses import dataclass
from enum import Enum

from django.utils import timezone

from accounts.models import Organization
from feedback.links import is_personal, token_hash
from feedback.models import Invitation, Survey, SurveyLink, SurveyVersion
from feedback.surveys.document import Document, parse
from feedback.surveys.versions import current


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
    invitation: Invitation | None = None
    link: SurveyLink | None = None
    if is_personal(token):
        invitation = (
            Invitation.objects.select_related("survey", "organization", "customer")
            .filter(hash=token_hash(token))
            .first()
        )
    else:
        link = (
            SurveyLink.objects.select_related("survey", "organization").filter(hash=token_hash(token)).first()
        )
    way = invitation or link
    if way is None:
        return None
    version = current(way.survey_id)
    if version is None:
        return None
    version.survey = way.survey
    return Door(
        token=token,
        state=_state(invitation, link),
        organization=way.organization,
        survey=way.survey,
        version=version,
        document=parse(version.document),
        channel=way.channel,
        invitation=invitation,
    )


def _state(invitation: Invitation | None, link: SurveyLink | None) -> State:
    if invitation is not None:
        if invitation.answered_at is not None:
            return State.ANSWERED
        if invitation.expires_at is not None and invitation.expires_at <= timezone.now():
            return State.CLOSED
    way = invitation or link
    if way is None or way.survey.status != Survey.Status.PUBLISHED or (link is not None and not link.is_open):
        return State.CLOSED
    return State.OPEN
