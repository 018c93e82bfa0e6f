from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.audit.listing import record_listed
from accounts.audit.record import record
from accounts.privacy.masking import names_of, shown
from crm.models import Customer
from crm.search import search_by_id, search_customers
from crm.timeline import timeline, veiled
from dashboards.pictures import At

from . import picture, rows, selectors
from .taken import SUBTITLE

RESULTS = 20
PAGE = 40
#: Chip → timeline sources.
KINDS = {
    "answers": ["answers", "invitations"],
    "contacts": ["interactions"],
    "orders": ["transactions"],
    "cases": ["cases"],
}


@require_safe
@requires("customers.view")
def customers(request: Any) -> HttpResponse:
    """Search by name, email, phone, any id or order number; without a query, who came last.

    Who may not see who customers are finds them by id and order number only: a match would tell the rest.
    """
    query = request.GET.get("q", "").strip()[:200]
    sees_who = request.membership.may("personal.view")
    search = search_customers if sees_who else search_by_id
    found = search(query, limit=RESULTS) if query else selectors.recent_customers(RESULTS)
    record_listed([customer.pk for customer in found], {"q": query} if query else {})
    scores = selectors.latest_scores([customer.pk for customer in found], "nps")
    context = {
        "search_query": query,
        "sees_who": sees_who,
        "customers": [
            {
                "customer": shown(customer, request.membership),
                "score": rows.badge("nps", scores.get(customer.pk)),
            }
            for customer in found
        ],
        "limit": RESULTS,
    }
    template = "results" if request.htmx and not request.htmx.boosted else "customers"
    return render(request, f"dashboards/customers/{template}.html", context)


@require_safe
@requires("customers.view")
def customer(request: Any, pk: UUID) -> HttpResponse:
    """One customer: who they are, what they said, what they did."""
    person = get_object_or_404(Customer.objects.select_related("company"), pk=pk)
    organization = request.membership.organization
    # In the transaction of the page: nobody sees a customer whom the trail did not see them look at.
    looked = record("customer.viewed", target=person)
    history = selectors.history(person)
    context = {
        "customer": shown(person, request.membership),
        "looked": looked,
        "may_manage_privacy": request.membership.may("privacy.manage"),
        "vitals": [rows.vital(vital) for vital in selectors.vitals(person)],
        "spending": selectors.spending(person),
        "contacts": selectors.contacts_since(person),
        "cases": [shown(case, request.membership, names_of(person)) for case in selectors.open_cases(person)],
        "picture": picture.said_did(history, organization.currency),
        "picture_title": picture.title(history),
        "picture_subtitle": SUBTITLE,
        "at": At(f"{request.path}pictures/"),
        **_timeline(request, person),
    }
    return render(request, "dashboards/customers/customer.html", context)


@require_safe
@requires("customers.view")
def customer_timeline(request: Any, pk: UUID) -> HttpResponse:
    """The next stretch of the timeline, as a fragment for htmx or as a page of its own without script."""
    person = get_object_or_404(Customer.objects.select_related("company"), pk=pk)
    record("customer.viewed", target=person)
    try:
        context = {"customer": shown(person, request.membership), **_timeline(request, person)}
    except ValueError as error:
        return HttpResponseBadRequest(str(error))
    template = "timeline_rows" if request.htmx else "timeline_page"
    return render(request, f"dashboards/customers/{template}.html", context)


def _timeline(request: Any, person: Customer) -> dict[str, Any]:
    kind = request.GET.get("kind", "")
    if kind and kind not in KINDS:
        raise Http404
    page = timeline(person, before=request.GET.get("before") or None, limit=PAGE, kinds=KINDS.get(kind))
    entries = page.entries
    if not request.membership.may("personal.view"):
        entries = veiled(entries, names_of(person))
    return {
        "kind": kind,
        "kinds": KINDS,
        "first": not request.GET.get("before"),
        "entries": rows.timeline_rows(entries, request.membership.organization.tz),
        "next_cursor": page.next_cursor,
    }
