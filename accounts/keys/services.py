"""Making and revoking API keys."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.audit.record import record
from accounts.models import ApiKey, KeyKind, Membership
from accounts.refusal import Refused


@transaction.atomic
def make_key(
    *, name: str, kind: str, scopes: list[str], expires_at: datetime | None, by: Membership
) -> tuple[ApiKey, str]:
    """The key and its plain text, which is not kept. Raises ValidationError for scopes the kind cannot have."""
    key, plain = ApiKey.issue(
        name=name, kind=KeyKind(kind), scopes=sorted(scopes), expires_at=expires_at, created_by=by
    )
    record("key.made", target=key, after={"name": name, "kind": kind, "scopes": key.scopes})
    return key, plain


@transaction.atomic
def revoke_key(*, key: ApiKey) -> None:
    """At once: the next request that carries it is refused. Raises Refused when it was revoked before."""
    if not ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=timezone.now()):
        raise Refused(f"The key {key.prefix}… was revoked before.")
    record("key.revoked", target=key)
