"""Full exports: asked for, watched, called off, fetched."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import requires
from accounts.audit.record import record
from accounts.models import OrganizationExport
from accounts.organizations.export.services import (
    ask_export,
    cancel_export,
    download_token,
    may_download,
    path_of,
)
from accounts.refusal import Refused

SHOWN = 20


@require_http_methods(["GET", "HEAD", "POST"])
@requires("organization.export", while_suspended=True)
def exports(request: Any) -> HttpResponse:
    """The newest with its progress or contents, and those before it."""
    if request.method == "POST":
        ask_export(requested_by=request.membership)
        return _back(request)
    return render(request, "accounts/settings/export.html", _context(request))


@require_safe
@requires("organization.export", while_suspended=True)
def progress(request: Any, pk: UUID) -> HttpResponse:
    """The panel, polled while the work is under way; when it is over the page is loaded anew."""
    row = get_object_or_404(OrganizationExport.objects.select_related("requested_by__user"), pk=pk)
    response = render(request, "accounts/settings/export_progress.html", {"row": row, "link": ""})
    if row.is_over:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@requires("organization.export", while_suspended=True)
def cancel(request: Any, pk: UUID) -> HttpResponse:
    try:
        cancel_export(row=get_object_or_404(OrganizationExport, pk=pk))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "The export is called off; what was written of it is removed.")
    return _back(request)


@require_safe
@requires("organization.export", while_suspended=True)
def file(request: Any, pk: UUID) -> HttpResponseBase:
    """The ZIP. The link in the page works for a quarter of an hour."""
    row = get_object_or_404(OrganizationExport, pk=pk)
    if not may_download(row, request.GET.get("token", "")) or not path_of(row).is_file():
        messages.error(request, "This link has expired. Use the one on this page, or make a new export.")
        return _back(request)
    record("organization.export_downloaded", target=row)
    slug = request.membership.organization.slug
    response = FileResponse(
        path_of(row).open("rb"), as_attachment=True, filename=f"{slug}-export-{row.number}.zip"
    )
    response["Cache-Control"] = "no-store"
    return response


def _context(request: Any) -> dict[str, Any]:
    rows = list(OrganizationExport.objects.select_related("requested_by__user").order_by("-number")[:SHOWN])
    newest = rows[0] if rows else None
    contents = newest.contents if newest else []
    files = [part["bytes"] for part in contents if not part["label"]]
    return {
        "row": newest,
        "link": _link(request, newest),
        "tables": [part for part in contents if part["label"] and part["rows"]],
        "empty": sum(bool(part["label"]) and not part["rows"] for part in contents),
        "files": len(files),
        "file_bytes": sum(files),
        "earlier": rows[1:],
    }


def _link(request: Any, row: OrganizationExport | None) -> str:
    if row is None or not may_download(row, download_token(row)):
        return ""
    address = reverse(
        "settings-export-file", kwargs={"slug": request.membership.organization.slug, "pk": row.pk}
    )
    return f"{address}?{urlencode({'token': download_token(row)})}"


def _back(request: Any) -> HttpResponse:
    return redirect("settings-export", slug=request.membership.organization.slug)
