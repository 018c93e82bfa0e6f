"""Profile, business hours and brand."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import requires
from accounts.brand import accent_css
from accounts.models import Membership, Organization
from accounts.organizations.hours import case_hours, working_time
from accounts.organizations.profile import change_profile
from accounts.roles import Role
from cem.lib.validators import WEEKDAYS

from .forms import HoursForm, ProfileForm


@require_safe
@requires("organization.view")
def profile(request: Any) -> HttpResponse:
    """What the organization is, for everybody in it."""
    organization = request.membership.organization
    context = {
        "hours": [(day.capitalize(), organization.business_hours.get(day, [])) for day in WEEKDAYS],
        "owners": Membership.objects.filter(organization=organization, role=Role.OWNER).select_related(
            "user"
        ),
        "deadlines": deadlines(organization),
        "may_manage": request.membership.may("organization.manage"),
        "may_delete": request.membership.may("organization.delete"),
    }
    return render(request, "accounts/settings/profile.html", context)


@require_http_methods(["GET", "POST"])
@requires("organization.manage")
def change(request: Any) -> HttpResponse:
    organization = request.membership.organization
    form = ProfileForm(request.POST or None, instance=type(organization).objects.get(pk=organization.pk))
    if request.method == "POST" and form.is_valid():
        change_profile(organization=organization, **form.cleaned_data)
        messages.success(request, "The profile is saved.")
        return redirect("settings", slug=organization.slug)
    return render(request, "accounts/settings/profile_form.html", {"form": form}, status=_status(form))


@require_http_methods(["GET", "POST"])
@requires("organization.manage")
def hours(request: Any) -> HttpResponse:
    organization = request.membership.organization
    form = HoursForm(request.POST or None, organization=organization)
    if request.method == "POST" and form.is_valid():
        change_profile(
            organization=organization,
            business_hours=form.cleaned_data["business_hours"],
            holidays=form.cleaned_data["holiday_list"],
            case_hours=form.cleaned_data["case_hours"],
        )
        messages.success(request, "Business hours, holidays and deadlines are saved.")
        return redirect("settings-hours", slug=organization.slug)
    context = {"form": form, "deadlines": deadlines(organization)}
    return render(request, "accounts/settings/hours.html", context, status=_status(form))


def deadlines(organization: Organization) -> list[tuple[str, int, datetime]]:
    """(priority, hours, when a case that is opened now would be due)."""
    time, now = working_time(organization), timezone.now()
    return [
        (priority.label, hours, time.after(now, timedelta(hours=hours)))
        for priority, hours in case_hours(organization).items()
    ]


@require_safe
@requires("organization.view")
def brand(request: Any) -> HttpResponse:
    """The accent as a style sheet of its own, since the policy forbids style in the page."""
    accent = request.membership.organization.accent
    response = HttpResponse(accent_css(accent) if accent else "", content_type="text/css")
    response.headers["Cache-Control"] = "private, max-age=300"
    return response


def _status(form: Any) -> int:
    return 422 if form.errors else 200
