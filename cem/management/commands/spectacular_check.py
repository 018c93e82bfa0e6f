"""Hold the committed OpenAPI document to what the code serves."""

import difflib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

#: Lines of the difference that are shown.
SHOWN = 40


class Command(BaseCommand):
    help = (
        "Fails when docs/openapi.yaml differs from the schema the code makes. --write brings it up to date."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--write", action="store_true", help="write the file instead of comparing")
        parser.add_argument("--file", default=str(settings.BASE_DIR / "docs" / "openapi.yaml"))

    def handle(self, *args: Any, **options: Any) -> None:
        from cem.api.schema import rendered

        path, made = Path(options["file"]), rendered("yaml").decode()
        if options["write"]:
            path.write_text(made)
            self.stdout.write(f"Wrote {path}.")
            return
        kept = path.read_text() if path.exists() else ""
        if kept == made:
            self.stdout.write("The OpenAPI document is up to date.")
            return
        lines = list(
            difflib.unified_diff(
                kept.splitlines(), made.splitlines(), str(path), "the code", lineterm="", n=1
            )
        )
        shown = "\n".join(lines[:SHOWN])
        raise CommandError(
            f"{path} differs from what the code serves:\n{shown}\n"
            f"({len(lines)} lines). If this is meant: manage.py spectacular_check --write, and commit it."
        )
