"""Making an export: one read-only snapshot for all tables, progress told from beside it."""

import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from celery import shared_task
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from accounts.audit.record import record
from accounts.models import Membership, Organization, OrganizationExport
from accounts.tenancy import organization_context
from accounts.work.lease import Superseded
from accounts.work.task import LongTask, Work

from .archive import Archive, as_json, digest_of
from .readme import manifest, readme
from .services import OPEN, TASK, expiry
from .tables import relative_path, stored_files, tables

logger = logging.getLogger(__name__)

MAX_CLAIMS = 5
#: Seconds between two notes of progress.
PACE = 0.5
#: Of the bar, for the tables; the rest is for files and check sums.
_TABLES = 0.9
Status = OrganizationExport.Status


class Stopped(Exception):
    """The export was cancelled, or is over, or is gone."""


@shared_task(name=TASK, base=LongTask, while_suspended=True)
def export_organization(work: Work, export: str) -> None:
    """Write one ZIP of everything. A killed worker begins anew: what was half written is removed."""
    try:
        row = _begin(work, export)
        path = Path(settings.MEDIA_ROOT) / relative_path(row)
        with _fresh(path) as fresh:
            organization, contents = _collect(work, row, fresh)
            size, digest = fresh.stat().st_size, digest_of(fresh)
        _finish(work, row, organization, contents, bytes=size, sha256=digest)
    except Stopped:
        _drop(work, export)
    except Superseded:
        raise
    except Exception as error:
        logger.exception("export %s: claim %s failed", export, work.number)
        if work.number < MAX_CLAIMS:
            raise
        _fail(work, export, error)


def _begin(work: Work, export: str) -> OrganizationExport:
    with work.step():
        row = OrganizationExport.objects.select_for_update().filter(pk=export).first()
        if row is None or row.is_over:
            raise Stopped
        row.status, row.step = Status.RUNNING, "Counting"
        row.save(update_fields=["status", "step"])
        return row


@contextmanager
def _fresh(path: Path) -> Iterator[Path]:
    """A file that stands under its name only when the block ended well."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    for torn in path.parent.glob(f".{path.name}.*"):  # of a worker that was killed
        torn.unlink(missing_ok=True)
    fresh = path.with_name(f".{path.name}.{uuid4().hex[:8]}")
    fresh.touch(0o600)
    try:
        yield fresh
        fresh.rename(path)
    finally:
        fresh.unlink(missing_ok=True)


def _collect(work: Work, row: OrganizationExport, path: Path) -> tuple[Organization, list[dict[str, Any]]]:
    made_at, wanted = timezone.now(), tables()
    with _Beside(work, row) as tell, _snapshot(work):
        organization = Organization.objects.get(pk=work.organization_id)
        counts = {table.name: _count(table.count, work.organization_id) for table in wanted}
        whole, done = max(sum(counts.values()), 1), 0
        archive = Archive(path, made_at)
        for table in wanted:
            tell(_TABLES * done / whole, table.label, now=True)
            before, label = done, table.label

            def heard(rows: int, before: int = before, label: str = label) -> None:
                tell(_TABLES * (before + rows) / whole, label)

            archive.add_table(table, work.organization_id, heard)
            done += counts[table.name]
        for stored in stored_files(work.organization_id):
            tell(_TABLES, "Files")
            archive.add_file(stored)
        tell(0.95, "Check sums", now=True)
        parts = list(archive.parts)
        archive.add_text("README.md", readme(organization, made_at, wanted, parts))
        archive.add_text("manifest.json", as_json(manifest(organization, made_at, wanted, parts)))
        archive.close()
        return organization, [part.plain for part in parts]


@contextmanager
def _snapshot(work: Work) -> Iterator[None]:
    """One moment for all tables, under the organization's own policy, and nothing can be written."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        with organization_context(work.organization_id):
            yield


def _count(query: str, organization_id: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query, [organization_id])
        found: int = cursor.fetchone()[0]
    return found


class _Beside:
    """Tells progress through a connection of its own, since the snapshot's can write nothing."""

    def __init__(self, work: Work, row: OrganizationExport) -> None:
        self._work, self._row, self._due = work, row, 0.0
        self._thread = ThreadPoolExecutor(1, "export progress")

    def __enter__(self) -> Callable[..., None]:
        return self._tell

    def __exit__(self, *error: object) -> None:
        self._thread.submit(lambda: connection.close()).result()
        self._thread.shutdown()

    def _tell(self, progress: float, step: str, *, now: bool = False) -> None:
        """Raises Stopped when it was cancelled, Superseded when another worker has taken over."""
        self._work.check()
        if now or time.monotonic() >= self._due:
            self._due = time.monotonic() + PACE
            self._thread.submit(self._save, progress, step).result()

    def _save(self, progress: float, step: str) -> None:
        with self._work.step():
            ours = OrganizationExport.objects.filter(pk=self._row.pk, status=Status.RUNNING)
            if not ours.update(progress=round(progress, 3), step=step):
                raise Stopped


def _finish(
    work: Work,
    row: OrganizationExport,
    organization: Organization,
    contents: list[dict[str, Any]],
    **facts: Any,
) -> None:
    with work.step(last=True):
        fresh = Organization.objects.get(pk=organization.pk)  # its deletion may have been set meanwhile
        changed = OrganizationExport.objects.filter(pk=row.pk, status=Status.RUNNING).update(
            status=Status.FINISHED,
            progress=1.0,
            step="",
            error="",
            contents=contents,
            file_path=relative_path(row),
            finished_at=timezone.now(),
            expires_at=expiry(fresh),
            **facts,
        )
        if not changed:
            raise Stopped
        row.refresh_from_db()
        asked_by = row.requested_by_id
        known = Membership.objects.select_related("user")
        asker = known.filter(pk=asked_by).first() if asked_by is not None else None
        record(
            "organization.exported",
            target=row,
            after={"rows": row.rows, "bytes": row.bytes, "sha256": row.sha256},
            actor=asker,
        )


def _drop(work: Work, export: str) -> None:
    with work.step(last=True):
        row = OrganizationExport.objects.filter(pk=export).first()
        if row is not None and not row.file_path:
            (Path(settings.MEDIA_ROOT) / relative_path(row)).unlink(missing_ok=True)


def _fail(work: Work, export: str, error: Exception) -> None:
    with work.step(last=True):
        OrganizationExport.objects.filter(pk=export, status__in=OPEN).update(
            status=Status.FAILED,
            step="",
            error=f"Given up after {MAX_CLAIMS} attempts ({type(error).__name__}). Ask for a new export; if that "
            "fails too, the worker's log says why.",
            finished_at=timezone.now(),
        )
