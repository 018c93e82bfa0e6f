"""What this room holds of a customer beside its tables: the refused rows of imports."""

import csv
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from accounts.organizations import leftovers
from accounts.privacy import retention
from accounts.privacy.holders import FILES, Subject, register, register_models
from crm.imports.staging import sweep
from crm.models import Case, ImportRun, Interaction, Transaction


class RefusedRows:
    """Lines of error files that name the customer by id, email or phone."""

    name, label, order = "crm.refused_rows", "Refused rows of imports", FILES

    def count(self, subject: Subject) -> int:
        return sum(1 for _ in self.export(subject))

    def export(self, subject: Subject) -> Iterator[dict[str, Any]]:
        found = names(subject)
        for path in files():
            with path.open(newline="", encoding="utf-8") as file:
                rows = csv.reader(file)
                next(rows, None)
                yield from ({"line": row[0], "raw": row[-1]} for row in rows if row and any(map(found, row)))

    def erase(self, subject: Subject) -> int:
        return sum(rewrite(path, names(subject)) for path in files())


def files() -> Iterator[Path]:
    """The error files of this organization's imports that are still there."""
    for place in ImportRun.objects.exclude(errors_file="").values_list("errors_file", flat=True).distinct():
        if (path := Path(place)).is_file():
            yield path


def names(subject: Subject) -> Callable[[str], bool]:
    """Whether a text holds one of the customer's names as a word of its own."""
    words = "|".join(re.escape(name) for name in sorted(subject.names, key=len, reverse=True))
    pattern = re.compile(rf"(?<![\w@.+-])(?:{words})(?![\w@-])", re.IGNORECASE)
    return lambda text: pattern.search(text) is not None


def rewrite(path: Path, wanted: Callable[[str], bool]) -> int:
    """The file without the lines that name them, put in its place when whole. Returns how many went."""
    fresh = path.with_name(f".{path.name}.{uuid4().hex[:8]}")
    gone = 0
    try:
        with (
            path.open(newline="", encoding="utf-8") as old,
            fresh.open("w", newline="", encoding="utf-8") as new,
        ):
            writer = csv.writer(new)
            for place, row in enumerate(csv.reader(old)):
                if place and any(map(wanted, row)):
                    gone += 1
                else:
                    writer.writerow(row)
        if gone:
            fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    return gone


def register_holders() -> None:
    register_models("crm")
    register(RefusedRows())
    leftovers.register("files of refused rows", remove_all_refused)
    leftovers.register("tables of imports that died", lambda: len(sweep()))


def remove_all_refused() -> int:
    """The error files of a whole organization, wherever the imports were told to put them."""
    found = list(files())
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def register_kinds() -> None:
    """What an organization may set a period for."""
    retention.register(
        retention.rows("interactions", "Interactions", "occurred_at", lambda: Interaction.objects.all())
    )
    retention.register(
        retention.rows("transactions", "Transactions", "occurred_at", lambda: Transaction.objects.all())
    )
    closed = retention.rows(
        "cases", "Closed cases", "closed_at", lambda: Case.objects.filter(status=Case.Status.CLOSED)
    )
    retention.register(closed)
    retention.register(
        retention.Kind("refused_rows", "Refused rows of imports", 1, count_refused, delete_refused)
    )


def count_refused(before: datetime) -> int:
    return ImportRun.objects.filter(started_at__lt=before).exclude(errors_file="").count()


def delete_refused(before: datetime, most: int) -> int:
    """The files; the runs keep their counts."""
    old = (
        ImportRun.objects.filter(started_at__lt=before).exclude(errors_file="").order_by("started_at")[:most]
    )
    found = list(old)
    for run in found:
        Path(run.errors_file).unlink(missing_ok=True)
    ImportRun.objects.filter(pk__in=[run.pk for run in found]).update(errors_file="")
    return len(found)
