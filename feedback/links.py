"""Tokens: the addresses at which surveys are answered.

A public link may be used by anybody; a personal one belongs to one invitation. Only hashes are looked up. The
first letter tells the two apart, so that one look-up is enough.
"""

import hashlib
import secrets
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from crm.models import Customer, Interaction

from .models import Invitation, Survey, SurveyLink

PUBLIC, PERSONAL = "l", "p"


def make_token(kind: str) -> str:
    """192 random bits behind the letter of its kind."""
    return kind + secrets.token_urlsafe(24)


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def is_personal(token: str) -> bool:
    return token.startswith(PERSONAL)


def organization_of(token: str) -> UUID | None:
    """The active organization whose token this is, through the definer function; None for any other text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT feedback_resolve_token(%s)", [token_hash(token)])
        organization_id: UUID | None = cursor.fetchone()[0]
    return organization_id


def rests(token: str) -> bool:
    """Whether a token that leads nowhere belongs to an organization that is suspended."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT feedback_token_rests(%s)", [token_hash(token)])
        found: bool = cursor.fetchone()[0]
    return found


def public_link(survey: Survey, channel: str = "link") -> SurveyLink:
    """A new public address of the survey."""
    token = make_token(PUBLIC)
    return SurveyLink.objects.create(survey=survey, token=token, hash=token_hash(token), channel=channel)


def invite(
    *,
    survey: Survey,
    customer: Customer,
    channel: str = "email",
    wave: str = "",
    interaction: Interaction | None = None,
    sampling_probability: float = 1.0,
    sent_at: datetime | None = None,
    expires_at: datetime | None = None,
) -> tuple[Invitation, str | None]:
    """Ask one customer, or record why they are not asked.

    Returns:
        The invitation and its personal token, which is stored nowhere; None for a customer who wants no
        surveys.
    """
    fields: dict[str, Any] = {
        "survey": survey,
        "customer": customer,
        "channel": channel,
        "wave": wave,
        "interaction": interaction,
        "sampling_probability": sampling_probability,
        "expires_at": expires_at,
    }
    if sent_at is not None:
        fields["sent_at"] = sent_at
    if customer.surveys_opted_out_at is not None:
        status = Invitation.Status.NOT_ASKED
        return Invitation.objects.create(**fields, status=status, ineligible_reason="opted_out"), None
    token = make_token(PERSONAL)
    return Invitation.objects.create(**fields, hash=token_hash(token)), token
