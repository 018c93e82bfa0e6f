"""Start everything. `manage.py` hands over before Django is loaded; this is for whoever comes otherwise."""

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from cem.local.__main__ import add_up_options
from cem.local.layout import REPO


class Command(BaseCommand):
    help = (
        "Starts PostgreSQL and Redis (unless DATABASE_URL names others), migrates, serves. Ctrl-C stops it."
    )
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_up_options(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """A fresh process: the supervisor forks, which libraries with threads of their own do not survive."""
        wanted = [f"--port={options['port']}"]
        if options["var"]:
            wanted.append(f"--var={os.path.abspath(options['var'])}")
        if options["seed"]:
            wanted.append("--seed")
        os.chdir(REPO)
        os.execv(sys.executable, [sys.executable, "-m", "cem.local", "up", *wanted])
