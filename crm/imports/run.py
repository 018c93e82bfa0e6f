"""One import from its file to its counts.

The steps have transactions of their own: note the run, stage the file a chunk at a time, then take the staged
rows in and settle the run's counts in one transaction, so that a run is finished exactly when its rows are
there. A crash before that leaves no row of it; the next import sweeps its tables and marks it failed.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.audit.record import record
from accounts.models import Lease, Membership, Organization
from accounts.privacy.recognizing import recognizer
from accounts.tenancy import organization_context
from accounts.work import lease
from accounts.work.statistics import refresh_statistics
from crm.models import ImportRun
from crm.registries import importers

from .erased import refuse_erased
from .errors import ErrorsFile, with_raw_lines
from .importer import Counts, Importer
from .mapping import Mapping
from .plan import Plan
from .reading import RowFile, UnreadableFile, sha256
from .staging import PREFIX, Staging, alive_leases, lease_name, sweep

logger = logging.getLogger(__name__)

#: So many new rows may change how a query is best planned.
MANY = 1_000


@dataclass(frozen=True)
class Progress:
    """How far an import is. `step` is "reading" or "writing"."""

    step: str
    done_bytes: int
    total_bytes: int
    rows: int


Listener = Callable[[Progress], None]


class _Undo(Exception):
    """Leaves the transaction of a dry run."""


def import_file(
    *,
    kind: str,
    path: Path,
    organization: Organization,
    mapping: dict[str, Any],
    dry_run: bool = False,
    errors_path: Path | None = None,
    started_by: Membership | None = None,
    listener: Listener | None = None,
) -> ImportRun:
    """Import a file into one organization. Call it outside any transaction: it opens one for each step.

    Args:
        mapping: the JSON of a mapping file (docs/imports.md).
        dry_run: read, check and count everything, and change nothing; the run that comes back is not saved.
        errors_path: where refused rows go; without one, among the organization's files. Only made when a row is
            refused.

    Returns:
        The run. rows = created + updated + unchanged + failed, always; `errors_file` is empty when none
        failed.

    Raises:
        KeyError: no such kind of import.
        MappingError: the mapping is wrong, or does not fit the file. Nothing was recorded.
        UnreadableFile: the file is missing or cannot be read (recorded as a failed run when found midway).
    """
    importer = importers[kind]
    sweep()
    mark_dead(organization)
    run = ImportRun(
        kind=kind,
        organization_id=organization.pk,
        file_name=path.name[:300],
        file_hash=sha256(path),
        mapping=mapping,
        started_by=started_by,
        started_at=timezone.now(),
    )
    with organization_context(organization):
        checked = importer.read(mapping, organization)
    with RowFile(path, checked.format) as file:
        with organization_context(organization):
            plan = importer.plan(checked, file, organization)
            names_erased = recognizer()
        errors = errors_path or default_errors_path(run)
        with ErrorsFile(errors, names_erased) as errors_file:
            work = _Import(importer, organization, checked, plan, file, errors_file, run, dry_run, listener)
            work.run()
    return run


def default_errors_path(run: ImportRun) -> Path:
    """In the organization's own folder, so that it goes when the organization goes."""
    return Path(settings.MEDIA_ROOT) / "imports" / str(run.organization_id) / f"{run.pk.hex}.errors.csv"


