"""Asking for a full export, calling it off, fetching it, and forgetting its file."""

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.audit.record import record
from accounts.models import Membership, Organization, OrganizationExport
from accounts.refusal import Refused
from accounts.tenancy import current_organization_id
from accounts.work.outbox import owe

TASK = "accounts.export_organization"
#: How long the file is kept; while a deletion is set, until its day.
KEPT = timedelta(days=7)
#: How long the address of a download works once a page showed it.
LINK_SECONDS = 900
OPEN = (OrganizationExport.Status.QUEUED, OrganizationExport.Status.RUNNING)


@transaction.atomic
def ask_export(*, requested_by: Membership | None = None) -> OrganizationExport:
    """An export, and the task that makes it owed in the same transaction. One that is under way is returned."""
    Organization.objects.select_for_update(no_key=True).get(pk=current_organization_id())  # one at a time
    known = OrganizationExport.objects.filter(status__in=OPEN).first()
    if known is not None:
        return known
    last: int | None = OrganizationExport.objects.aggregate(last=Max("number"))["last"]
    row = OrganizationExport.objects.create(
        number=(last or 0) + 1, step="Waiting for a worker", requested_by=requested_by
    )
    record("organization.export_asked", target=row)
    owe(TASK, export=str(row.pk))
    return row


@transaction.atomic
def cancel_export(*, row: OrganizationExport) -> None:
    """The worker notices within a second or two and removes what it has written. Raises Refused when it is over."""
    changed = OrganizationExport.objects.filter(pk=row.pk, status__in=OPEN).update(
        status=OrganizationExport.Status.CANCELLED, step="", finished_at=timezone.now()
    )
    if not changed:
        raise Refused("This export is over already.")
    record("organization.export_cancelled", target=row)


def expiry(organization: Organization) -> datetime:
    """When the file of an export that is finished now goes."""
    return max(timezone.now() + KEPT, organization.delete_at or timezone.now())


@transaction.atomic
def keep_until_deletion(*, organization: Organization) -> int:
    """Files that are there still stay through the grace period, or, once it was stopped, the ordinary time."""
    there = OrganizationExport.objects.exclude(file_path="").filter(expires_at__gt=timezone.now())
    return there.update(expires_at=expiry(organization))


def download_token(row: OrganizationExport) -> str:
    """What the address of a download carries; it works for LINK_SECONDS."""
    return _signer(row).sign(str(row.pk))


def may_download(row: OrganizationExport, token: str) -> bool:
    """Whether the link is fresh, this export's own, and the file still kept."""
    try:
        signed = _signer(row).unsign(token, max_age=LINK_SECONDS)
    except BadSignature:
        return False
    kept = bool(row.file_path) and row.expires_at is not None and row.expires_at > timezone.now()
    return signed == str(row.pk) and kept


def _signer(row: OrganizationExport) -> TimestampSigner:
    return TimestampSigner(salt=f"organization-export:{row.organization_id}")


def path_of(row: OrganizationExport) -> Path:
    return Path(settings.MEDIA_ROOT) / row.file_path


def drop_file(row: OrganizationExport) -> None:
    """Remove an export's file; the row keeps what was in it."""
    if row.file_path:
        path_of(row).unlink(missing_ok=True)
        row.file_path = ""
        row.save(update_fields=["file_path"])


def forget_expired() -> int:
    """Remove the files of this organization's exports that have expired. Returns how many."""
    rows = OrganizationExport.objects.exclude(file_path="").filter(expires_at__lt=timezone.now())
    for row in rows:
        drop_file(row)
    return len(rows)
