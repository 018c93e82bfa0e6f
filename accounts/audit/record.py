"""Writing the audit trail: one insert, in the transaction of what it tells about."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from accounts.models import ApiKey, AuditEntry, Membership
from accounts.privacy.marks import is_secret, personal_fields

from .actions import ACTIONS
from .current import address_of, current_request

#: What stands for the value of a personal field: the trail tells that it changed, not what it was.
REDACTED = "•••"
_encoder = DjangoJSONEncoder()


def record(
    action: str,
    *,
    target: models.Model | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    request: Any = None,
    actor: Membership | None = None,
    subject: UUID | None = None,
    subjects: Collection[UUID] | None = None,
    label: str | None = None,
) -> AuditEntry:
    """Add an entry to the trail of the organization of this context.

    Call it inside the transaction that does the thing, so that neither exists without the other. For what must
    outlive a request that is undone, append a call of it to `request.afterwards`.

    Args:
        action: a name of `accounts.audit.actions`.
        target: what it was done to.
        before, after: field → value. Fields that are equal in both are left out, values of personal fields
            are redacted by the marks of the target's model.
        request: defaults to the one that is being answered; outside one the system acts.
        actor: where it is not the request's member: a log-in, which has no organization yet.
        subject: the customer whom it is about, where the target does not tell.
        subjects: the customers, where it is about several: a list or a search that showed them.
        label: the target's name, where it must not be derived from the target.

    Raises:
        ValueError: when the action is not in the table.
    """
    if action not in ACTIONS:
        raise ValueError(f"Unknown action {action!r}; add it to accounts/audit/actions.py.")
    request = request if request is not None else current_request()
    kind, actor_id, name = actor_of(request, actor)
    first, last = _changes(target, before, after)
    return AuditEntry.objects.create(
        action=action,
        actor_kind=kind,
        actor_id=actor_id,
        actor_name=name[:160],
        target_type=target._meta.label_lower if target is not None else "",
        target_id=str(target.pk)[:64] if target is not None else "",
        target_label=(label if label is not None else label_of(target))[:200],
        subject_id=subject or subject_of(target),
        subject_ids=list(subjects) if subjects else None,
        before=first,
        after=last,
        address=address_of(request),
        request_id=str(getattr(request, "id", ""))[:64],
    )


def record_change(action: str, target: models.Model, fields: Mapping[str, Any], **options: Any) -> None:
    """Record what `target` is about to become: call it before the fields are set. Nothing new records nothing."""
    before = {name: getattr(target, name) for name in fields}
    if any(before[name] != value for name, value in fields.items()):
        record(action, target=target, before=before, after=fields, **options)


def actor_of(request: Any, member: Membership | None = None) -> tuple[str, UUID | None, str]:
    """(kind, id, name) of who asks."""
    member = member or getattr(request, "membership", None)
    if member is not None:
        return AuditEntry.Actor.MEMBER, member.pk, str(member.user)
    key: ApiKey | None = getattr(request, "api_key", None)
    if key is not None:
        return AuditEntry.Actor.KEY, key.pk, key.name
    if request is None:
        return AuditEntry.Actor.SYSTEM, None, ""
    return AuditEntry.Actor.NOBODY, None, ""


def label_of(target: models.Model | None) -> str:
    """The target's name; where its model holds personal data, its kind and number instead."""
    if target is None:
        return ""
    if not personal_fields(type(target)):
        return str(target)
    known = next(
        (str(getattr(target, one)) for one in ("number", "external_id", "key") if hasattr(target, one)), ""
    )
    return f"{str(target._meta.verbose_name).capitalize()} {known}".strip()


def subject_of(target: models.Model | None) -> UUID | None:
    """The customer: the target itself, or the one it refers to."""
    if target is None:
        return None
    if target._meta.label_lower == "crm.customer":
        return target.pk  # type: ignore[no-any-return]
    found = getattr(target, "customer_id", None)
    return found if isinstance(found, UUID) else None


def _changes(
    target: models.Model | None, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    same = {
        name for name in before or {} if after and name in after and before and before[name] == after[name]
    }
    return _clean(target, before, same), _clean(target, after, same)


def _clean(
    target: models.Model | None, values: Mapping[str, Any] | None, leave_out: set[str]
) -> dict[str, Any] | None:
    if values is None:
        return None
    marked = personal_fields(type(target)) if target is not None else {}
    return {
        name: REDACTED if (name in marked or is_secret(name)) and value else _plain(value)
        for name, value in values.items()
        if name not in leave_out
    }


def _plain(value: Any) -> Any:
    """What JSON can hold: ids of rows, text of everything it does not know."""
    if isinstance(value, models.Model):
        return str(value.pk)
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(one) for one in value]
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    try:
        return _encoder.default(value)
    except TypeError:
        return str(value)
