"""Dated exchange rates."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import requires
from accounts.models import ExchangeRate
from accounts.money.rates import remove_rate, set_rate

from .forms import RateForm


@require_http_methods(["GET", "POST"])
@requires("organization.manage")
def rates(request: Any) -> HttpResponse:
    organization = request.membership.organization
    form = RateForm(request.POST or None, organization=organization)
    if request.method == "POST" and form.is_valid():
        row = set_rate(**form.cleaned_data)
        messages.success(
            request, f"{row.currency} from {row.day:%-d %b %Y}: {row.rate} {organization.currency}."
        )
        return redirect("settings-rates", slug=organization.slug)
    context = {"form": form, "rates": ExchangeRate.objects.all()}
    return render(request, "accounts/settings/rates.html", context, status=422 if form.errors else 200)


@require_POST
@requires("organization.manage")
def remove(request: Any, pk: UUID) -> HttpResponse:
    row = get_object_or_404(ExchangeRate, pk=pk)
    remove_rate(row=row)
    messages.success(request, f"The rate of {row.currency} from {row.day:%-d %b %Y} is removed.")
    return redirect("settings-rates", slug=request.membership.organization.slug)
