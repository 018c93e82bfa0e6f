"""`manage.py seed`: the demo's organizations, or one of any size for measuring."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dashboards.seed import access
from dashboards.seed.company import BRIGHTWATER, HALDEN, company
from dashboards.seed.load import refresh_statistics
from dashboards.seed.people_at_work import CAST, OUTSIDER
from dashboards.seed.plant import SEED, Plan, plant
from dashboards.seed.world import DEFAULT_CUSTOMERS

BRIGHTWATER_CUSTOMERS = 400


class Command(BaseCommand):
    help = (
        "Fills Halden Home and Brightwater Energy with 24 months of believable data whose links are known "
        "(dashboards/seed/truth.py), and prints the log-ins. What is there already is left alone."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--until", type=_day, help="last day's end, YYYY-MM-DD; today without it")
        parser.add_argument("--organization", metavar="SLUG", help="only this one, made like Halden Home")
        parser.add_argument("--customers", type=int, default=DEFAULT_CUSTOMERS, help="default %(default)s")
        parser.add_argument("--seed", type=int, default=SEED, help="default %(default)s")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["customers"] < 1:
            raise CommandError(f"--customers {options['customers']}: give 1 or more.")
        common = {"until": options["until"], "seed": options["seed"]}
        slug = options["organization"]
        if slug is None or slug == HALDEN.slug:
            plans = [Plan(HALDEN, options["customers"], CAST, **common)]
            if slug is None:
                plans.append(Plan(BRIGHTWATER, BRIGHTWATER_CUSTOMERS, OUTSIDER, **common))
        else:
            cast = OUTSIDER if slug == BRIGHTWATER.slug else CAST
            plans = [Plan(company(slug), options["customers"], cast, **common)]
        organizations = [plant(plan, say=self._say) for plan in plans]
        if self._wrote and not refresh_statistics():
            self.stderr.write(
                "Statistics were left to autovacuum: set DATABASE_OWNER_URL to refresh them here."
            )
        for organization in organizations:
            self.stdout.write("\n".join(access.lines(organization)))

    _wrote = False

    def _say(self, text: str) -> None:
        self._wrote = True
        self.stderr.write(text)


def _day(text: str) -> date:
    return date.fromisoformat(text)
