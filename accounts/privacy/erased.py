"""Who was erased must not come back by the next import or request.

What they were known by is kept as HMAC-SHA256 under a key of the organization's own, which is itself encrypted with
the instance's secret key: with neither can anybody tell from it who it was. The same expression in SQL makes and
compares the hashes, so that both sides fold letters alike and an import compares a million rows in one statement.
"""

import base64
import hashlib
import logging
import secrets
from datetime import datetime
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import connection, transaction
from django.db.models import Count
from psycopg2 import Binary, sql

from accounts.audit.record import record
from accounts.models import ErasedIdentity, ErasureKey, PrivacyRequest
from accounts.tenancy import current_organization_id

from .detector import mask_text
from .holders import Subject

logger = logging.getLogger(__name__)
Kind = ErasedIdentity.Kind
#: How each kind is written before it is hashed, so that another spelling is the same.
_FOLDED = {
    Kind.EXTERNAL_ID: "btrim({})",
    Kind.EMAIL: "lower(btrim({}))",
    Kind.PHONE: "regexp_replace({}, '[^0-9]', '', 'g')",
}
_BLOCK = 64  # bytes of a block of SHA-256


class Erased(ValueError):
    """Somebody who was erased would come back. `field` is by what they were known again."""

    def __init__(self, field: str, day: datetime) -> None:
        self.field = field
        super().__init__(reason(Kind(field).label.lower(), f"{day:%Y-%m-%d}"))


def reason(what: str, day: str) -> str:
    """The sentence that refuses a row or a request."""
    return (
        f"the {what} belonged to somebody who was erased on {day} on request; an administrator can lift this "
        "under Settings, Privacy"
    )


def remember(*, subject: Subject, request: PrivacyRequest) -> int:
    """Keep hashes of what the customer is known by. In a transaction before the one in which they go.

    Waits for imports and requests that looked before this was written, and so might still make them anew.
    """
    known = {Kind.EXTERNAL_ID: subject.external_id, Kind.EMAIL: subject.email, Kind.PHONE: subject.phone}
    wanted = {kind: text for kind, text in known.items() if text}
    if not wanted:
        return 0  # the row is gone already: an earlier attempt has remembered it
    _lock("pg_advisory_xact_lock")
    key = key_of_organization() or _newkey_of_organization()
    rows = [
        ErasedIdentity(kind=kind, digest=_digest(key, kind, text), request=request)
        for kind, text in wanted.items()
    ]
    return len(ErasedIdentity.objects.bulk_create(rows, ignore_conflicts=True))


def refuse_erased(**known: str | None) -> None:
    """Before a customer is made or gets another address.

    Args:
        known: external_id, email and phone, as far as they are new.

    Raises:
        Erased: when somebody who was erased had one of them.
    """
    wanted = {Kind(name): text for name, text in known.items() if text}
    if not wanted:
        return
    _lock("pg_advisory_xact_lock_shared")
    if (key := key_of_organization()) is None:
        return
    for kind, text in wanted.items():
        found = ErasedIdentity.objects.filter(kind=kind, digest=_digest(key, kind, text)).first()
        if found is not None:
            raise Erased(kind.value, found.erased_at)


@transaction.atomic
def lift(*, identity: str, why: str) -> int:
    """Let somebody who was erased come back, named by their id, email or phone. Returns how many hashes went.

    Raises:
        ValidationError: when nobody who was erased had it, or no reason is given.
    """
    if not why.strip():
        raise ValidationError({"why": "Say why: it stands in the audit trail."})
    key = key_of_organization()
    hashes = [_digest(key, kind, identity) for kind in Kind] if key and identity.strip() else []
    found = list(ErasedIdentity.objects.filter(digest__in=hashes))
    if not found:
        raise ValidationError(
            {"identity": "Nobody who was erased had this id, email or phone. Write it as it was then, whole."}
        )
    together = [row.request_id for row in found if row.request_id]
    own = ErasedIdentity.objects.filter(pk__in=[row.pk for row in found])
    rows = list(own | ErasedIdentity.objects.filter(request_id__in=together))
    record(
        "erasure.lifted",
        target=found[0],
        label="Erased identities",
        after={
            "kinds": sorted({row.kind for row in rows}),
            "erased_on": f"{found[0].erased_at:%Y-%m-%d}",
            "why": mask_text(why.strip()[:300]),
        },
    )
    ErasedIdentity.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def remembered() -> dict[str, int]:
    """How many customers and how many of their ids, emails and phones."""
    found: dict[str, int] = ErasedIdentity.objects.aggregate(
        identities=Count("id"), customers=Count("request", distinct=True)
    )
    return found


