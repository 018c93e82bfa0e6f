"""Files to import, and the shared real ones."""

import csv
from pathlib import Path
from typing import Any

import pytest

from accounts.models import Organization
from crm.imports.run import import_file
from crm.models import ImportRun

ROOT = Path(__file__).resolve().parent.parent.parent
SHARED = ROOT.parent / "shared" / "data"
EXAMPLES = ROOT / "docs" / "examples"

CUSTOMERS = {
    "columns": {"external_id": "id", "name": "name", "email": "email", "attributes": {"tier": "tier"}},
}
TRANSACTIONS = {
    "columns": {
        "external_id": "order",
        "customer": "customer",
        "occurred_at": "date",
        "amount": "amount",
        "currency": {"constant": "EUR"},
    },
}
KEYLESS = {
    "columns": {name: value for name, value in TRANSACTIONS["columns"].items() if name != "external_id"},
}
INTERACTIONS = {
    "columns": {
        "external_id": "id",
        "customer": "customer",
        "channel": "channel",
        "occurred_at": "at",
        "touchpoint": "touchpoint",
        "measures": {"wait_seconds": "wait"},
    },
}


def shared(name: str) -> Path:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{path} is not there: the real data lie beside the repository")
    return path


class Desk:
    """Imports texts for one organization."""

    def __init__(self, folder: Path, organization: Organization) -> None:
        self.folder, self.organization = folder, organization
        self.errors = folder / "errors.csv"

    def take(self, kind: str, content: str | bytes, mapping: dict[str, Any], **options: Any) -> ImportRun:
        path = self.folder / f"{kind}.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        self.errors.unlink(missing_ok=True)
        run = import_file(
            kind=kind,
            path=path,
            organization=self.organization,
            mapping=mapping,
            errors_path=self.errors,
            **options,
        )
        assert run.rows == run.created + run.updated + run.unchanged + run.failed
        assert run.failed == len(self.refused())
        return run

    def refused(self) -> list[dict[str, str]]:
        if not self.errors.exists():
            return []
        with self.errors.open(newline="") as file:
            return list(csv.DictReader(file))


def counts(run: ImportRun) -> tuple[int, int, int, int]:
    return run.created, run.updated, run.unchanged, run.failed
