"""Hold the page about results to the classes that write them."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Fails when docs/results.md differs from what the code writes. --write brings it up to date."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--write", action="store_true", help="write the file instead of comparing")
        parser.add_argument("--file", default=str(settings.BASE_DIR / "docs" / "results.md"))

    def handle(self, *args: Any, **options: Any) -> None:
        from analytics.exports.schemas import document

        path, made = Path(options["file"]), document()
        if options["write"]:
            path.write_text(made, encoding="utf-8")
            self.stdout.write(f"Wrote {path}.")
            return
        if not path.exists() or path.read_text("utf-8") != made:
            raise CommandError(
                f"{path} differs from what runs store. If this is meant: raise the schema's version where a member was "
                "renamed or removed, then manage.py results_page --write, and commit it."
            )
        self.stdout.write("The page about results is up to date.")
