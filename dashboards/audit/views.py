import csv
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.audit.record import record
from accounts.audit.selectors import Wanted, entries, label, page
from accounts.models import AuditEntry
from accounts.tenancy import organization_context
from cem.lib.spreadsheet import safe

from .forms import AuditFilters

PAGE = 50
MOST = 100_000
COLUMNS = (
    *("at", "action", "label", "actor_kind", "actor_id", "actor", "target_type", "target_id", "target"),
    *("customer_id", "customer_ids", "before", "after", "address", "request_id"),
)


@require_safe
@requires("audit.view")
def audit(request: Any) -> HttpResponse:
    """Who did what, newest first."""
    form = AuditFilters(request.GET, request.membership.organization)
    found, next_id = page(form.wanted, before=_id(request.GET.get("before", "")), limit=PAGE)
    kept = {name: value for name, value in request.GET.items() if name in form.fields and value}
    context = {
        "form": form,
        "rows": [Row(entry) for entry in found],
        "query": urlencode(kept),
        "next": urlencode({**kept, "before": str(next_id)}) if next_id else "",
        "is_filtered": bool(kept),
        "is_later_page": "before" in request.GET,
    }
    return render(request, "dashboards/audit/audit.html", context)


@require_safe
@requires("audit.view")
def export(request: Any) -> StreamingHttpResponse:
    """The same entries as CSV; taking them away is an entry, too."""
    organization = request.membership.organization
    form = AuditFilters(request.GET, organization)
    wanted = form.wanted
    kept = {name: value for name, value in request.GET.items() if name in form.fields and value}
    record("audit.exported", after={"filters": kept})
    response = StreamingHttpResponse(lines(organization.pk, wanted), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="audit-{organization.slug}.csv"'
    return response


class Row:
    """An entry as a line of the table."""

    def __init__(self, entry: AuditEntry) -> None:
        self.entry = entry
        self.label = label(entry.action)
        self.who = entry.actor_name or entry.get_actor_kind_display()
        self.changes = changes(entry)

    @property
    def is_refusal(self) -> bool:
        return self.entry.action in ("access.denied", "login.failed")


def changes(entry: AuditEntry) -> list[str]:
    """Each changed field as "field: before → after"."""
    before, after = entry.before or {}, entry.after or {}
    found = []
    for name in dict.fromkeys([*before, *after]):
        first, last = _text(before.get(name)), _text(after.get(name))
        found.append(
            f"{name}: {first} → {last}" if name in before and name in after else f"{name}: {last or first}"
        )
    return found


def _text(value: Any) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 120 else text[:119] + "…"


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


class _Line:
    def write(self, text: str) -> str:
        return text


def lines(organization_id: UUID, wanted: Wanted) -> Iterator[str]:
    """The body outlives the request's transaction, so it opens its own."""
    writer = csv.writer(_Line())
    yield writer.writerow(COLUMNS)
    with organization_context(organization_id):
        for entry in entries(wanted)[:MOST].iterator(2_000):
            yield writer.writerow([_cell(value) for value in values(entry)])


def values(entry: AuditEntry) -> tuple[Any, ...]:
    return (
        *(entry.at.isoformat(), entry.action, label(entry.action), entry.actor_kind, entry.actor_id),
        *(entry.actor_name, entry.target_type, entry.target_id, entry.target_label, entry.subject_id),
        " ".join(str(one) for one in entry.subject_ids or ()),
        *(_json(entry.before), _json(entry.after), entry.address, entry.request_id),
    )


def _json(value: Any) -> str:
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def _cell(value: Any) -> str:
    return safe("" if value is None else str(value))
