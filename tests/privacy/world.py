"""Two organizations with equal-looking data about one person, in every room and on disk."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
from django.conf import settings

from accounts.models import Organization
from accounts.tenancy import organization_context
from analytics.frames import parts, store
from analytics.models import Run
from analytics.studies.services import start_run
from crm.models import Customer, ImportRun
from tests.dashboards import world as pages


@dataclass
class Home:
    organization: Organization
    customer: Customer
    other: Customer
    run: Run
    errors: Path

    @property
    def frame(self) -> Path:
        return store.absolute(self.run.frame_path)


def build(organization: Organization) -> Home:
    with organization_context(organization):
        built = pages.build(customers=4)
        person = built.customer
        Customer.objects.filter(pk=person.pk).update(
            external_id="K-77", name="Marta Figueira", email="marta@mail.example", phone="+351912345482"
        )
        person.refresh_from_db()
        other = Customer.objects.exclude(pk=person.pk).earliest("pk")
        run = start_run(study=built.study)
        Run.objects.filter(pk=run.pk).update(
            status="finished",
            ledger=[{"reason": "kept", "label": "Kept, one row each", "n": 2, "dropped": False}],
            **store_frames(run, sorted([str(person.pk), str(other.pk)])),
        )
        run.refresh_from_db()
        errors = Path(settings.VAR_DIR) / "imports" / f"{organization.slug}.errors.csv"
        errors.parent.mkdir(parents=True, exist_ok=True)
        errors.write_text(
            "line,column,reason,raw\n"
            '2,email,bad,"K-77;Marta;marta@mail.example"\n'
            '3,email,bad,"K-770;Somebody;else@mail.example"\n'
        )
        ImportRun.objects.create(
            kind="customers", file_name="c.csv", file_hash="0", status="finished", errors_file=str(errors)
        )
    return Home(organization, person, other, run, errors)


def store_frames(run: Run, customers: list[str]) -> dict[str, Any]:
    """A frame and one beside it on disk, with these customers. Returns the run's fields that speak of them."""
    path = store.relative_path(run.organization_id, run.pk)
    schema = pa.schema([("customer", pa.string()), ("outcome", pa.float64())])
    outcomes = [float(n) for n in range(1, len(customers) + 1)]
    batch = pa.RecordBatch.from_pydict({"customer": customers, "outcome": outcomes}, schema)
    digests = []
    for place in (store.absolute(path), parts.beside(store.absolute(path), "asked")):
        with store.new_frame(place, schema) as writer:
            writer.write(batch)
            digests.append(writer.close())
    beside = {"asked": {"hash": digests[1], "rows": len(customers)}}
    return {"frame_path": path, "frame_hash": digests[0], "parts": beside}
