"""What stands behind a survey token, and whether it may be answered now."""

from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from uuid import UUID

from django.db import connection
from django.utils import timezone

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
    organization_name: str
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


#: One small statement, since a survey may get a crowd at once; the document itself is remembered.
_BY_LINK = """
    SELECT l.organization_id, l.channel, l.is_open, s.id, s.name, s.kind, s.status, v.id, o.name
      FROM feedback_surveylink l
      JOIN accounts_organization o ON o.id = l.organization_id
      JOIN feedback_survey s ON s.organization_id = l.organization_id AND s.id = l.survey_id
      JOIN LATERAL (
          SELECT id FROM feedback_surveyversion
           WHERE organization_id = l.organization_id AND survey_id = l.survey_id AND published_at IS NOT NULL
           ORDER BY number DESC LIMIT 1
      ) v ON true
     WHERE l.hash = %s
"""


def _public(token: str) -> Door | None:
    with connection.cursor() as cursor:
        cursor.execute(_BY_LINK, [token_hash(token)])
        row = cursor.fetchone()
    if row is None:
        return None
    organization_id, channel, is_open, survey_id, name, kind, status, version_id, organization_name = row
    own = {"organization_id": organization_id}
    survey = Survey(id=survey_id, name=name, kind=kind, status=status, **own)
    return Door(
        token=token,
        state=State.OPEN if is_open and _takes_answers(survey) else State.CLOSED,
        organization_name=organization_name,
        survey=survey,
        version=SurveyVersion(id=version_id, survey=survey, **own),
        document=published_document(version_id),
        channel=channel,
        invitation=None,
    )


@lru_cache(256)
def published_document(version_id: UUID) -> Document:
    """The parsed document of a published version, remembered: the database keeps it from ever changing."""
    return parse(SurveyVersion.objects.values_list("document", flat=True).get(pk=version_id))


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
    return Door(
        token=token,
        state=state,
        organization_name=version.organization.name,
        survey=version.survey,
        version=version,
        document=parse(version.document),
        channel=invitation.channel,
        invitation=invitation,
    )


def _takes_answers(survey: Survey) -> bool:
    return survey.status == Survey.Status.PUBLISHED
