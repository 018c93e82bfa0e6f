"""Reads of the audit trail, newest first and by key, so that a long trail is paged as quickly as a short one."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.models import ApiKey, AuditEntry, Membership
from accounts.tenancy import current_organization_id

from .actions import ACTIONS

#: The action of entries that are about several customers.
LISTED = "customers.listed"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a reader asks for. Nothing given means everything."""

    action: str = ""
    actor: UUID | None = None
    subject: UUID | None = None
    #: Part of a name, or a whole id, address or request id.
    text: str = ""
    since: datetime | None = None
    until: datetime | None = None


def entries(wanted: Wanted) -> QuerySet[AuditEntry]:
    """Newest first by id, which is the order of writing."""
    rows = AuditEntry.objects.order_by("-id")
    if wanted.action:
        rows = rows.filter(action=wanted.action)
    if wanted.actor is not None:
        rows = rows.filter(actor_id=wanted.actor)
    if wanted.subject is not None:
        rows = rows.filter(about(wanted.subject))
    if wanted.since is not None:
        rows = rows.filter(at__gte=wanted.since)
    if wanted.until is not None:
        rows = rows.filter(at__lt=wanted.until)
    if text := wanted.text.replace("\0", "").strip():
        named = Q(target_label__icontains=text) | Q(actor_name__icontains=text)
        rows = rows.filter(named | Q(request_id=text) | Q(target_id=text) | _subject(text) | _address(text))
    return rows


def about(customer: UUID) -> Q:
    """Entries of one customer: about them alone, or about several that a list showed.

    Lists are named by their action, since a look into an array cannot use an index below the policy.
    """
    return Q(subject_id=customer) | Q(action=LISTED, subject_ids__contains=[customer])


def _subject(text: str) -> Q:
    try:
        return about(UUID(text))
    except ValueError:
        return Q()


def _address(text: str) -> Q:
    from ipaddress import ip_address

    try:
        return Q(address=str(ip_address(text)))
    except ValueError:
        return Q()


def page(
    wanted: Wanted, *, before: UUID | None = None, limit: int = 50
) -> tuple[list[AuditEntry], UUID | None]:
    """A page, and where the next one begins (None at the end)."""
    rows = entries(wanted)
    if before is not None:
        rows = rows.filter(id__lt=before)
    found = list(rows[: limit + 1])
    return found[:limit], found[limit - 1].pk if len(found) > limit else None


def actors() -> list[tuple[UUID, str]]:
    """Members and keys of this organization, who may have done something."""
    members = Membership.objects.filter(organization_id=current_organization_id()).select_related("user")
    people = sorted(((member.pk, str(member.user)) for member in members), key=lambda one: one[1].casefold())
    keys = ApiKey.objects.order_by("name").values_list("pk", "name")
    return [*people, *((pk, f"API key {name}") for pk, name in keys)]


def label(action: str) -> str:
    """What the page calls an action; its name where an older version knew it."""
    return ACTIONS.get(action, action)
