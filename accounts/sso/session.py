"""A session that a provider opened knows it, and opens that provider's organization alone."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import login

from accounts.models import Membership, SignOnConnection

_KEY = "sign_on"


@dataclass(frozen=True)
class Bond:
    """What a session is bound to."""

    organization_id: UUID
    organization_name: str


def bond_of(request: Any) -> Bond | None:
    """None for a session that began with a password or a passkey, and for nobody's."""
    found = request.session.get(_KEY)
    return Bond(UUID(found["organization"]), found["name"]) if found else None


def begin(request: Any, membership: Membership, connection: SignOnConnection) -> None:
    """Log in, in a fresh session: nothing that an earlier log-in in this browser was allowed goes over."""
    request.session.flush()
    request.sign_on = (
        connection  # the audit trail tells it in this organization alone (accounts/audit/logins.py)
    )
    login(request, membership.user, backend="django.contrib.auth.backends.ModelBackend")
    request.session[_KEY] = {
        "organization": str(membership.organization_id),
        "name": membership.organization.name,
        "connection": str(connection.pk),
    }
    request.session.set_expiry(settings.SIGN_ON_SESSION_HOURS * 3600)
    UserSession.objects.create_from_request(request)  # allauth lists it, having not seen it begin
