"""After an organization's erasure nothing of it is left: in any table, any file, any key of Redis."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import redis
from django.core import mail
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import ErasureReceipt, Membership, Organization, OutboxEntry
from accounts.organizations import deletion
from accounts.organizations.export import services
from accounts.organizations.export.work import export_organization
from accounts.people.invitations import invite
from accounts.people.mail import send_member_invitation
from accounts.privacy.services import ask as ask_privacy
from accounts.privacy.work import privacy_request
from accounts.tenancy import organization_context
from analytics.models import Run
from analytics.studies.services import start_run
from cem.lib.mail import ORGANIZATION, FolderBackend
from crm.imports.run import import_file
from crm.imports.staging import Staging
from crm.models import Customer, ImportRun
from tests import factories
from tests.cast import Cast
from tests.dashboards import world
from tests.privacy.world import store_frames

pytestmark = pytest.mark.django_db(transaction=True)

#: Stands in a field of each room and in each file, with the organization's own name.
MARKER = "leftover-{slug}-marker"


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    settings.EMAIL_BACKEND = "cem.lib.mail.FolderBackend"


def live(organization: Organization, cast: Cast, folder: Path) -> None:
    """Rows in every room, and a file of every kind."""
    marker = MARKER.format(slug=organization.slug)
    owner = Membership.objects.get(organization=organization, role="owner")
    with organization_context(organization):
        one = world.build(customers=3)
        Customer.objects.filter(pk=one.customer.pk).update(name=marker, email=f"{marker}@mail.example")
        run = start_run(study=one.study)
        Run.objects.filter(pk=run.pk).update(
            status="finished", **store_frames(run, [str(one.customer.pk), marker])
        )
        invitation = invite(email=f"{marker}@new.example", role="viewer", by=owner)
        asked = ask_privacy(kind="export", customer=one.customer)
        export = services.ask_export()
    ids = {"organization_id": str(organization.pk)}
    send_member_invitation(**ids, invitation=str(invitation.pk))
    privacy_request(**ids, request=str(asked.pk))
    export_organization(**ids, export=str(export.pk))
    for number, errors in enumerate((None, folder / f"elsewhere-{organization.slug}.csv")):
        rows = folder / f"in-{organization.slug}.csv"
        rows.write_text(f"id,since\n{marker}-{number},never\n{marker}-ok-{number},2026-01-01\n")
        mapping = {"kind": "customers", "columns": {"external_id": "id", "since": "since"}}
        import_file(
            kind="customers", path=rows, organization=organization, mapping=mapping, errors_path=errors
        )
        rows.unlink()
    Client().get(
        "/api/v1/customers",
        headers={"Authorization": f"Bearer {cast.key('crm:read', organization=organization)}"},
    )


def die_importing(organization: Organization) -> None:
    """The tables that an import leaves whose process was killed."""
    marker = MARKER.format(slug=organization.slug)
    with organization_context(organization):
        died = ImportRun.objects.create(kind="customers", file_name=marker, file_hash="0", status="running")
    with transaction.atomic():
        Staging(died.pk, {"name": "text"}).create()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f'INSERT INTO staging."import_{died.pk.hex}" VALUES (%s)', [marker])


def traces(organization_id: str, marker: str, folder: Path, settings: Any) -> set[str]:
    """Every place where the organization's id or its marker stands."""
    found = set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', 'staging')"
        )
        for schema, table in cursor.fetchall():
            with organization_context(organization_id), connection.cursor() as inner:
                inner.execute(
                    f'SELECT EXISTS (SELECT FROM {schema}."{table}" t WHERE t::text LIKE ANY(%s))',
                    [[f"%{organization_id}%", f"%{marker}%"]],
                )
                if inner.fetchone()[0]:
                    found.add(table)
    for path in folder.rglob("*"):
        relative = str(path.relative_to(folder))
        content = path.read_bytes() if path.is_file() else b""
        if organization_id in relative or any(word.encode() in content for word in (organization_id, marker)):
            found.add(relative.replace(os.sep, "/"))
    server = redis.Redis.from_url(settings.REDIS_URL)
    found |= {key.decode() for key in server.scan_iter(match=f"*{organization_id}*")}
    return found


