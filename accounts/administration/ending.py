"""The day on which an organization is erased: set by an owner, stopped by an owner."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import requires
from accounts.organizations.deletion import GRACE, set_deletion, stop_deletion
from accounts.refusal import Refused


@require_http_methods(["GET", "POST"])
@requires("organization.delete")
def delete(request: Any) -> HttpResponse:
    """Confirmed by the organization's address."""
    organization = request.membership.organization
    wrong = ""
    if request.method == "POST":
        if request.POST.get("confirm", "").strip().lower() == organization.slug:
            return _do(request, set_deletion, "The day is set. Until then you can change your mind.")
        wrong = f"Nothing was set: write {organization.slug} to confirm."
    context = {"days": GRACE.days, "wrong": wrong}
    return render(request, "accounts/settings/delete.html", context, status=422 if wrong else 200)


@require_POST
@requires("organization.delete")
def stop(request: Any) -> HttpResponse:
    return _do(request, stop_deletion, "Nothing will be deleted.")


def _do(request: Any, work: Any, done: str) -> HttpResponse:
    organization = request.membership.organization
    try:
        work(organization=organization)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
    return redirect("settings", slug=organization.slug)
