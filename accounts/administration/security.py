"""How members log in."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import requires
from accounts.login.second_step import has_second_step, without_second_step
from accounts.organizations.profile import change_profile


class LogInForm(forms.Form):
    second_step_required = forms.BooleanField(
        required=False,
        label="Ask everybody for a second step",
        help_text="An authenticator app or a security key. Whoever has none is led to set one up.",
    )


@require_http_methods(["GET", "POST"])
@requires("organization.manage")
def log_in_rules(request: Any) -> HttpResponse:
    organization = request.membership.organization
    first = {"second_step_required": organization.second_step_required}
    form = LogInForm(request.POST if request.method == "POST" else None, initial=first)
    if request.method == "POST" and form.is_valid():
        required = form.cleaned_data["second_step_required"]
        if required and not has_second_step(request.user):
            form.add_error("second_step_required", "Set up your own second step first, so that you stay in.")
        else:
            change_profile(organization=organization, second_step_required=required)
            messages.success(
                request,
                "Everybody is asked for a second step from now on."
                if required
                else "A second step is each person's own choice.",
            )
            return redirect("settings-log-in", slug=organization.slug)
    context = {
        "form": form,
        "without": without_second_step(organization).select_related("user").order_by("user__name"),
    }
    return render(request, "accounts/settings/log_in.html", context, status=422 if form.errors else 200)
