"""The full export: all of one organization, nothing of another, of one moment, and only for its owners."""

import hashlib
import io
import json
import threading
import tracemalloc
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import (
    ApiKey,
    AuditEntry,
    Organization,
    OrganizationExport,
    OutboxEntry,
    PrivacyRequest,
)
from accounts.organizations import deletion
from accounts.organizations.belongings import owned_models
from accounts.organizations.export import services, work
from accounts.organizations.export.tables import LEFT_OUT, tables
from accounts.privacy.holders import NotYet
from accounts.privacy.services import ask as ask_privacy
from accounts.privacy.work import privacy_request
from accounts.refusal import Refused
from accounts.tenancy import organization_context
from cem.lib.db.bulk import insert_rows
from crm.models import Customer
from feedback.links import public_link
from tests import factories
from tests.cast import Cast
from tests.dashboards import world
from tests.waiting import until
from tests.workers import Workers

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


def owed(organization: Organization) -> OutboxEntry:
    return OutboxEntry.objects.get(task=services.TASK, organization=organization)


def made(organization: Organization) -> OrganizationExport:
    """A finished export, as the worker makes it."""
    with organization_context(organization):
        row = services.ask_export()
    entry = owed(organization)
    work.export_organization(organization_id=str(organization.pk), outbox_id=entry.pk, **entry.arguments)
    return again(row)


def again(row: OrganizationExport) -> OrganizationExport:
    with organization_context(row.organization_id):
        return OrganizationExport.objects.get(pk=row.pk)


def archive(row: OrganizationExport) -> zipfile.ZipFile:
    return zipfile.ZipFile(services.path_of(row))


def lines(opened: zipfile.ZipFile, table: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in opened.read(f"data/{table}.jsonl").decode().splitlines()]


def test_every_table_is_in_it_and_nothing_of_another_organization(cast: Cast) -> None:
    """Both have equal-looking rows in every room; what is the other's is told by ids and by a marker."""
    for organization, marker in ((cast.organization, "mine"), (cast.other, "theirs")):
        with organization_context(organization):
            world.build(customers=4)
            factories.customer(name=f"marker-{marker}", email=f"{marker}@mail.example")
            ApiKey.issue(name=marker, scopes=["crm:read"])
        folder = Path(services.settings.MEDIA_ROOT) / "frames" / str(organization.pk)
        folder.mkdir(parents=True)
        (folder / "run.parquet").write_bytes(b"PAR1 " + marker.encode())
        (folder / ".half.parquet.1").write_bytes(b"torn")
    opened = archive(made(cast.organization))

    names = set(opened.namelist())
    wanted = {f"data/{model._meta.db_table}.jsonl" for model in owned_models() if model not in LEFT_OUT}
    assert wanted | {"data/accounts_organization.jsonl", "README.md", "manifest.json", "SHA256SUMS"} <= names
    assert {name for name in names if name.startswith("files/")} == {"files/frames/run.parquet"}
    with organization_context(cast.other):
        theirs = {
            str(pk)
            for model in owned_models()
            for pk in model._default_manager.filter(organization_id=cast.other.pk).values_list(
                "pk", flat=True
            )
        }
    whole = b"".join(opened.read(name) for name in names)
    for id_ in theirs | {str(cast.other.pk), "theirs", "otto@other.example"}:
        if not id_.isdigit():
            assert id_.encode() not in whole, id_
    assert b"marker-mine" in whole
    with organization_context(cast.organization):
        for model in owned_models():
            if model in LEFT_OUT or model in (OrganizationExport, AuditEntry):
                continue
            found = lines(opened, model._meta.db_table)
            assert len(found) == model._default_manager.filter(organization=cast.organization).count()


