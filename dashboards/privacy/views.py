from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import requires
from accounts.audit.record import record
from accounts.models import PrivacyRequest
from accounts.privacy.holders import holders, identify
from accounts.privacy.services import ask, download_token, may_download
from crm.models import Customer

from .forms import EraseForm

SHOWN = 100


@require_safe
@requires("privacy.manage")
def requests(request: Any) -> HttpResponse:
    """Every erasure and export, newest first."""
    rows = PrivacyRequest.objects.select_related("requested_by__user").order_by("-number")[:SHOWN]
    return render(request, "dashboards/privacy/requests.html", {"rows": rows})


@require_safe
@requires("privacy.manage")
def one(request: Any, pk: UUID) -> HttpResponse:
    """Progress, then the receipt, and where it is an export the way to its file."""
    return render(request, "dashboards/privacy/request.html", _context(request, pk))


@require_safe
@requires("privacy.manage")
def progress(request: Any, pk: UUID) -> HttpResponse:
    """The panel, polled while the work is under way; when it is over the page is loaded anew."""
    context = _context(request, pk)
    response = render(request, "dashboards/privacy/progress.html", context)
    if context["found"].is_over:
        response["HX-Refresh"] = "true"
    return response


def _context(request: Any, pk: UUID) -> dict[str, Any]:
    found = get_object_or_404(PrivacyRequest.objects.select_related("requested_by__user"), pk=pk)
    address = reverse(
        "settings-privacy-file", kwargs={"slug": request.membership.organization.slug, "pk": pk}
    )
    link = f"{address}?{urlencode({'token': download_token(found)})}" if found.file_path else ""
    return {"found": found, "link": link}


@require_safe
@requires("privacy.manage")
def file(request: Any, pk: UUID) -> HttpResponseBase:
    """The export. The link in the page works for a quarter of an hour, the file is kept for a week."""
    found = get_object_or_404(PrivacyRequest, pk=pk)
    slug = request.membership.organization.slug
    path = Path(settings.MEDIA_ROOT) / found.file_path
    if not may_download(found, request.GET.get("token", "")) or not path.is_file():
        messages.error(
            request, "This link has expired. Use the one on this page, or export the customer again."
        )
        return redirect("settings-privacy-request", slug=slug, pk=pk)
    record("privacy.downloaded", target=found, subject=found.subject_id, label=str(found))
    response = FileResponse(
        path.open("rb"), as_attachment=True, filename=f"customer-export-{found.number}.zip"
    )
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@requires("privacy.manage")
def export(request: Any, pk: UUID) -> HttpResponse:
    """Collect everything there is about a customer."""
    person = get_object_or_404(Customer, pk=pk)
    row = ask(kind=PrivacyRequest.Kind.EXPORT, customer=person, requested_by=request.membership)
    return redirect("settings-privacy-request", slug=request.membership.organization.slug, pk=row.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("privacy.manage")
def erase(request: Any, pk: UUID) -> HttpResponse:
    """What would go, and the confirmation by the customer's own id; it cannot be undone."""
    person = get_object_or_404(Customer, pk=pk)
    form = EraseForm(request.POST or None, customer=person)
    if request.method == "POST" and form.is_valid():
        row = ask(kind=PrivacyRequest.Kind.ERASE, customer=person, requested_by=request.membership)
        return redirect("settings-privacy-request", slug=request.membership.organization.slug, pk=row.pk)
    subject = identify(person.pk)
    counts = [{"label": holder.label, "count": holder.count(subject)} for holder in holders()]
    context = {"customer": person, "form": form, "counts": counts}
    status = 422 if form.is_bound else 200
    return render(request, "dashboards/privacy/erase.html", context, status=status)
