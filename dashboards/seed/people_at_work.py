"""Log-ins, teams and employees of a seeded organization."""

import numpy as np
from django.contrib.auth.hashers import make_password

from accounts.models import Membership, Organization, User
from crm.models import Employee, Team

from . import people
from .cast import CAST, LogIn, email_of
from .company import EMPLOYEES_A_TEAM, REGIONS, TEAMS
from .documents import team_key


def create_users(organization: Organization, cast: tuple[LogIn, ...], password: str) -> dict[str, Membership]:
    """Memberships by name. Hashed once: they share the password, and a hash takes half a second."""
    encoded = make_password(password)
    found = {}
    for one in cast:
        user = User.objects.create(email=email_of(one, organization.slug), name=one.name, password=encoded)
        found[one.name] = Membership.objects.create(organization=organization, user=user, role=one.role)
    return found


def create_staff(organization: Organization, memberships: dict[str, Membership], seed: int) -> None:
    """The tree of teams with their employees. Inside the organization's context."""
    root = Team.objects.create(external_id="T", name=organization.name)
    regions = {
        name: Team.objects.create(external_id=f"T-{name[0]}", name=name, parent=root) for name in REGIONS
    }
    teams = Team.objects.bulk_create(
        Team(external_id=team_key(number), name=name, parent=regions[region])
        for number, (region, name) in enumerate(TEAMS)
    )
    rng = np.random.default_rng([seed, 2])
    countries = np.repeat(np.arange(3), len(TEAMS) // 3 * EMPLOYEES_A_TEAM)
    home = np.array([people.COUNTRIES.index(code) for code in ("PT", "DE", "NL")])
    names = [f"{first} {last}" for first, last in people.names(home[countries], rng)]
    known = {one.employee: one.name for one in CAST if one.employee is not None and one.name in memberships}
    Employee.objects.bulk_create(
        Employee(
            external_id=f"E-{number + 1:03d}",
            name=known.get(number, name),
            email=f"{people.plain(known.get(number, name)).replace(' ', '.')}@{organization.slug}.example",
            team=teams[number // EMPLOYEES_A_TEAM],
            membership=memberships.get(known.get(number, "")),
        )
        for number, name in enumerate(names)
    )
