"""Deleting an organization: a day is set, it can be stopped until then, and then everything goes."""

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

from celery import shared_task
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from accounts.audit.record import record
from accounts.models import Organization
from accounts.refusal import Refused
from accounts.tenancy import organization_context
from accounts.work.outbox import owe
from accounts.work.task import LongTask, Work

GRACE = timedelta(days=30)
ERASE = "accounts.erase_organization"


@transaction.atomic
def set_deletion(*, organization: Organization) -> Organization:
    """Erase it when the grace period is over. Nothing changes for its members until then."""
    row = Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    if row.delete_at is not None:
        raise Refused(f"It is set for {row.delete_at:%-d %b %Y} already.")
    row.delete_at = timezone.now() + GRACE
    row.save(update_fields=["delete_at"])
    record("organization.deletion_set", target=row, after={"delete_at": row.delete_at})
    return row


@transaction.atomic
def stop_deletion(*, organization: Organization) -> Organization:
    row = Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    if row.delete_at is None or not row.is_active:
        raise Refused("No deletion is set, or it has begun.")
    before, row.delete_at = row.delete_at, None
    row.save(update_fields=["delete_at"])
    record("organization.deletion_stopped", target=row, before={"delete_at": before})
    return row


@shared_task(name="accounts.sweep_deletions")
def sweep_deletions() -> int:
    """Suspend what is due, so that nobody writes any more, and owe its erasure. Returns how many."""
    begun = 0
    for organization in Organization.objects.filter(delete_at__lte=timezone.now(), is_active=True):
        with organization_context(organization):
            due = Organization.objects.filter(
                pk=organization.pk, delete_at__lte=timezone.now(), is_active=True
            ).update(is_active=False)
            if due:
                owe(ERASE, organization=str(organization.pk))
                begun += 1
    return begun


@shared_task(name=ERASE, base=LongTask)
def erase_organization(work: Work, organization: str) -> None:
    """Everything of one organization, table by table, in one last transaction; a killed worker begins anew."""
    with work.step(last=True):
        row = Organization.objects.select_for_update().filter(pk=work.organization_id).first()
        if row is None or row.is_active or row.delete_at is None or row.delete_at > timezone.now():
            return
        erase_files(row)  # first: a file without its row would never be found again
        erase_rows(row)


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


def owned_models() -> list[Any]:
    """Every model that refers to an organization, of whatever room."""
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if any(field.related_model is Organization for field in model._meta.local_fields)
    ]


def erase_files(organization: Organization) -> None:
    """Every room keeps an organization's files in a folder of its own: MEDIA_ROOT/<kind>/<organization>/."""
    for folder in Path(settings.MEDIA_ROOT).glob(f"*/{organization.pk}"):
        shutil.rmtree(folder)