class _Import:
    def __init__(
        self,
        importer: Importer,
        organization: Organization,
        mapping: Mapping,
        plan: Plan,
        file: RowFile,
        errors: ErrorsFile,
        run: ImportRun,
        dry_run: bool,
        listener: Listener | None,
    ) -> None:
        self.importer, self.organization, self.mapping, self.plan = importer, organization, mapping, plan
        self.file, self.errors, self.record, self.dry_run = file, errors, run, dry_run
        self.listener = listener
        self.staging = Staging(run.pk, plan.columns)
        self.staged = 0

    def run(self) -> None:
        name = lease_name(self.record.pk)
        claim = lease.claim(name)
        if claim is None:
            raise lease.Superseded(f"{name} is being imported by another process")
        try:
            with lease.heartbeat(name, claim, None) as lost:
                self._begin()
                try:
                    self._steps(lost)
                except BaseException as error:
                    self._fail(error)
                    raise
                self._tell_planner()
        finally:
            Lease.objects.filter(name=name, claim=claim).delete()

    def _begin(self) -> None:
        """The run and its first entry of the trail, whatever becomes of it."""
        run = self.record
        if not self.dry_run:
            with organization_context(self.organization):
                run.save(force_insert=True)
                self._tell_trail(
                    "import.started", {"kind": run.kind, "file": run.file_name, "sha256": run.file_hash}
                )

    def _tell_trail(self, action: str, after: dict[str, Any]) -> None:
        """For whoever started it; the worker that does it is nobody."""
        run = self.record
        record(action, target=run, label=str(run), after=after, actor=run.started_by)

    def _steps(self, lost: Event) -> None:
        try:
            with transaction.atomic():
                self.staging.create()
            self._stage(lost)
            self.staging.run("ANALYZE {rows}")
            self._tell("writing", self.file.size)
            try:
                with organization_context(self.organization):
                    refuse_erased(self.staging, self.importer.kind, self.organization)
                    counts = self.importer.write(self.staging, self.mapping, self.organization)
                    self._settle(counts)
                    if self.dry_run:
                        raise _Undo
            except _Undo:
                pass
        finally:
            with transaction.atomic():
                self.staging.drop()

    def _tell_planner(self) -> None:
        """Autovacuum looks once a minute: until then a study would be planned for tables as they were."""
        run = self.record
        if self.dry_run or run.created + run.customers_created < MANY:
            return
        try:
            refresh_statistics(self.importer.fills)
        except DatabaseError:
            logger.exception("import %s: the planner's figures were left to autovacuum", run.pk)

    def _stage(self, lost: Event) -> None:
        run = self.record
        for chunk in self.file.chunks():
            if lost.is_set():
                raise lease.Superseded(f"{lease_name(run.pk)}: this import was taken for dead")
            lines, refusals, taken = self.plan.stage(chunk.records)
            if taken:
                self.staging.copy(lines)
            self.errors.add(sorted([*chunk.refusals, *refusals]))
            self.staged += taken
            run.rows += len(chunk.records) + len(chunk.refusals)
            run.failed = self.errors.count
            self._save(update_fields=["rows", "failed"])
            self._tell("reading", chunk.position)

    def _settle(self, counts: Counts) -> None:
        """The last part of the transaction that wrote the rows, so that counts and rows are one."""
        run = self.record
        self.errors.add(with_raw_lines(self.file.path, self.file.format, self.staging.refusals()))
        run.failed = self.errors.count
        run.created, run.updated = counts.created, counts.updated
        run.unchanged = run.rows - run.failed - run.created - run.updated
        run.customers_created = counts.customers_created
        run.errors_file = str(self.errors.path) if self.errors.count else ""
        run.status = ImportRun.Status.FINISHED
        run.finished_at = timezone.now()
        self._save()
        self._tell_trail("import.finished", counts_of(run))

    def _fail(self, error: BaseException) -> None:
        run = self.record
        run.status, run.error = ImportRun.Status.FAILED, describe(error)
        run.created = run.updated = run.unchanged = run.customers_created = 0
        run.finished_at = timezone.now()
        run.errors_file = str(self.errors.path) if self.errors.count else ""
        try:
            with organization_context(self.organization):
                self._save()
                if not self.dry_run:
                    self._tell_trail("import.failed", counts_of(run))
        except Exception:
            # The database may be what failed; the next import marks this one by its dead lease.
            logger.exception("import %s: its failure could not be recorded", run.pk)

    def _save(self, **options: Any) -> None:
        if not self.dry_run:
            with organization_context(self.organization):
                self.record.save(**options)

    def _tell(self, step: str, position: int) -> None:
        if self.listener is not None:
            self.listener(Progress(step, position, self.file.size, self.record.rows))


def counts_of(run: ImportRun) -> dict[str, Any]:
    """What the audit trail keeps of a run."""
    names = ("kind", "file_name", "rows", "created", "updated", "unchanged", "failed")
    return {name: getattr(run, name) for name in names}


def describe(error: BaseException) -> str:
    if isinstance(error, KeyboardInterrupt):
        return "interrupted; nothing of it was taken in"
    if isinstance(error, UnreadableFile):
        return str(error)
    return f"{type(error).__name__}: {error}"[:2000]


def mark_dead(organization: Organization) -> int:
    """Runs whose process is gone are failed. Returns how many."""
    alive = [UUID(name.removeprefix(PREFIX)) for name in alive_leases()]
    with organization_context(organization):
        return (
            ImportRun.objects.filter(status=ImportRun.Status.RUNNING)
            .exclude(pk__in=alive)
            .update(
                status=ImportRun.Status.FAILED,
                error="The process that ran it ended before its rows were taken in. Start it again.",
                finished_at=timezone.now(),
            )
        )


__all__ = ["Progress", "import_file", "mark_dead"]
