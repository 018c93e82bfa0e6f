"""Keeping studies in order: names, the archive, and runs that nobody wants to see any more.

A run that is removed can be brought back for a week; then a task that its removal owed deletes it for good, frames
and all.
"""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.audit.record import record, record_change
from accounts.work.outbox import owe
from analytics.models import Run, Study
from analytics.privacy import files

from . import schedule

PURGE = "analytics.purge_run"
#: How long a removed run can be brought back.
GRACE = timedelta(days=7)


@transaction.atomic
def rename_study(*, study: Study, name: str) -> Study:
    """Raises ValidationError on "name" where it is empty, too long or another study's."""
    name = name.strip()
    longest = Study._meta.get_field("name").max_length or 0
    if not name:
        raise ValidationError({"name": "Give the study a name."})
    if len(name) > longest:
        raise ValidationError({"name": f"{len(name)} characters: give it {longest} at most."})
    if Study.objects.filter(name=name).exclude(pk=study.pk).exists():
        raise ValidationError({"name": f"A study called {name!r} exists already. Choose another name."})
    record_change("study.changed", study, {"name": name})
    study.name = name
    study.save(update_fields=["name"])
    return study


@transaction.atomic
def archive_study(*, study: Study) -> bool:
    """Put it away with its runs, and stop running it weekly. Returns whether it was not archived before."""
    now = timezone.now()
    changed = Study.objects.filter(pk=study.pk, archived_at__isnull=True).update(archived_at=now) == 1
    if changed:
        schedule.stop_weekly(study=study)
        study.archived_at = now
        record("study.changed", target=study, before={"archived": False}, after={"archived": True})
    return changed


@transaction.atomic
def restore_study(*, study: Study) -> bool:
    """Back on the list; a weekly run has to be asked for again. Returns whether it was archived."""
    changed = Study.objects.filter(pk=study.pk, archived_at__isnull=False).update(archived_at=None) == 1
    if changed:
        study.archived_at = None
        record("study.changed", target=study, before={"archived": True}, after={"archived": False})
    return changed


@transaction.atomic
def remove_run(*, run: Run) -> datetime:
    """Take a run that is over out of sight, and owe its deletion.

    Returns:
        When it is deleted for good.

    Raises:
        ValidationError: while it is under way.
    """
    now = timezone.now()
    locked = Run.objects.select_for_update().get(pk=run.pk)
    if not locked.is_over:
        raise ValidationError({"run": f"Run {run.number} is under way. Cancel it first, then remove it."})
    if locked.removed_at is not None:
        return locked.removed_at + GRACE
    Run.objects.filter(pk=run.pk).update(removed_at=now)
    run.removed_at = now
    record("run.removed", target=run)
    entry = owe(PURGE, nudge_now=False, run=str(run.pk))
    entry.due_at = now + GRACE
    entry.save(update_fields=["due_at"])
    return now + GRACE


@transaction.atomic
def restore_run(*, run: Run) -> bool:
    """Undo a removal. Returns whether it was removed."""
    changed = Run.objects.filter(pk=run.pk, removed_at__isnull=False).update(removed_at=None) == 1
    if changed:
        run.removed_at = None
        record("run.restored", target=run)
    return changed


def purge(*, run_id: str, now: datetime | None = None) -> bool:
    """Delete a removed run for good, if its week is over; one that was brought back stays.

    The files go first: a row without its frame says so on its page, a frame without its row would be found by nobody.
    """
    before = (now or timezone.now()) - GRACE
    run = Run.objects.select_for_update().filter(pk=run_id, removed_at__lte=before).first()
    if run is None:
        return False
    if run.frame_path:
        for path in files(run).values():
            path.unlink(missing_ok=True)
    record("run.deleted", target=run)
    run.delete()
    return True