def matches(kind: ErasedIdentity.Kind, column: sql.Composable) -> sql.Composable | None:
    """SQL that is true where `column` is of a row `e` of accounts_erasedidentity; None where nobody was erased.

    Until the transaction ends nobody can be erased, so that what was compared stays true.
    """
    _lock("pg_advisory_xact_lock_shared")
    if (key := key_of_organization()) is None:
        return None
    return sql.SQL("e.kind = {} AND e.digest = {}").format(sql.Literal(kind.value), _hmac(key, kind, column))


def _lock(function: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(hashtextextended(%s, 0))", [f"erased:{current_organization_id()}"])


def _digest(key: bytes, kind: ErasedIdentity.Kind, text: str) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT {}").format(_hmac(key, kind, sql.Literal(text.replace("\0", "")))))
        return bytes(cursor.fetchone()[0])


def _hmac(key: bytes, kind: ErasedIdentity.Kind, value: sql.Composable) -> sql.Composable:
    """HMAC as RFC 2104 has it, from the hash that PostgreSQL brings: an extension is not needed."""
    inner = bytes(byte ^ 0x36 for byte in key.ljust(_BLOCK, b"\0"))
    outer = bytes(byte ^ 0x5C for byte in key.ljust(_BLOCK, b"\0"))
    folded = sql.SQL(_FOLDED[kind]).format(sql.SQL("({})::text").format(value))
    return sql.SQL("sha256({}::bytea || sha256({}::bytea || convert_to({} || {}, 'UTF8')))").format(
        sql.Literal(Binary(outer)), sql.Literal(Binary(inner)), sql.Literal(f"{kind.value}:"), folded
    )


def key_of_organization() -> bytes | None:
    """The organization's key; None where there is none yet, and so nobody was erased."""
    row = ErasureKey.objects.first()
    if row is None:
        return None
    try:
        return MultiFernet(_boxes()).decrypt(bytes(row.secret))
    except InvalidToken:
        raise ImproperlyConfigured(
            "The key of erased identities cannot be read, so nobody can tell whether an import brings back "
            "somebody who was erased: put the SECRET_KEY of before into SECRET_KEY_FALLBACKS."
        ) from None


def _newkey_of_organization() -> bytes:
    fresh = secrets.token_bytes(32)
    ErasureKey.objects.create(secret=_boxes()[0].encrypt(fresh))
    return fresh


def keep_readable() -> bool:
    """Wrap the key with the newest secret key, so that the one before can be dropped. True when it was needed."""
    row = ErasureKey.objects.select_for_update().first()
    try:
        plain = key_of_organization()
    except ImproperlyConfigured as error:
        logger.error("%s", error)  # imports and requests say it, too; the other organizations go on
        return False
    if row is None or plain is None:
        return False
    box = _boxes()[0]
    try:
        box.decrypt(bytes(row.secret))
    except InvalidToken:
        row.secret = box.encrypt(plain)
        row.save(update_fields=["secret"])
        return True
    return False


def _boxes() -> list[Fernet]:
    keys: list[Any] = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(f"erased identities:{key}".encode()).digest() for key in keys]
    return [Fernet(base64.urlsafe_b64encode(digest)) for digest in digests]
