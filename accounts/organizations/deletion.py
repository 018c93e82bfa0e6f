"""Deleting an organization: a day is set, it can be stopped until then, and then everything goes."""

from datetime import timedelta

from celery import shared_task
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.audit.record import record
from accounts.models import ErasureReceipt, Organization, Suspension
from accounts.refusal import Refused
from accounts.tenancy import organization_context
from accounts.work.outbox import owe
from accounts.work.task import LongTask, Work

from .belongings import owned_models
from .export.services import keep_until_deletion
from .leftovers import remove_leftovers

GRACE = timedelta(days=30)
ERASE = "accounts.erase_organization"
#: Its day has come and its erasure has not begun. One that rests is erased on its day all the same.
_DUE = Q(is_active=True) | Q(suspended_by__in=(Suspension.OWNER, Suspension.OPERATOR))


@transaction.atomic
def set_deletion(*, organization: Organization) -> Organization:
    """Erase it when the grace period is over. Nothing changes for its members until then.

    Full exports that are there are kept until that day.
    """
    row = Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    if row.delete_at is not None:
        raise Refused(f"It is set for {row.delete_at:%-d %b %Y} already.")
    row.delete_at = timezone.now() + GRACE
    row.save(update_fields=["delete_at"])
    record("organization.deletion_set", target=row, after={"delete_at": row.delete_at})
    keep_until_deletion(organization=row)
    return row


@transaction.atomic
def stop_deletion(*, organization: Organization) -> Organization:
    row = Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    if row.delete_at is None or row.suspended_by == Suspension.ERASURE:
        raise Refused("No deletion is set, or it has begun.")
    before, row.delete_at = row.delete_at, None
    row.save(update_fields=["delete_at"])
    record("organization.deletion_stopped", target=row, before={"delete_at": before})
    keep_until_deletion(organization=row)
    return row


@shared_task(name="accounts.sweep_deletions")
def sweep_deletions() -> int:
    """Close what is due, so that nobody writes any more, and owe its erasure. Returns how many."""
    begun = 0
    for organization in Organization.objects.filter(_DUE, delete_at__lte=timezone.now()):
        with organization_context(organization):
            due = Organization.objects.filter(_DUE, pk=organization.pk, delete_at__lte=timezone.now()).update(
                is_active=False, suspended_by=Suspension.ERASURE, suspended_at=timezone.now()
            )
            if due:
                owe(ERASE, organization=str(organization.pk))
                begun += 1
    return begun


@shared_task(name=ERASE, base=LongTask, while_suspended=True)
def erase_organization(work: Work, organization: str) -> None:
    """Everything of one organization, in one last transaction; a killed worker begins anew."""
    with work.step(last=True):
        row = Organization.objects.select_for_update().filter(pk=work.organization_id).first()
        if row is None or row.suspended_by != Suspension.ERASURE:
            return
        if row.delete_at is None or row.delete_at > timezone.now():
            return
        gone = remove_leftovers(row)  # first: a file without its row would never be found again
        gone |= erase_rows(row)
        ErasureReceipt.objects.create(
            organization=row.pk,
            founded_at=row.created_at,
            due_at=row.delete_at,
            removed={name: n for name, n in gone.items() if n},
        )


def erase_rows(organization: Organization) -> dict[str, int]:
    """Table → rows deleted. Inside the organization's context.

    In any order: references are checked when the transaction ends. The policy hides everybody else's rows and the
    condition names this organization all the same, should this ever run as a role that no policy binds. The trail
    goes through its own function, which lets it go only because the organization is inactive.
    """
    gone = {}
    for model in (*owned_models(), Organization):
        table = model._meta.db_table
        with connection.cursor() as cursor:
            if getattr(model, "APPEND_ONLY", False):
                cursor.execute("SELECT accounts_audit_expire('infinity', 2147483647)")
                gone[table] = cursor.fetchone()[0]
            else:
                column = "id" if model is Organization else "organization_id"
                name = connection.ops.quote_name(table)
                cursor.execute(f"DELETE FROM {name} WHERE {column} = %s", [organization.pk])
                gone[table] = cursor.rowcount
    return gone
