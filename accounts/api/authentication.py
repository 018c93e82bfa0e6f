from datetime import timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import Q
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed

from accounts.models import ApiKey
from cem.lib.rest.problems import Problem

#: A key's last use is noted at most this often: exact enough to find dead keys, and no hot row.
NOTED_EVERY = timedelta(minutes=1)


class ApiKeyAuthentication(BaseAuthentication):
    """Reads what the middleware resolved: `Authorization: Bearer cem_…`."""

    def authenticate(self, request: Any) -> tuple[Any, ApiKey] | None:
        digest = getattr(request, "api_key_hash", None)
        if digest is None:
            return None
        # Without an organization the key is unknown, revoked or expired; the three look alike from outside.
        inside = connection.organization_id is not None  # type: ignore[attr-defined]
        key = ApiKey.objects.filter(hash=digest).first() if inside else None
        if not inside and key_rests(digest):
            raise Problem(
                403,
                "The organization of this API key is suspended, so its API rests. Nothing is lost; send this again "
                "once an owner has resumed it.",
            )
        if key is None or not key.is_usable:
            raise AuthenticationFailed("This API key is unknown, revoked or expired.")
        if key.last_used_at is None or key.last_used_at < timezone.now() - NOTED_EVERY:
            request._request.afterwards.append(lambda: note_use(key))
        request._request.api_key = key  # for the audit trail
        return AnonymousUser(), key

    def authenticate_header(self, request: Any) -> str:
        return 'Bearer realm="cem"'


def key_rests(digest: bytes) -> bool:
    """Whether a key that opens nothing would open something, were its organization not suspended. Through the
    definer function: only whoever holds the key learns it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT accounts_key_rests(%s)", [digest])
        found: bool = cursor.fetchone()[0]
    return found


def note_use(key: ApiKey) -> bool:
    """Conditional, so that of many requests in one minute one writes. True for that one."""
    now = timezone.now()
    due = Q(last_used_at=None) | Q(last_used_at__lt=now - NOTED_EVERY)
    return ApiKey.objects.filter(due, pk=key.pk).update(last_used_at=now) == 1
