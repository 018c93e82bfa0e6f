from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import requires
from accounts.privacy.erased import lift, remembered

from .forms import LiftForm


@require_http_methods(["GET", "HEAD", "POST"])
@requires("privacy.manage")
def erased(request: Any) -> HttpResponse:
    """How many cannot come back, and letting one of them: nobody can list whom, since only hashes are kept."""
    form = LiftForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            lift(**form.cleaned_data)
        except ValidationError as error:
            for field, texts in error.message_dict.items():
                form.add_error(field, texts)
        else:
            messages.success(request, "Lifted. The next import or request may bring them back.")
            return redirect("settings-privacy-erased", slug=request.membership.organization.slug)
    context = {"form": form, "remembered": remembered()}
    status = 422 if form.is_bound else 200
    return render(request, "dashboards/privacy/erased.html", context, status=status)
