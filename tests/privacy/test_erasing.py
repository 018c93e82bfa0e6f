"""One customer, gone from every room and from disk; the other organization's equal-looking one untouched."""

import json
import os
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.utils import timezone

from accounts.audit.record import record
from accounts.models import AuditEntry, IdempotentRequest, OutboxEntry, PrivacyRequest
from accounts.privacy.holders import holders, identify
from accounts.privacy.services import ask, forget_exports
from accounts.privacy.work import privacy_request
from accounts.tenancy import organization_context
from accounts.tenant import TenantModel
from analytics.frames import parts, store
from analytics.models import Run
from crm.models import Customer
from feedback.models import Score
from tests.cast import Cast

from .world import Home

pytestmark = pytest.mark.django_db(transaction=True)


def work_off(home: Home, kind: str) -> PrivacyRequest:
    """Ask, and do what a worker does."""
    with organization_context(home.organization):
        row = ask(kind=kind, customer=home.customer)
    entry = OutboxEntry.objects.get(task="accounts.privacy_request", organization=home.organization)
    privacy_request(organization_id=str(home.organization.pk), outbox_id=entry.pk, **entry.arguments)
    assert not OutboxEntry.objects.filter(pk=entry.pk).exists(), "what was owed is paid"
    with organization_context(home.organization):
        return PrivacyRequest.objects.get(pk=row.pk)


def everything(home: Home) -> str:
    """All rows of all tenant tables, and all files, as text."""
    found = []
    with organization_context(home.organization):
        for model in apps.get_models():
            if issubclass(model, TenantModel):
                found += [repr(row) for row in model.objects.values()]
    for folder, _, names in os.walk(settings.VAR_DIR):
        for name in names:
            path = Path(folder) / name
            if str(home.organization.pk) in str(path) and path.suffix == ".parquet":
                found.append(store.read(path).to_string())
            elif path == home.errors:
                found.append(path.read_text())
    return "\n".join(found)


def test_erasing_removes_every_trace_and_gives_a_receipt(homes: tuple[Home, Home]) -> None:
    mine, theirs = homes
    with organization_context(mine.organization):
        record("customer.viewed", target=mine.customer)
        IdempotentRequest.objects.create(
            key="k", fingerprint=b"", status=201, body='{"email":"marta@mail.example"}'
        )
        IdempotentRequest.objects.create(
            key="l", fingerprint=b"", status=201, body='{"email":"else@mail.example"}'
        )
        before = {holder.name: holder.count(identify(mine.customer.pk)) for holder in holders()}
    untouched = everything(theirs)
    row = work_off(mine, "erase")
    assert row.status == "finished"
    counts = {line["holder"]: line["count"] for line in row.receipt}
    trail = counts.pop("accounts.audit_trail")
    assert trail == before.pop("accounts.audit_trail") + 1, "and the entry of the request itself"
    assert counts == before
    for name in ("crm.customers", "feedback.verbatims", "crm.refused_rows", "crm.cases"):
        assert counts[name] == 1, name
    assert counts["accounts.stored_answers"] == 1
    assert counts["analytics.frames"] == 2, "the study's own frame and the one beside it"
    assert counts["feedback.invitations"] == 2

    left = everything(mine)
    for name in (
        str(mine.customer.pk),
        mine.customer.pk.hex,
        "marta@mail.example",
        "+351912345482",
        "'K-77'",
    ):
        assert name not in left, name
    assert "K-77;" not in mine.errors.read_text()
    assert "K-770;Somebody" in mine.errors.read_text(), "another customer's line stays"
    assert everything(theirs) == untouched


def test_the_run_says_that_its_frame_was_changed(homes: tuple[Home, Home]) -> None:
    mine, _ = homes
    before = mine.run.frame_hash
    work_off(mine, "erase")
    with organization_context(mine.organization):
        run = Run.objects.get(pk=mine.run.pk)
    assert run.frame_hash == store.digest_of(mine.frame) != before, "the frame is whole, by its new digest"
    assert list(store.read(mine.frame)["customer"]) == [str(mine.other.pk)]
    assert parts.are_whole(mine.frame, run.parts)
    assert run.parts["asked"]["rows"] == 1
    assert run.ledger[-1]["reason"] == "erased_since"
    assert run.ledger[-1]["n"] == 1
    assert run.ledger[0]["n"] == 2, "what the figures were made of stays as it was"


