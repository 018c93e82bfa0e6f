"""Working on a case: who has it, what it waits for, how it ended. Each change stands in the audit trail."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.audit.record import record_change
from crm.models import Case

#: What may be set besides the status, which has consequences of its own.
FIELDS = frozenset({"subject", "owner", "team", "priority", "root_cause", "due_at"})


@transaction.atomic
def change_case(*, case: Case, **fields: Any) -> Case:
    """Set what is given. Nothing new writes nothing.

    Raises:
        ValueError: for a field that is not to be set here.
    """
    if unknown := sorted(set(fields) - FIELDS):
        raise ValueError(
            f"{unknown[0]!r} cannot be set on a case here; there are: {', '.join(sorted(FIELDS))}."
        )
    return _set(case, fields)


@transaction.atomic
def close_case(*, case: Case, root_cause: str = "") -> Case:
    """It is put right. Closed again it stays closed at the moment it first was."""
    found = _locked(case)
    if found.status == Case.Status.CLOSED:
        return found
    ended = {"status": Case.Status.CLOSED, "closed_at": timezone.now()}
    return _set(found, ended | ({"root_cause": root_cause} if root_cause else {}))


@transaction.atomic
def reopen_case(*, case: Case, waiting: bool = False) -> Case:
    """Open it again, or let it wait for the customer. When it is due stays what it was."""
    status = Case.Status.WAITING if waiting else Case.Status.OPEN
    return _set(case, {"status": status, "closed_at": None})


def _set(case: Case, fields: dict[str, Any]) -> Case:
    found = _locked(case)
    changed = [name for name, value in fields.items() if getattr(found, name) != value]
    record_change("case.changed", found, fields)
    for name in changed:
        setattr(found, name, fields[name])
    if changed:
        found.save(update_fields=changed)
    return found


def _locked(case: Case) -> Case:
    """As it is now: two who change it at once do so one after the other."""
    return Case.objects.select_for_update(of=("self",)).select_related("owner", "team").get(pk=case.pk)