def test_nothing_of_it_is_left_and_all_of_the_other(cast: Cast, settings: Any, tmp_path: Path) -> None:
    for organization in (cast.organization, cast.other):
        live(organization, cast, tmp_path)
    for organization in (cast.organization, cast.other):
        die_importing(organization)
    mine, other = str(cast.organization.pk), str(cast.other.pk)
    words = {id_: MARKER.format(slug=slug) for id_, slug in ((mine, "halden"), (other, "other"))}
    before = {id_: traces(id_, words[id_], tmp_path, settings) for id_ in words}
    for id_, slug in ((mine, "halden"), (other, "other")):
        kinds = {place.split("/")[1] for place in before[id_] if place.startswith("files/")}
        assert kinds >= {"exports", "frames", "imports", "privacy"}
        assert f"elsewhere-{slug}.csv" in before[id_]
        assert any(place.startswith("mail/") for place in before[id_])
        assert any(place.startswith("cem:rate:") for place in before[id_])
        assert any(place.startswith("import_") for place in before[id_])
        assert {"crm_customer", "feedback_response", "analytics_run", "accounts_auditentry"} <= before[id_]

    Organization.objects.filter(pk=mine).update(delete_at=timezone.now() - timedelta(minutes=1))
    assert deletion.sweep_deletions() == 1
    owed = OutboxEntry.objects.get(task=deletion.ERASE)
    deletion.erase_organization(organization_id=mine, outbox_id=owed.pk, **owed.arguments)

    # Both hold its id alone; the lease is the one under which it was erased.
    assert traces(mine, words[mine], tmp_path, settings) == {"accounts_erasurereceipt", "accounts_lease"}
    left = traces(other, words[other], tmp_path, settings)
    swept = {place for place in before[other] if place.startswith("import_")}  # of a process that is gone
    limits = {place for place in before[other] if place.startswith("cem:rate:")}  # they expire by themselves
    assert before[other] - left <= swept | limits

    receipt = ErasureReceipt.objects.get()
    assert str(receipt.organization) == mine
    assert receipt.removed["crm_customer"] > 3
    assert receipt.removed["mails"] == 1
    assert receipt.removed["files"] >= 4
    assert set(map(type, receipt.removed.values())) == {int}
    assert words[mine] not in str(receipt.removed)


def test_erased_twice_or_after_a_crash_gives_one_receipt(cast: Cast) -> None:
    Organization.objects.filter(pk=cast.organization.pk).update(delete_at=timezone.now())
    deletion.sweep_deletions()
    owed = OutboxEntry.objects.get(task=deletion.ERASE)
    for _ in range(2):
        deletion.erase_organization(
            organization_id=str(cast.organization.pk), outbox_id=owed.pk, **owed.arguments
        )
    assert ErasureReceipt.objects.count() == 1


def test_a_mail_lies_in_the_folder_of_its_organization_alone(tmp_path: Path) -> None:
    id_ = "0192b6f0-0000-7000-8000-000000000000"
    for headers in ({ORGANIZATION: id_}, {}, {ORGANIZATION: "../../escape"}):
        mail.EmailMessage("Hello", "words", to=["a@b.example"], headers=headers).send()
    found = sorted(str(path.relative_to(tmp_path / "mail").parent) for path in tmp_path.rglob("*.eml"))
    assert found == [".", ".", id_]
    assert not list(tmp_path.rglob("*.part"))
    one = next((tmp_path / "mail" / id_).iterdir())
    assert b"words" in one.read_bytes()
    assert one.stat().st_mode & 0o077 == 0
    assert FolderBackend(file_path=str(tmp_path / "x")).send_messages([]) == 0


def test_without_redis_an_erasure_goes_through(cast: Cast, settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    factories_of(cast)
    Organization.objects.filter(pk=cast.organization.pk).update(delete_at=timezone.now())
    deletion.sweep_deletions()
    owed = OutboxEntry.objects.get(task=deletion.ERASE)
    deletion.erase_organization(
        organization_id=str(cast.organization.pk), outbox_id=owed.pk, **owed.arguments
    )
    assert not Organization.objects.filter(pk=cast.organization.pk).exists()


def factories_of(cast: Cast) -> None:
    with organization_context(cast.organization):
        factories.transaction()
