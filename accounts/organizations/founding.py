"""A new organization and its owner."""

from typing import Any

from django.core import signing
from django.db import IntegrityError, transaction
from django.utils.crypto import get_random_string
from django.utils.text import slugify

from accounts.audit.record import record
from accounts.models import Membership, Organization, User
from accounts.roles import Role
from accounts.tenancy import organization_context

_SALT = "accounts.sign-up"
#: How long the link of a sign-up mail works, in seconds.
TOKEN_LIVES = 86_400


def sign_up_token(email: str) -> str:
    """Proves that the mailbox was read. Signed, not stored: nothing is kept of who never comes back."""
    return signing.dumps(email.strip().lower(), salt=_SALT)


def email_of(token: str) -> str | None:
    """The address of a token; None when it was not made here or is too old."""
    try:
        return str(signing.loads(token, salt=_SALT, max_age=TOKEN_LIVES))
    except signing.BadSignature:
        return None


@transaction.atomic
def found(*, owner: User, name: str, **profile: Any) -> Organization:
    """An organization with one owner.

    Args:
        profile: further fields of Organization: time_zone, currency.
    """
    organization = _with_free_slug(name, profile)
    membership = Membership.objects.create(organization=organization, user=owner, role=Role.OWNER)
    with organization_context(organization):
        record("organization.founded", target=organization, after={"name": name}, actor=membership)
    return organization


def _with_free_slug(name: str, profile: dict[str, Any]) -> Organization:
    """Its name as its address, with an ending where another one has it. The database decides who was first."""
    base = slugify(name)[:48] or "organization"
    slug = base
    while True:
        organization = Organization(name=name, slug=slug, **profile)
        organization.full_clean(exclude=["slug"])
        try:
            with transaction.atomic():
                organization.save()
        except IntegrityError:
            slug = f"{base}-{get_random_string(6, 'abcdefghjkmnpqrstuvwxyz23456789')}"
        else:
            return organization
