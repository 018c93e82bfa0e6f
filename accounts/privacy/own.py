"""What this room itself holds of a customer: stored API answers, earlier exports, the audit trail."""

from collections.abc import Iterator
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Q, QuerySet

from accounts.audit.selectors import about
from accounts.models import AuditEntry, IdempotentRequest, PrivacyRequest

from .holders import FILES, LAST, LATER, NotYet, Subject, register


class StoredAnswers:
    """Answers kept for an Idempotency-Key, which show the customer as they were sent."""

    name, label, order = "accounts.stored_answers", "Stored API answers", FILES

    def rows(self, subject: Subject) -> QuerySet[IdempotentRequest]:
        quoted = (f'"{name}"' for name in subject.names)  # a whole JSON text, not part of another
        return IdempotentRequest.objects.filter(reduce(or_, (Q(body__contains=one) for one in quoted)))

    def count(self, subject: Subject) -> int:
        return self.rows(subject).count()

    def export(self, subject: Subject) -> Iterator[dict[str, Any]]:
        rows: Any = self.rows(subject).values("created_at", "status", "body")
        yield from rows

    def erase(self, subject: Subject) -> int:
        return self.rows(subject).delete()[0]


class Exports:
    """Earlier exports of the same customer."""

    name, label, order = "accounts.exports", "Files of earlier exports", LATER

    def rows(self, subject: Subject) -> QuerySet[PrivacyRequest]:
        return PrivacyRequest.objects.filter(subject_id=subject.id, kind=PrivacyRequest.Kind.EXPORT)

    def count(self, subject: Subject) -> int:
        return self.rows(subject).exclude(file_path="").count()

    def export(self, subject: Subject) -> Iterator[dict[str, Any]]:
        rows: Any = self.rows(subject).values("number", "created_at", "finished_at")
        yield from rows

    def erase(self, subject: Subject) -> int:
        """Raises NotYet while one is being collected, which would write its file after this."""
        open_ = (PrivacyRequest.Status.QUEUED, PrivacyRequest.Status.RUNNING)
        if self.rows(subject).filter(status__in=open_).exists():
            raise NotYet("an export of the same customer is being collected")
        removed = 0
        for row in self.rows(subject):
            removed += bool(row.file_path)
            drop_file(row)
        self.rows(subject).update(subject_id=None)
        return removed


class Trail:
    """The audit trail keeps what was done and by whom; the customer in it becomes a pseudonym."""

    name, label, order = "accounts.audit_trail", "Audit entries (made pseudonymous, not removed)", LAST

    def count(self, subject: Subject) -> int:
        return AuditEntry.objects.filter(about(subject.id)).count()

    def export(self, subject: Subject) -> Iterator[dict[str, Any]]:
        rows: Any = AuditEntry.objects.filter(about(subject.id)).order_by("id")
        yield from rows.values("at", "action", "actor_kind", "before", "after").iterator(1_000)

    def erase(self, subject: Subject) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT accounts_audit_pseudonymise(%s)", [subject.id])
            changed: int = cursor.fetchone()[0]
        return changed


def drop_file(row: PrivacyRequest) -> None:
    """Remove an export's file; the row keeps its receipt."""
    if row.file_path:
        path = Path(settings.MEDIA_ROOT) / row.file_path
        path.unlink(missing_ok=True)
        drop_torn(path)
        row.file_path = ""
        row.save(update_fields=["file_path"])


def drop_torn(path: Path) -> None:
    """Remove what a worker that was killed left half written."""
    for torn in path.parent.glob(f".{path.name}.*"):
        torn.unlink(missing_ok=True)


def register_own() -> None:
    for holder in (StoredAnswers(), Exports(), Trail()):
        register(holder)
