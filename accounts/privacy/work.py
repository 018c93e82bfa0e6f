"""A privacy request, holder by holder: each in its own transaction, so that progress is seen and nothing is
forgotten when the worker dies. What is in the receipt is done.
"""

import json
import logging
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from celery import shared_task
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from accounts.audit.record import record
from accounts.models import Membership, PrivacyRequest
from accounts.work.lease import Superseded
from accounts.work.task import LongTask, Work

from .erased import remember
from .holders import Holder, NotYet, Subject, holders, identify
from .own import drop_torn
from .services import TASK

logger = logging.getLogger(__name__)

MAX_CLAIMS = 6
#: How long an export may be fetched.
KEPT = timedelta(days=7)
Status, Request = PrivacyRequest.Status, PrivacyRequest


@shared_task(name=TASK, base=LongTask)
def privacy_request(work: Work, request: str) -> None:
    """Export or erase one customer."""
    row = _begin(work, request)
    if row is None:
        return
    try:
        if row.kind == Request.Kind.ERASE:
            _erase(work, row)
        else:
            _export(work, row)
    except Superseded:
        raise
    except NotYet as error:
        _note(work, row, step=f"Waiting: {error}")
        raise
    except Exception as error:
        logger.exception("privacy request %s: claim %s failed", request, work.number)
        if work.number < MAX_CLAIMS:
            _note(work, row, error=f"{type(error).__name__}; it will be tried again")
            raise
        _fail(work, row, error)


def _begin(work: Work, request: str) -> PrivacyRequest | None:
    with work.step():
        row = Request.objects.select_for_update().filter(pk=request).first()
        if row is not None and not row.is_over and row.subject_id is not None:
            row.status = Status.RUNNING
            row.save(update_fields=["status"])
            return row
    with work.step(last=True):
        pass  # gone or over: nothing is owed any more
    return None


def _erase(work: Work, row: PrivacyRequest) -> None:
    with work.reading():
        subject = identify(row.subject_id)  # type: ignore[arg-type]
    with work.step():
        remember(
            subject=subject, request=row
        )  # committed before anything goes, and so before they could return
    todo = holders()
    for place, holder in enumerate(todo):
        if holder.name in {line["holder"] for line in row.receipt}:
            continue
        with work.step():
            removed = holder.erase(subject)
            _receipt(row, holder, removed, place + 1, len(todo), "Erasing")
    with work.step(last=True):
        row.status, row.subject_id, row.step, row.error = Status.FINISHED, None, "", ""
        row.progress, row.finished_at = 1.0, timezone.now()
        row.save()
        record(
            "customer.erased",
            target=row,
            label=f"Erasure {row.number}",
            after={"removed": row.total},
            actor=_asker(row),
        )


def _export(work: Work, row: PrivacyRequest) -> None:
    with work.reading():
        subject = identify(row.subject_id)  # type: ignore[arg-type]
    name = f"privacy/{work.organization_id}/{row.pk}.zip"
    path = Path(settings.MEDIA_ROOT) / name
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    drop_torn(path)
    fresh = path.with_name(f".{path.name}.{uuid4().hex[:8]}")
    fresh.touch(0o600)
    row.receipt, todo = [], holders()
    try:
        with zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED) as archive:
            for place, holder in enumerate(todo):
                with work.reading():
                    count = _write(archive, holder, subject)
                with work.step():
                    _receipt(row, holder, count, place + 1, len(todo), "Collecting")
            archive.writestr("receipt.json", _json({"made_at": timezone.now(), "parts": row.receipt}))
        fresh.rename(path)
    finally:
        fresh.unlink(missing_ok=True)
    with work.step(last=True):
        row.status, row.step, row.error, row.progress = Status.FINISHED, "", "", 1.0
        row.file_path, row.finished_at, row.expires_at = name, timezone.now(), timezone.now() + KEPT
        row.save()
        record(
            "customer.exported",
            target=row,
            subject=row.subject_id,
            label=f"Export {row.number}",
            after={"rows": row.total},
            actor=_asker(row),
        )


def _asker(row: PrivacyRequest) -> Membership | None:
    """Who asked: what the worker does is done for them."""
    if row.requested_by_id is None:
        return None
    return Membership.objects.select_related("user").filter(pk=row.requested_by_id).first()


def _write(archive: zipfile.ZipFile, holder: Holder, subject: Subject) -> int:
    """One JSON array a holder, written as it is read."""
    count = 0
    part = zipfile.ZipInfo(f"{holder.name}.json", timezone.now().timetuple()[:6])
    part.compress_type = zipfile.ZIP_DEFLATED
    with archive.open(part, "w") as file:
        for one in holder.export(subject):
            file.write(b"[\n" if count == 0 else b",\n")
            file.write(_json(one).encode())
            count += 1
        file.write(b"\n]\n" if count else b"[]\n")
    return count


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, cls=DjangoJSONEncoder)


def _receipt(row: PrivacyRequest, holder: Holder, count: int, done: int, of: int, verb: str) -> None:
    row.receipt = [*row.receipt, {"holder": holder.name, "label": holder.label, "count": count}]
    row.progress, row.step = done / (of + 1), f"{verb}: {holder.label.lower()}"
    row.save(update_fields=["receipt", "progress", "step"])


def _note(work: Work, row: PrivacyRequest, **fields: str) -> None:
    with work.step():
        Request.objects.filter(pk=row.pk).update(**fields)


def _fail(work: Work, row: PrivacyRequest, error: Exception) -> None:
    with work.step(last=True):
        Request.objects.filter(pk=row.pk).update(
            status=Status.FAILED,
            error=f"Given up after {MAX_CLAIMS} attempts ({type(error).__name__}). What the receipt lists is done; "
            "ask again to do the rest. The worker's log says why.",
            step="",
            finished_at=timezone.now(),
        )
        record("privacy.failed", target=row, subject=row.subject_id, label=str(row))
