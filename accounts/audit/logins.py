"""Log-ins and failed ones, from Django's own signals: whatever page or provider somebody came through."""

import hashlib
from typing import Any

from celery import shared_task
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import connection, transaction

from accounts.models import AuditEntry, FailedLogin, Membership, OutboxEntry, User
from accounts.sso.session import Bond, bond_of
from accounts.tenancy import organization_context
from accounts.work.task import pay

from .current import address_of
from .record import record

SPREAD = "accounts.spread_failed_login"


def connect() -> None:
    user_logged_in.connect(logged_in, dispatch_uid="audit")
    user_logged_out.connect(logged_out, dispatch_uid="audit")
    user_login_failed.connect(failed, dispatch_uid="audit")


def logged_in(request: Any, user: User, **kwargs: Any) -> None:
    if getattr(request, "sign_on", None) is None:  # else it opens one organization, which is told there
        _tell("login.succeeded", request, user)


def logged_out(request: Any, user: User | None, **kwargs: Any) -> None:
    if user is not None:
        _tell("login.ended", request, user, only=bond_of(request))


def _tell(action: str, request: Any, user: User, only: Bond | None = None) -> None:
    """In each organization that the person belongs to, since a log-in opens them all, unless a provider did it."""
    if not hasattr(request, "id"):
        return  # not a request that came in from outside
    for member in Membership.objects.select_related("user").filter(user=user, organization__is_active=True):
        if only is not None and only.organization_id != member.organization_id:
            continue
        with organization_context(member.organization_id):
            record(action, actor=member, request=request)


def failed(credentials: dict[str, Any], request: Any = None, **kwargs: Any) -> None:
    """The same two rows whether or not there is such an account, so that the time taken tells nothing."""
    if not hasattr(request, "id"):
        return
    note_failure(request, str(credentials.get("email") or credentials.get("username") or ""))


def note_failure(request: Any, typed: str) -> None:
    """Also for attempts that were refused before any password was looked at."""
    typed = typed.strip().lower()
    with transaction.atomic():
        attempt = FailedLogin.objects.create(
            email_hash=email_hash(typed), address=address_of(request), request_id=str(request.id)[:64]
        )
        OutboxEntry.objects.create(task=SPREAD, arguments={"attempt": attempt.pk})


def email_hash(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


@shared_task(name=SPREAD)
def spread_failed_login(attempt: int, organization_id: str = "", outbox_id: int | None = None) -> int:
    """Tell the organizations of the account that somebody tried. Returns how many heard."""
    row = FailedLogin.objects.filter(pk=attempt).first()
    told = 0
    with transaction.atomic():
        for member in _members(bytes(row.email_hash)) if row is not None else []:
            with organization_context(member.organization_id):
                _copy(row, member)
                told += 1
        pay(outbox_id)
    return told


def _members(digest: bytes) -> list[Membership]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM accounts_user WHERE sha256(convert_to(email, 'UTF8')) = %s", [digest])
        users = [id for (id,) in cursor.fetchall()]
    found = Membership.objects.select_related("user").filter(user__in=users, organization__is_active=True)
    return list(found)


def _copy(row: FailedLogin | None, member: Membership) -> None:
    if (
        row is None
        or AuditEntry.objects.filter(action="login.failed", request_id=row.request_id, at=row.at).exists()
    ):
        return
    AuditEntry.objects.create(
        at=row.at,
        action="login.failed",
        actor_kind=AuditEntry.Actor.NOBODY,
        target_type="accounts.membership",
        target_id=str(member.pk),
        target_label=str(member.user),
        address=row.address,
        request_id=row.request_id,
    )