def test_an_erasure_waits_for_a_study_that_is_joining(homes: tuple[Home, Home]) -> None:
    from accounts.privacy.holders import NotYet

    mine, _ = homes
    with organization_context(mine.organization):
        busy = Run.objects.create(
            study=mine.run.study, number=9, as_of=timezone.now(), seed=1, status="running"
        )
    with pytest.raises(NotYet):
        work_off(mine, "erase")
    with organization_context(mine.organization):
        row = PrivacyRequest.objects.get()
        assert row.step.startswith("Waiting: a study is joining")
        assert not Customer.objects.filter(pk=mine.customer.pk).exists(), "what could go is gone"
        Run.objects.filter(pk=busy.pk).update(status="finished")
    entry = OutboxEntry.objects.get(task="accounts.privacy_request")
    privacy_request(organization_id=str(mine.organization.pk), outbox_id=entry.pk, **entry.arguments)
    with organization_context(mine.organization):
        row.refresh_from_db()
    assert row.status == "finished"
    assert {line["holder"]: line["count"] for line in row.receipt}["crm.customers"] == 1, "counted once"


def test_erased_answers_never_count(homes: tuple[Home, Home]) -> None:
    mine, _ = homes
    with organization_context(mine.organization):
        n = Score.objects.filter(counts=True).count()
        theirs = Score.objects.filter(counts=True, customer=mine.customer).count()
    assert theirs
    work_off(mine, "erase")
    with organization_context(mine.organization):
        assert Score.objects.filter(counts=True).count() == n - theirs


def test_the_receipt_and_the_trail_hold_no_personal_data(homes: tuple[Home, Home]) -> None:
    mine, _ = homes
    row = work_off(mine, "erase")
    assert row.subject_id is None
    with organization_context(mine.organization):
        entries = list(AuditEntry.objects.order_by("id"))
    assert [entry.action for entry in entries[-2:]] == ["privacy.requested", "customer.erased"]
    assert entries[-1].after == {"removed": row.total}
    assert "Marta" not in repr([entry.__dict__ for entry in entries])


def test_an_export_holds_what_each_room_has_and_no_secret(homes: tuple[Home, Home]) -> None:
    mine, _ = homes
    row = work_off(mine, "export")
    path = Path(settings.MEDIA_ROOT) / row.file_path
    assert path.stat().st_mode & 0o077 == 0, "for this user alone"
    with zipfile.ZipFile(path) as archive:
        files: dict[str, Any] = {name: json.loads(archive.read(name)) for name in archive.namelist()}
    receipt = files.pop("receipt.json")
    assert {f"{line['holder']}.json": line["count"] for line in receipt["parts"]} == {
        name: len(rows) for name, rows in files.items()
    }
    assert files["crm.customers.json"][0]["email"] == "marta@mail.example"
    assert files["feedback.verbatims.json"][0]["text"] == "The replacement keeps moving."
    assert files["analytics.frames.json"][0]["customer"] == str(mine.customer.pk)
    assert files["crm.refused_rows.json"][0]["raw"].startswith("K-77;")
    assert "hash" not in files["feedback.invitations.json"][0]
    assert str(mine.other.pk) not in str(files)


def test_erasing_removes_earlier_exports(homes: tuple[Home, Home]) -> None:
    mine, _ = homes
    path = Path(settings.MEDIA_ROOT) / work_off(mine, "export").file_path
    assert path.exists()
    work_off(mine, "erase")
    assert not path.exists()
    with organization_context(mine.organization):
        assert set(PrivacyRequest.objects.values_list("subject_id", "file_path")) == {(None, "")}


def test_an_erasure_waits_for_an_export_of_the_same_customer(homes: tuple[Home, Home]) -> None:
    from accounts.privacy.holders import NotYet
    from accounts.privacy.own import Exports

    mine, _ = homes
    with organization_context(mine.organization):
        ask(kind="export", customer=mine.customer)
        with pytest.raises(NotYet, match="being collected"):
            Exports().erase(identify(mine.customer.pk))


def test_exports_expire(homes: tuple[Home, Home]) -> None:
    mine, _ = homes
    row = work_off(mine, "export")
    path = Path(settings.MEDIA_ROOT) / row.file_path
    with organization_context(mine.organization):
        assert forget_exports() == 0
        PrivacyRequest.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        assert forget_exports() == 1
    assert not path.exists()


def test_asking_twice_is_one_request(homes: tuple[Home, Home]) -> None:
    mine, _ = homes
    with organization_context(mine.organization):
        first, second = (ask(kind="erase", customer=mine.customer) for _ in range(2))
    assert first.pk == second.pk


def test_a_request_of_another_organization_is_not_carried_out(homes: tuple[Home, Home], cast: Cast) -> None:
    mine, theirs = homes
    with organization_context(mine.organization):
        row = ask(kind="erase", customer=mine.customer)
    privacy_request(organization_id=str(theirs.organization.pk), request=str(row.pk))
    with organization_context(mine.organization):
        assert Customer.objects.filter(pk=mine.customer.pk).exists()
        row.refresh_from_db()
        assert row.status == "queued"
