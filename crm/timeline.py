"""Everything that happened with one customer, newest first, from all rooms."""

import heapq
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.privacy.detector import mask_text
from accounts.privacy.marks import Kind
from accounts.privacy.masking import mask, mask_within
from crm.models import Case, Customer, Interaction, Transaction
from crm.registries import timeline_sources

#: The place of an entry in the order: entries older than it come next.
Cursor = tuple[datetime, UUID]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing that happened. `facts` holds what its source wants shown beside it (plain values)."""

    occurred_at: datetime
    id: UUID
    #: What it is: "interaction", "order", "refund", "case", "answer", "invitation" …
    kind: str
    #: The registry name of the source that told.
    source: str
    title: str
    detail: str = ""
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def place(self) -> Cursor:
        return self.occurred_at, self.id


@dataclass(frozen=True)
class Page:
    entries: list[Entry]
    #: Give it as `before` for the next page; None at the end.
    next_cursor: str | None


def timeline(
    customer: Customer | UUID,
    *,
    before: str | None = None,
    limit: int = 50,
    kinds: Collection[str] | None = None,
) -> Page:
    """One page of a customer's timeline over all sources: one query for each source.

    Args:
        before: the `next_cursor` of the page before.
        kinds: names of sources to look at ("transactions", "answers" …); all without it. Unknown ones show
            nothing.

    Raises:
        ValueError: when `before` is not a cursor of ours, or `limit` is below 1.
    """
    if limit < 1:
        raise ValueError("A page of the timeline has at least one entry.")
    place = read_cursor(before) if before else None
    customer_id = customer.pk if isinstance(customer, Customer) else customer
    pages = [
        page(customer_id, place, limit + 1)
        for name, page in timeline_sources.items()
        if kinds is None or name in kinds
    ]
    merged = list(islice(heapq.merge(*pages, key=lambda entry: entry.place, reverse=True), limit + 1))
    entries = merged[:limit]
    return Page(entries, write_cursor(entries[-1].place) if len(merged) > limit else None)


def veiled(entries: Iterable[Entry], names: Collection[str]) -> list[Entry]:
    """Entries as a reader sees them who may not know who the customer is, whatever source they come from.

    Args:
        names: of the customer, to be hidden in texts.
    """
    return [
        replace(
            entry,
            title=mask_text(entry.title, names),
            detail=mask_text(entry.detail, names),
            facts=mask_within(entry.facts, names) | _ids(entry.facts),
        )
        for entry in entries
    ]


def _ids(facts: dict[str, Any]) -> dict[str, Any]:
    """The company's own ids, which are no free text, though they may look like a number to call."""
    return {name: mask(Kind.ID, value) for name, value in facts.items() if name == "external_id"}


def write_cursor(place: Cursor) -> str:
    occurred_at, id = place
    return f"{occurred_at.isoformat()}~{id.hex}"


def read_cursor(text: str) -> Cursor:
    try:
        occurred_at, _, id = text.partition("~")
        place = datetime.fromisoformat(occurred_at), UUID(id)
    except ValueError:
        raise ValueError(
            f"{text[:80]!r} is not a place in a timeline: use the next_cursor of a page."
        ) from None
    if place[0].tzinfo is None:
        raise ValueError("A place in a timeline has a time zone.")
    return place


def older(rows: QuerySet[Any], moment: str, before: Cursor | None, limit: int) -> Iterable[Any]:
    """The rows before a place, newest first by (moment, id): the keyset step that sources share."""
    if before is not None:
        occurred_at, id = before
        # The first condition lets the index begin there; the second breaks ties.
        rows = rows.filter(Q(**{f"{moment}__lte": occurred_at})).exclude(
            Q(**{moment: occurred_at}, id__gte=id)
        )
    return rows.order_by(f"-{moment}", "-id")[:limit]


def interactions(customer_id: UUID, before: Cursor | None, limit: int) -> list[Entry]:
    rows = Interaction.objects.filter(customer_id=customer_id).select_related("touchpoint", "employee")
    return [
        Entry(
            occurred_at=row.occurred_at,
            id=row.id,
            kind="complaint" if row.is_complaint else "interaction",
            source="interactions",
            title=row.subject or row.get_channel_display(),
            detail=row.touchpoint.name if row.touchpoint else "",
            facts={
                "channel": row.channel,
                "employee": row.employee.name if row.employee else "",
                "duration_seconds": row.duration_seconds,
                "measures": row.measures,
            },
        )
        for row in older(rows, "occurred_at", before, limit)
    ]


def transactions(customer_id: UUID, before: Cursor | None, limit: int) -> list[Entry]:
    rows = Transaction.objects.filter(customer_id=customer_id)
    return [
        Entry(
            occurred_at=row.occurred_at,
            id=row.id,
            kind=row.kind,
            source="transactions",
            title=row.description or row.get_kind_display(),
            facts={
                "amount": row.amount,
                "currency": row.currency,
                "quantity": row.quantity,
                "channel": row.channel,
                "external_id": row.external_id,
            },
        )
        for row in older(rows, "occurred_at", before, limit)
    ]


def cases(customer_id: UUID, before: Cursor | None, limit: int) -> list[Entry]:
    rows = Case.objects.filter(customer_id=customer_id).select_related("owner")
    return [
        Entry(
            occurred_at=row.opened_at,
            id=row.id,
            kind="case",
            source="cases",
            title=f"Case {row.number}: {row.subject}",
            detail=row.get_status_display(),
            facts={
                "number": row.number,
                "reason": row.reason,
                "status": row.status,
                "owner": row.owner.name if row.owner else "",
                "due_at": row.due_at,
                "closed_at": row.closed_at,
                "overdue": row.is_overdue,
            },
        )
        for row in older(rows, "opened_at", before, limit)
    ]
