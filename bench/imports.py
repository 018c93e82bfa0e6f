"""Import of transactions against COPY of the same file into a bare table."""

import csv
import random
import resource
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection

from accounts.models import Organization
from accounts.tenancy import organization_context
from bench.figures import Figure, seconds
from cem.lib.db.base import as_owner
from crm.imports.run import import_file
from crm.models import Transaction

ROWS = {"small": 100_000, "large": 1_000_000}
MAPPING = {
    "kind": "transactions",
    "columns": {
        "external_id": {"column": "id"},
        "customer": {"column": "customer"},
        "occurred_at": {"column": "at"},
        "amount": {"column": "amount"},
        "currency": {"constant": "EUR"},
    },
}


def make_file(path: Path, rows: int) -> None:
    draw = random.Random(1)
    start = datetime(2024, 1, 1, tzinfo=UTC)
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "customer", "at", "amount"])
        for number in range(rows):
            moment = start + timedelta(seconds=draw.randrange(60_000_000))
            customer = f"C-{draw.randrange(rows // 10)}"
            writer.writerow([f"T-{number}", customer, moment.isoformat(), f"{draw.random() * 200:.2f}"])


def run(size: str) -> list[Figure]:
    rows = ROWS[size]
    made = Organization.objects.create(name="Imports", slug="imports")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "transactions.csv"
        make_file(path, rows)
        bare = copy_bare(path)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        first = seconds(lambda: taken_in(path, made, created=rows))
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        again = seconds(lambda: taken_in(path, made, created=0))
    with organization_context(made):
        assert Transaction.objects.count() == rows
    what = {"rows": rows, "memory grew by MB": round(grown / 1024, 1)}
    return [
        figure("import of transactions", rows / first, rows / bare, what),
        figure("the same file again", rows / again, rows / bare, {"rows": rows}),
    ]


def figure(name: str, ours: float, baseline: float, what: dict[str, Any]) -> Figure:
    ratio = ours / baseline
    return Figure(name, "rows/s", ours, baseline, ratio, "≥ 0.25 of COPY", ratio >= 0.25, what)


def taken_in(path: Path, made: Organization, *, created: int) -> None:
    run = import_file(kind="transactions", path=path, organization=made, mapping=MAPPING)
    assert (run.created, run.failed) == (created, 0), (run.created, run.failed, run.error)


def copy_bare(path: Path) -> float:
    with as_owner(connection), connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE bench_bare (id text, customer text, at timestamptz, amount numeric(14, 2))"
        )

        def copy() -> None:
            with path.open() as file:
                cursor.copy_expert("COPY bench_bare FROM STDIN WITH (FORMAT csv, HEADER)", file)

        taken = seconds(copy)
        cursor.execute("DROP TABLE bench_bare")
    return taken
