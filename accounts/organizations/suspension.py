"""An organization rests: nobody works in it, nothing is lost, and it goes on where it stopped.

Keys and survey links find no organization that is not active, tasks wait in the outbox, and members see one quiet
page. An owner who paused it can wake it; what the operator suspended the operator alone resumes.
"""

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.audit.record import record
from accounts.models import Organization, Suspension
from accounts.refusal import Refused
from accounts.tenancy import organization_context
from accounts.work.outbox import nudge


@transaction.atomic
def suspend(*, organization: Organization, by: Suspension, reason: str) -> Organization:
    """Raises Refused where it rests already; the operator's suspension overrides an owner's pause."""
    row = Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    overrides = by == Suspension.OPERATOR and row.suspended_by == Suspension.OWNER
    if not row.is_active and not overrides:
        raise Refused(f"{row.name} rests already: {state(row)}.")
    reason = reason.strip()
    if not reason:
        raise Refused("Say why: its members read the reason.")
    row.is_active, row.suspended_by = False, by
    row.suspended_at, row.suspension_reason = timezone.now(), reason[:300]
    _save(row)
    action = "organization.paused" if by == Suspension.OWNER else "organization.suspended"
    with organization_context(row):
        record(action, target=row, after={"reason": row.suspension_reason})
    return row


@transaction.atomic
def resume(*, organization: Organization, by: Suspension) -> Organization:
    """What was owed meanwhile goes on. Raises Refused for what somebody else has suspended."""
    row = Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    if row.is_active:
        raise Refused(f"{row.name} is not suspended.")
    if not may_resume(row, by):
        raise Refused(f"{row.name} cannot be resumed here: {state(row)}.")
    before = {"reason": row.suspension_reason}
    row.is_active, row.suspended_by, row.suspended_at, row.suspension_reason = True, "", None, ""
    _save(row)
    with organization_context(row):
        record("organization.resumed", target=row, before=before)
    transaction.on_commit(nudge, robust=True)
    return row


def may_resume(organization: Organization, by: Suspension) -> bool:
    """An owner undoes an owner's pause; the operator both. What is being erased or set up nobody wakes."""
    undoes: dict[str, tuple[str, ...]] = {
        Suspension.OWNER: (Suspension.OWNER,),
        Suspension.OPERATOR: (Suspension.OWNER, Suspension.OPERATOR),
    }
    return organization.suspended_by in undoes.get(by, ())


def state(organization: Organization) -> str:
    """In words, for a message."""
    if organization.is_active:
        return "active"
    if not organization.suspended_by:
        return "it is still being set up"
    since: Any = organization.suspended_at
    words = Suspension(organization.suspended_by).label.lower()
    when = f" since {since:%-d %b %Y}" if since else ""
    return f"{words}{when}" + (
        f" ({organization.suspension_reason})" if organization.suspension_reason else ""
    )


def _save(row: Organization) -> None:
    row.save(update_fields=["is_active", "suspended_by", "suspended_at", "suspension_reason"])
