"""Invitations to join: offer, send again, take back, accept."""

import hashlib
import secrets
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from accounts.audit.record import record
from accounts.models import MemberInvitation, Membership, User
from accounts.refusal import Refused
from accounts.roles import Role
from accounts.tenancy import current_organization_id
from accounts.work.outbox import owe

from .members import lock_people, may_give

MAIL_TASK = "accounts.send_member_invitation"


def token_hash(token: str) -> bytes:
    """SHA-256 of 256 random bits: nothing to guess, so no slow hash."""
    return hashlib.sha256(token.encode()).digest()


@transaction.atomic
def invite(*, email: str, role: str, by: Membership) -> MemberInvitation:
    """Offer a role to an address; the mail is owed in the same transaction.

    Raises Refused for a member, for an address that is invited already, and for more than `by` may give.
    """
    by = lock_people(by)
    email = email.strip().lower()
    if not may_give(by, role):
        raise Refused(f"Only an owner can invite somebody as {Role(role).label.lower()}.")
    organization_id = current_organization_id()
    if Membership.objects.filter(organization_id=organization_id, user__email=email).exists():
        raise Refused(f"{email} is a member already. Change their role in the list of people.")
    open_one = MemberInvitation.objects.filter(email=email, accepted_at=None, revoked_at=None)
    if open_one.exists():
        raise Refused(f"{email} is invited already. Send that invitation again, or revoke it first.")
    invitation = MemberInvitation.objects.create(
        email=email,
        role=role,
        invited_by=by,
        expires_at=timezone.now() + MemberInvitation.LIVES,
    )
    record("invitation.sent", target=invitation, after={"email": email, "role": role})
    owe(MAIL_TASK, invitation=str(invitation.pk))
    return invitation


@transaction.atomic
def send_again(*, invitation: MemberInvitation) -> None:
    """A new mail with a new link; the old link is dead as soon as this is committed."""
    changed = MemberInvitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None).update(
        hash=None, sent_at=None, expires_at=timezone.now() + MemberInvitation.LIVES
    )
    if not changed:
        raise Refused("This invitation was accepted or revoked in the meantime. Invite the address anew.")
    record("invitation.sent_again", target=invitation)
    owe(MAIL_TASK, invitation=str(invitation.pk))


@transaction.atomic
def revoke(*, invitation: MemberInvitation) -> None:
    changed = MemberInvitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None).update(
        revoked_at=timezone.now()
    )
    if not changed:
        raise Refused("This invitation was accepted or revoked in the meantime.")
    record("invitation.revoked", target=invitation, before={"email": invitation.email})


def fresh_token(invitation: MemberInvitation) -> str:
    """A new token, whose hash is kept. For the mailing task alone."""
    token = secrets.token_urlsafe(32)
    invitation.hash = token_hash(token)
    invitation.sent_at = timezone.now()
    invitation.save(update_fields=["hash", "sent_at"])
    return token


def organization_of(token: str) -> Any:
    """The organization's id, through the definer function; None for a dead or unknown token."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT accounts_resolve_invitation(%s)", [token_hash(token)])
        return cursor.fetchone()[0]


def find(token: str) -> MemberInvitation | None:
    """Inside the organization's context."""
    found = MemberInvitation.objects.select_related("organization", "invited_by__user").filter(
        hash=token_hash(token), accepted_at=None, revoked_at=None, expires_at__gt=timezone.now()
    )
    return found.first()


@transaction.atomic
def accept(*, token: str, user: User) -> Membership:
    """The invited person joins. Whoever holds the token read that mailbox, and `user` has its address.

    Raises Refused when the invitation died in the meantime or is addressed to somebody else.
    """
    invitation = MemberInvitation.objects.select_for_update().filter(
        hash=token_hash(token), accepted_at=None, revoked_at=None, expires_at__gt=timezone.now()
    )
    found = invitation.first()
    if found is None:
        raise Refused("This invitation was used, revoked or has expired. Ask for a new one.")
    if found.email != user.email:
        raise Refused(f"This invitation is for {found.email}. Log in with that address to accept it.")
    membership, made = Membership.objects.get_or_create(
        organization_id=found.organization_id, user=user, defaults={"role": found.role}
    )
    found.accepted_at = timezone.now()
    found.save(update_fields=["accepted_at"])
    if made:
        record("member.joined", target=membership, after={"role": membership.role})
    return membership
