# ruff: noqa: N999  (the command is called import)
"""`manage.py import KIND FILE --organization SLUG --mapping MAPPING.json`"""

import sys
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import Organization
from accounts.organizations.suspension import state
from crm.imports.mapping import MappingError, read_mapping
from crm.imports.progress import Bar
from crm.imports.reading import UnreadableFile
from crm.imports.run import import_file
from crm.models import ImportRun
from crm.registries import importers


class Command(BaseCommand):
    help = "Import a file of rows into one organization. docs/imports.md describes the mapping."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", choices=list(importers), metavar="KIND", help=", ".join(importers))
        parser.add_argument("file", type=Path, metavar="FILE", help="delimited text, plain or gzip")
        parser.add_argument("--organization", required=True, metavar="SLUG")
        parser.add_argument("--mapping", required=True, type=Path, metavar="MAPPING.json")
        parser.add_argument("--dry-run", action="store_true", help="check and count, change nothing")
        parser.add_argument("--errors", type=Path, metavar="PATH", help="where refused rows go (CSV)")

    def handle(self, *args: Any, **options: Any) -> None:
        organization = Organization.objects.filter(slug=options["organization"]).first()
        if organization is None:
            known = ", ".join(Organization.objects.values_list("slug", flat=True)[:20]) or "none yet"
            raise CommandError(f"There is no organization {options['organization']!r}; there is: {known}.")
        if organization.suspended_by:
            raise CommandError(
                f"{organization.name} rests ({state(organization)}), so nothing was imported. Resume it first."
            )
        bar = Bar(sys.stderr)
        began = time.monotonic()
        try:
            run = import_file(
                kind=options["kind"],
                path=options["file"],
                organization=organization,
                mapping=read_mapping(options["mapping"]),
                dry_run=options["dry_run"],
                errors_path=options["errors"],
                listener=bar,
            )
        except MappingError as error:
            listing = "\n".join(f"  - {problem}" for problem in error.problems)
            raise CommandError(
                f"{options['mapping']} cannot be used:\n{listing}\nSee docs/imports.md."
            ) from None
        except UnreadableFile as error:
            raise CommandError(str(error)) from None
        finally:
            bar.close()
        self.report(run, time.monotonic() - began, options["dry_run"])

    def report(self, run: ImportRun, seconds: float, dry_run: bool) -> None:
        counts = (
            f"{run.created:,} created, {run.updated:,} updated, {run.unchanged:,} unchanged, "
            f"{run.failed:,} failed"
        )
        if run.customers_created:
            counts += f"; {run.customers_created:,} customers created"
        rate = run.rows / seconds if seconds else 0
        self.stdout.write(f"{run.rows:,} {run.kind}: {counts} ({seconds:.1f} s, {rate:,.0f} rows/s)")
        if dry_run:
            self.stdout.write("A dry run: nothing was changed.")
        if run.failed:
            self.stdout.write(f"Refused rows, each with its reason: {run.errors_file}")
