"""The organization that benches look at: the seeded one, at the size asked for; made once a run."""

from functools import cache

from accounts.models import Organization, User

CUSTOMERS = {"small": 8_000, "large": 100_000}


@cache
def organization(size: str) -> Organization:
    from dashboards.seed.cast import CAST
    from dashboards.seed.company import HALDEN
    from dashboards.seed.load import refresh_statistics
    from dashboards.seed.plant import Plan, plant

    print(f"  making an organization of {CUSTOMERS[size]:,} customers", flush=True)
    made = plant(Plan(HALDEN, CUSTOMERS[size], CAST))
    refresh_statistics()
    return made


def manager(made: Organization) -> User:
    return User.objects.get(memberships__organization=made, memberships__role="manager")
