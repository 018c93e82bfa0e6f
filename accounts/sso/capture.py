"""Which organization an email address belongs to, by its domain."""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from accounts.login.second_step import has_second_step
from accounts.models import Membership, Organization, SignOnConnection, User
from accounts.roles import Role
from accounts.tenancy import organization_context


def domain_of(email: str) -> str:
    """The domain as DNS has it: ASCII, lower case, no dot at the end. Empty where there is none."""
    return ascii_domain(email.strip().rpartition("@")[2])


def ascii_domain(name: str) -> str:
    try:
        return name.strip().rstrip(".").lower().encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""


def home_of(email: str) -> UUID | None:
    """The organization that has proven the address's domain and has a connection in use."""
    domain = domain_of(email)
    if not domain or "@" not in email:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT accounts_resolve_sign_on_domain(%s)", [domain])
        found: UUID | None = cursor.fetchone()[0]
    return found


@dataclass(frozen=True)
class Door:
    """Where somebody with such an address logs in."""

    organization: Organization
    connection_id: UUID


def door_for(email: str) -> Door | None:
    """Outside any organization."""
    organization_id = home_of(email)
    if organization_id is None:
        return None
    with organization_context(organization_id):
        used = SignOnConnection.objects.select_related("organization").filter(is_enabled=True).first()
        return None if used is None else Door(used.organization, used.pk)


def required_by(email: str) -> Organization | None:
    """The organization without whose provider nobody with such an address gets in."""
    organization_id = home_of(email)
    if organization_id is None:
        return None
    return Organization.objects.filter(pk=organization_id, sign_on_required=True).first()


def may_go_round(user: User, organization: Organization) -> bool:
    """Owners with a second step: without them a broken provider would lock everybody out for good."""
    owner = Membership.objects.filter(organization=organization, user=user, role=Role.OWNER)
    return has_second_step(user) and owner.exists()


def refusal(organization: Organization) -> str:
    """The sentence on every way in that is closed."""
    return (
        f"{organization.name} asks people with your address to come in through its own log-in. "
        "Choose “Use single sign-on” and enter your email there; a password is not needed."
    )