def test_checksums_counts_and_columns_are_true_and_secrets_left_out(cast: Cast) -> None:
    with organization_context(cast.organization):
        link = public_link(world.build(customers=3).survey)
        factories.customer(name='A "quoted"\nname\twith \\ and ü', attributes={"a": [1, "x\x01"]})
        key, plain = ApiKey.issue(name="listed", scopes=["crm:read"])
    row = made(cast.organization)
    assert hashlib.sha256(services.path_of(row).read_bytes()).hexdigest() == row.sha256
    assert services.path_of(row).stat().st_size == row.bytes
    opened = archive(row)
    for line in opened.read("SHA256SUMS").decode().splitlines():
        digest, _, name = line.partition("  ")
        assert hashlib.sha256(opened.read(name)).hexdigest() == digest
    manifest = json.loads(opened.read("manifest.json"))
    assert manifest["schema_version"] == 1
    assert manifest["organization"]["slug"] == "halden"
    for part in manifest["files"]:
        if "columns" in part:
            rows = [json.loads(line) for line in opened.read(part["name"]).decode().splitlines()]
            assert len(rows) == part["rows"]
            for one in rows:
                assert list(one) == [column["name"] for column in part["columns"]]
    names = {one["name"] for one in lines(opened, "crm_customer")}
    assert 'A "quoted"\nname\twith \\ and ü' in names
    assert {one["attributes"].get("a") == [1, "x\x01"] for one in lines(opened, "crm_customer")} == {
        True,
        False,
    }
    assert {type(one["amount"]) for one in lines(opened, "crm_transaction")} == {str}
    assert {one["user_email"] for one in lines(opened, "accounts_membership")} >= {"olga@halden.example"}
    readme = opened.read("README.md").decode()
    for table in tables():
        assert f"### {table.file}" in readme
        for column in table.columns:
            assert f"| `{column.name}` |" in readme
    whole = b"".join(opened.read(name) for name in opened.namelist())
    assert plain.encode() not in whole
    assert link.token.encode() not in whole
    assert bytes(key.hash).hex().encode() not in whole
    assert "hash" not in lines(opened, "accounts_apikey")[0]


