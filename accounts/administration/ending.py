"""Pausing an organization, and the day on which it is erased: set by an owner, stopped by an owner."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import requires
from accounts.models import OrganizationExport, Suspension
from accounts.organizations.deletion import GRACE, set_deletion, stop_deletion
from accounts.organizations.suspension import resume as resume_organization
from accounts.organizations.suspension import suspend
from accounts.refusal import Refused


@require_http_methods(["GET", "POST"])
@requires("organization.delete", while_suspended=True)
def delete(request: Any) -> HttpResponse:
    """Confirmed by the organization's address."""
    organization = request.membership.organization
    wrong = ""
    if request.method == "POST":
        if request.POST.get("confirm", "").strip().lower() == organization.slug:
            return _do(request, set_deletion, "The day is set. Until then you can change your mind.")
        wrong = f"Nothing was set: write {organization.slug} to confirm."
    context = {
        "days": GRACE.days,
        "wrong": wrong,
        "export": OrganizationExport.objects.exclude(file_path="").order_by("-number").first(),
    }
    return render(request, "accounts/settings/delete.html", context, status=422 if wrong else 200)


@require_POST
@requires("organization.delete", while_suspended=True)
def stop(request: Any) -> HttpResponse:
    return _do(request, stop_deletion, "Nothing will be deleted.")


@require_http_methods(["GET", "POST"])
@requires("organization.delete")
def pause(request: Any) -> HttpResponse:
    """Confirmed by a reason, which members read."""
    wrong = ""
    if request.method == "POST":
        try:
            suspend(
                organization=request.membership.organization,
                by=Suspension.OWNER,
                reason=request.POST.get("reason", ""),
            )
        except Refused as refused:
            wrong = str(refused)
        else:
            return redirect("settings", slug=request.membership.organization.slug)
    context = {"wrong": wrong, "reason": request.POST.get("reason", "")}
    return render(request, "accounts/settings/pause.html", context, status=422 if wrong else 200)


@require_POST
@requires("organization.delete", while_suspended=True)
def resume(request: Any) -> HttpResponse:
    def work(organization: Any) -> None:
        resume_organization(organization=organization, by=Suspension.OWNER)

    return _do(request, work, "It is open again. What waited goes on.")


def _do(request: Any, work: Any, done: str) -> HttpResponse:
    organization = request.membership.organization
    try:
        work(organization=organization)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
    # A resting organization has no profile to go back to.
    fresh = type(organization).objects.get(pk=organization.pk)
    return redirect("settings" if fresh.is_active else "settings-delete", slug=organization.slug)
