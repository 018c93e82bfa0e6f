"""Who plays in the tests.

Halden Home is the organization. Olga owns it, Amir administers, Maya manages, Anil analyses, Greta is an agent,
Vera only looks. Otto is the outsider: he owns Other Goods and nothing else.
"""

from dataclasses import dataclass

from accounts.models import ApiKey, Membership, Organization, User
from accounts.roles import SCOPES, Role
from accounts.tenancy import organization_context

PASSWORD = "a-long-enough-password"


@dataclass
class Cast:
    organization: Organization
    other: Organization
    olga: User
    amir: User
    maya: User
    anil: User
    greta: User
    vera: User
    otto: User

    def __getitem__(self, role: str) -> User:
        """The member with this role; "outsider" is Otto."""
        return {
            "owner": self.olga,
            "admin": self.amir,
            "manager": self.maya,
            "analyst": self.anil,
            "agent": self.greta,
            "viewer": self.vera,
            "outsider": self.otto,
        }[role]

    def key(self, *scopes: str, organization: Organization | None = None) -> str:
        """A fresh API key with these scopes (all without any), as plain text."""
        with organization_context(organization or self.organization):
            return ApiKey.issue(name="test", scopes=list(scopes or SCOPES))[1]


def make_cast() -> Cast:
    home = Organization.objects.create(name="Halden Home", slug="halden", time_zone="Europe/Lisbon")
    other = Organization.objects.create(name="Other Goods", slug="other", currency="USD")

    def person(name: str, role: Role, organization: Organization) -> User:
        user = User.objects.create_user(f"{name.lower()}@{organization.slug}.example", PASSWORD, name=name)
        Membership.objects.create(organization=organization, user=user, role=role)
        return user

    return Cast(
        organization=home,
        other=other,
        olga=person("Olga", Role.OWNER, home),
        amir=person("Amir", Role.ADMIN, home),
        maya=person("Maya", Role.MANAGER, home),
        anil=person("Anil", Role.ANALYST, home),
        greta=person("Greta", Role.AGENT, home),
        vera=person("Vera", Role.VIEWER, home),
        otto=person("Otto", Role.OWNER, other),
    )