def test_it_is_of_one_moment(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """A customer who is added while the archive is written is in none of its tables."""
    with organization_context(cast.organization):
        world.build(customers=2)
    written = work.Archive.add_table
    late: list[int] = []

    def add_table(self: Any, table: Any, *args: Any) -> Any:
        if not late:
            thread = threading.Thread(target=add)
            thread.start()
            thread.join()
        return written(self, table, *args)

    def add() -> None:
        try:
            with organization_context(cast.organization):
                late.append(factories.transaction(factories.customer(name="too late")).amount)
        finally:
            connection.close()

    monkeypatch.setattr(work.Archive, "add_table", add_table)
    opened = archive(made(cast.organization))
    assert late
    assert "too late" not in opened.read("data/crm_customer.jsonl").decode()
    assert len(lines(opened, "crm_transaction")) == 4


def test_memory_stays_flat(cast: Cast) -> None:
    """60,000 rows of 2 kB: 120 MB of JSON through less than 12 MB."""
    with organization_context(cast.organization):
        insert_rows(
            Customer,
            (
                "external_id",
                "name",
                "email",
                "phone",
                "segment",
                "country",
                "language",
                "attributes",
                "created_at",
                "updated_at",
            ),
            (
                (f"C-{n}", "x" * 200, "", "", "", "", "", json.dumps({"a": "y" * 1800}), "now", "now")
                for n in range(60_000)
            ),
        )
        row = services.ask_export()
    entry = owed(cast.organization)
    tracemalloc.start()
    try:
        work.export_organization(
            organization_id=str(cast.organization.pk), outbox_id=entry.pk, **entry.arguments
        )
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    row = again(row)
    part = next(part for part in row.contents if part["name"] == "data/crm_customer.jsonl")
    assert part["rows"] == 60_000
    assert part["bytes"] > 120e6
    assert peak < 12e6, f"{peak / 1e6:.0f} MB"


def test_called_off_midway_nothing_is_left(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with organization_context(cast.organization):
        world.build(customers=2)
        row = services.ask_export()
        assert services.ask_export().pk == row.pk, "one at a time"
    monkeypatch.setattr(work, "PACE", 0)
    written = work.Archive.add_table

    begun = []

    def add_table(self: Any, table: Any, *args: Any) -> Any:
        begun.append(table.name)
        if table.name == "crm_customer":
            thread = threading.Thread(target=call_off)
            thread.start()
            thread.join()
        return written(self, table, *args)

    def call_off() -> None:
        try:
            with organization_context(cast.organization):
                services.cancel_export(row=row)
        finally:
            connection.close()

    monkeypatch.setattr(work.Archive, "add_table", add_table)
    entry = owed(cast.organization)
    work.export_organization(organization_id=str(cast.organization.pk), outbox_id=entry.pk, **entry.arguments)
    row = again(row)
    assert begun[-1] == "crm_customer", "it stops at once, not at the end"
    assert (row.status, row.file_path, row.contents) == ("cancelled", "", [])
    assert not OutboxEntry.objects.filter(pk=entry.pk).exists()
    assert not [path for path in Path(services.settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    with organization_context(cast.organization), pytest.raises(Refused, match="over already"):
        services.cancel_export(row=row)


def test_a_killed_worker_leaves_the_export_to_the_next(cast: Cast, workers: Workers, settings: Any) -> None:
    settings.MEDIA_ROOT = workers.folder / "files"
    with organization_context(cast.organization):
        insert_rows(
            Customer,
            (
                "external_id",
                "name",
                "email",
                "phone",
                "segment",
                "country",
                "language",
                "attributes",
                "created_at",
                "updated_at",
            ),
            (
                (f"C-{n}", "x", "", "", "", "", "", json.dumps({"a": "y" * 900}), "now", "now")
                for n in range(150_000)
            ),
        )
        row = services.ask_export()
    first = workers.start()
    torn = settings.MEDIA_ROOT / "exports" / str(cast.organization.pk)
    until(lambda: list(torn.glob(".*.zip.*")), seconds=60, what="the export to begin")
    workers.kill(first)
    workers.start()
    row = until(
        lambda: next(iter([found] if (found := again(row)).is_over else []), None),
        seconds=90,
        what="another worker to finish",
    )
    assert row.status == "finished", (row.error, workers.log())
    assert [path.name for path in torn.iterdir()] == [f"{row.pk}.zip"]
    assert len(lines(archive(row), "crm_customer")) == 150_000


def test_the_page_from_asking_to_the_file(cast: Cast, client: Client) -> None:
    client.force_login(cast.olga)
    page = client.get("/o/halden/settings/export/").content.decode()
    assert "No export yet" in page
    page = client.post("/o/halden/settings/export/", follow=True).content.decode()
    assert "Waiting for a worker" in page
    entry = owed(cast.organization)
    pk = entry.arguments["export"]
    assert "HX-Refresh" not in client.get(f"/o/halden/settings/export/{pk}/progress/").headers
    work.export_organization(organization_id=str(cast.organization.pk), outbox_id=entry.pk, **entry.arguments)
    assert client.get(f"/o/halden/settings/export/{pk}/progress/").headers["HX-Refresh"] == "true"
    page = client.get("/o/halden/settings/export/").content.decode()
    address = page.split('class="btn main-act" href="')[1].split('"')[0].replace("&amp;", "&")
    answer = client.get(address)
    content = b"".join(answer.streaming_content)  # type: ignore[arg-type]
    assert answer.headers["Cache-Control"] == "no-store"
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
    for wrong in (address.split("?")[0], address[:-1] + ("A" if address[-1] != "A" else "B")):
        assert client.get(wrong).status_code == 302, wrong
    with organization_context(cast.organization):
        actions = set(AuditEntry.objects.values_list("action", flat=True))
        assert {
            "organization.export_asked",
            "organization.exported",
            "organization.export_downloaded",
        } <= actions
        OrganizationExport.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(address).status_code == 302, "expired"
    with organization_context(cast.organization):
        path = services.path_of(OrganizationExport.objects.get())
        assert services.forget_expired() == 1
    assert not path.exists()
    client.force_login(cast.amir)
    assert client.get("/o/halden/settings/export/").status_code == 403, "owners only"


def test_erasing_a_customer_removes_the_files_that_hold_them(cast: Cast) -> None:
    row = made(cast.organization)
    theirs = made(cast.other)
    with organization_context(cast.organization):
        person = factories.customer()
        asked = ask_privacy(kind="erase", customer=person)
        under_way = services.ask_export()
    with pytest.raises(NotYet, match="full export"):
        privacy_request(organization_id=str(cast.organization.pk), request=str(asked.pk))
    with organization_context(cast.organization):
        services.cancel_export(row=under_way)
    privacy_request(organization_id=str(cast.organization.pk), request=str(asked.pk))
    assert again(row).file_path == ""
    assert not (Path(services.settings.MEDIA_ROOT) / row.file_path).exists()
    assert services.path_of(again(theirs)).exists()
    with organization_context(cast.organization):
        receipt = {line["holder"]: line["count"] for line in PrivacyRequest.objects.get(pk=asked.pk).receipt}
    assert receipt["accounts.full_exports"] == 1


def test_the_file_is_kept_through_the_grace_period(cast: Cast, client: Client) -> None:
    row = made(cast.organization)
    assert row.expires_at
    assert row.expires_at - timezone.now() < timedelta(days=8)
    with organization_context(cast.organization):
        organization = deletion.set_deletion(organization=cast.organization)
    assert again(row).expires_at == organization.delete_at
    client.force_login(cast.olga)
    assert (
        "Full export 1 is there and kept until" in client.get("/o/halden/settings/delete/").content.decode()
    )
    assert made(cast.organization).expires_at == organization.delete_at
    with organization_context(cast.organization):
        deletion.stop_deletion(organization=cast.organization)
    kept = again(row).expires_at
    assert kept
    assert timedelta(days=6) < kept - timezone.now() < timedelta(days=8)
