"""From a provider's verified claims to a member. Every rule that keeps people out stands here."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from accounts.audit.record import record
from accounts.models import (
    MemberInvitation,
    Membership,
    Organization,
    SignOnConnection,
    SignOnDomain,
    SignOnIdentity,
    User,
)
from accounts.roles import Role
from accounts.tenancy import current_organization_id

from .capture import domain_of
from .claims import Claims
from .refusals import NotAdmitted

LONGEST_SUBJECT = 255


@dataclass(frozen=True)
class Admission:
    membership: Membership
    is_new: bool


@transaction.atomic
def admit(*, connection: SignOnConnection, claims: Claims) -> Admission:
    """The member whom the provider names; made now where the connection admits newcomers.

    Raises NotAdmitted. Inside the organization's context.
    """
    email = acceptable_email(claims)
    Organization.objects.select_for_update(no_key=True).get(pk=current_organization_id())
    known = (
        SignOnIdentity.objects.select_related("membership__user")
        .filter(connection=connection, subject=claims.subject)
        .first()
    )
    if known is not None:
        membership, is_new = known.membership, False
    else:
        membership, is_new = _by_address(connection, claims, email)
        known = SignOnIdentity(connection=connection, membership=membership, subject=claims.subject)
    if not membership.user.is_active:
        raise NotAdmitted("This account is switched off. Ask the operator of this installation.", email)
    known.last_at = timezone.now()
    known.save()
    _follow_groups(connection, membership, claims)
    return Admission(membership, is_new)


def acceptable_email(claims: Claims) -> str:
    """The address, if this organization may speak for it. Raises NotAdmitted.

    The rule that makes taking over a foreign account impossible: whatever a provider claims, it is heard only about
    addresses of domains that its own organization has proven.
    """
    email = claims.email.strip().lower()
    if not claims.subject or len(claims.subject) > LONGEST_SUBJECT:
        raise NotAdmitted(
            "The provider did not say who this is (no subject, or one that is too long).", email
        )
    try:
        validate_email(email)
    except ValidationError:
        raise NotAdmitted(
            "The provider sent no email address. Let it send one, or name the attribute that holds it.", email
        ) from None
    if len(email) > 254 or not email.isascii():
        raise NotAdmitted("The provider sent an email address that cannot be used here.", email)
    if claims.email_verified is False:
        raise NotAdmitted(f"The provider says that {email} is not verified. Verify it there first.", email)
    if not SignOnDomain.objects.filter(name=domain_of(email), proven_at__isnull=False).exists():
        raise NotAdmitted(
            f"{email} is not an address of a domain that this organization has proven, so its provider cannot "
            "vouch for it.",
            email,
        )
    return email


def _by_address(connection: SignOnConnection, claims: Claims, email: str) -> tuple[Membership, bool]:
    """Somebody whose subject is not known yet."""
    user = User.objects.filter(email=email).first()
    member = (
        Membership.objects.select_related("user")
        .filter(organization_id=current_organization_id(), user=user)
        .first()
        if user is not None
        else None
    )
    if member is not None:
        if SignOnIdentity.objects.filter(connection=connection, membership=member).exists():
            raise NotAdmitted(
                f"{email} belongs to somebody else at the provider than it did before. An administrator can forget "
                "the earlier one under Settings, Single sign-on.",
                email,
            )
        return member, False
    invitation = MemberInvitation.objects.filter(
        email=email, accepted_at=None, revoked_at=None, expires_at__gt=timezone.now()
    ).first()
    if invitation is None and not connection.admits_new:
        raise NotAdmitted(
            f"{email} is no member, and nobody invited this address. Ask an administrator.", email
        )
    if user is None:
        user = User.objects.create_user(email, None, name=claims.name[:120] or email.partition("@")[0])
    role = connection.default_role
    # An owner is made by accepting the invitation, not by coming.
    if invitation is not None and invitation.role != Role.OWNER:
        role = invitation.role
        invitation.accepted_at = timezone.now()
        invitation.save(update_fields=["accepted_at"])
    made = Membership.objects.create(organization_id=current_organization_id(), user=user, role=role)
    record("member.joined", target=made, after={"role": role, "by": connection.name}, actor=made)
    return made, True


def role_for(connection: SignOnConnection, groups: tuple[str, ...]) -> str | None:
    """The first line of the map that names one of the groups, else the default; None where there is no map."""
    if not connection.role_map:
        return None
    has = set(groups)
    return next((one["role"] for one in connection.role_map if one["group"] in has), connection.default_role)


def _follow_groups(connection: SignOnConnection, membership: Membership, claims: Claims) -> None:
    """Owners are made and unmade by owners, never by a group."""
    role = role_for(connection, claims.groups)
    if role is None or Role.OWNER in (membership.role, role) or membership.role == role:
        return
    record(
        "member.role_changed",
        target=membership,
        before={"role": membership.role},
        after={"role": role, "by": connection.name},
        actor=membership,
    )
    membership.role = role
    membership.limited_to_teams = membership.limited_to_teams and role == Role.AGENT
    membership.save(update_fields=["role", "limited_to_teams"])
