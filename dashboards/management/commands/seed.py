"""`manage.py seed`: the demo's organizations, or one of any size for measuring."""

from argparse import ArgumentParser
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Organization
from dashboards.seed import access, defaults
from dashboards.seed.cast import CAST, OUTSIDER


class Command(BaseCommand):
    help = (
        "Fills Halden Home and Brightwater Energy with 24 months of believable data whose links are known "
        "(dashboards/seed/truth.py), and prints the log-ins. What is there already is left alone."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--until", type=_day, help="last day's end, YYYY-MM-DD; today without it")
        parser.add_argument("--organization", metavar="SLUG", help="only this one, made like Halden Home")
        parser.add_argument("--customers", type=int, default=defaults.CUSTOMERS, help="default %(default)s")
        parser.add_argument("--seed", type=int, default=defaults.SEED, help="default %(default)s")

    #: What runs at each start of the demo must not load every address of the application to be checked.
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        if options["customers"] < 1:
            raise CommandError(f"--customers {options['customers']}: give 1 or more.")
        slugs = defaults.DEMO if options["organization"] is None else (options["organization"],)
        standing = {one.slug: one for one in Organization.objects.filter(slug__in=slugs, is_active=True)}
        organizations = (
            [standing[slug] for slug in slugs] if len(standing) == len(slugs) else self._make(slugs, options)
        )
        for organization in organizations:
            self.stdout.write("\n".join(access.lines(organization)))

    def _make(self, slugs: Sequence[str], options: dict[str, Any]) -> list[Organization]:
        """Those that stand are left alone; generating the others is what loads NumPy and its like."""
        from dashboards.seed.company import BRIGHTWATER, company
        from dashboards.seed.load import refresh_statistics
        from dashboards.seed.plant import Plan, plant

        common = {"until": options["until"], "seed": options["seed"]}
        made = []
        for slug in slugs:
            other = slug == BRIGHTWATER.slug
            customers = defaults.BRIGHTWATER_CUSTOMERS if other and len(slugs) > 1 else options["customers"]
            plan = Plan(company(slug), customers, OUTSIDER if other else CAST, **common)
            made.append(plant(plan, say=self._say))
        if self._wrote and not refresh_statistics():
            self.stderr.write(
                "Statistics were left to autovacuum: set DATABASE_OWNER_URL to refresh them here."
            )
        return made

    _wrote = False

    def _say(self, text: str) -> None:
        self._wrote = True
        self.stderr.write(text)


def _day(text: str) -> date:
    return date.fromisoformat(text)
