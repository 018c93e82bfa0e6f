"""Full exports hold every customer, so erasing one removes the files that were made before."""

from collections.abc import Iterator
from typing import Any

from accounts.models import OrganizationExport
from accounts.privacy.holders import LATER, NotYet, Subject, register

from .services import OPEN, drop_file


class FullExports:
    name, label, order = "accounts.full_exports", "Files of full exports", LATER

    def count(self, subject: Subject) -> int:
        return OrganizationExport.objects.exclude(file_path="").count()

    def export(self, subject: Subject) -> Iterator[dict[str, Any]]:
        """What is in them is in the other parts of the customer's own export."""
        yield from ()

    def erase(self, subject: Subject) -> int:
        """Raises NotYet while one is being written, whose snapshot may hold the customer still."""
        if OrganizationExport.objects.filter(status__in=OPEN).exists():
            raise NotYet("a full export of the organization is being written")
        rows = list(OrganizationExport.objects.exclude(file_path=""))
        for row in rows:
            drop_file(row)
        return len(rows)


def register_holder() -> None:
    register(FullExports())
