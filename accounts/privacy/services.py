"""Asking for one customer's data to be handed out or erased."""

from typing import Any
from uuid import UUID

from django.core.signing import BadSignature, TimestampSigner
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from accounts.audit.record import record
from accounts.models import Membership, PrivacyRequest
from accounts.tenancy import current_organization_id
from accounts.work.outbox import owe

from .own import drop_file

TASK = "accounts.privacy_request"
#: How long the address of a download works once a page showed it.
LINK_SECONDS = 900


@transaction.atomic
def ask(*, kind: str, customer: Any, requested_by: Membership | None = None) -> PrivacyRequest:
    """A request, and the task that does it owed in the same transaction.

    The same one that is still under way is returned instead of a second.
    """
    with connection.cursor() as cursor:
        # Held until the commit: one number at a time.
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"privacy:{current_organization_id()}"]
        )
    open_ = (PrivacyRequest.Status.QUEUED, PrivacyRequest.Status.RUNNING)
    known = PrivacyRequest.objects.filter(kind=kind, subject_id=customer.pk, status__in=open_).first()
    if known is not None:
        return known
    last: int | None = PrivacyRequest.objects.aggregate(last=Max("number"))["last"]
    row = PrivacyRequest.objects.create(
        number=(last or 0) + 1,
        kind=kind,
        subject_id=customer.pk,
        step="Waiting for a worker",
        requested_by=requested_by,
    )
    record("privacy.requested", target=row, subject=customer.pk, after={"kind": kind})
    owe(TASK, request=str(row.pk))
    return row


def download_token(row: PrivacyRequest) -> str:
    """What the address of a download carries; it works for LINK_SECONDS."""
    return _signer(row).sign(str(row.pk))


def may_download(row: PrivacyRequest, token: str) -> bool:
    """Whether the link is fresh, this request's own, and the file still there."""
    try:
        signed = _signer(row).unsign(token, max_age=LINK_SECONDS)
    except BadSignature:
        return False
    fresh = row.expires_at is not None and row.expires_at > timezone.now()
    return signed == str(row.pk) and fresh and bool(row.file_path)


def _signer(row: PrivacyRequest) -> TimestampSigner:
    return TimestampSigner(salt=f"privacy:{row.organization_id}")


def forget_exports(organization_id: UUID | None = None) -> int:
    """Remove the files of this organization's exports that have expired. Returns how many."""
    rows = PrivacyRequest.objects.exclude(file_path="").filter(expires_at__lt=timezone.now())
    for row in rows:
        drop_file(row)
    return len(rows)
