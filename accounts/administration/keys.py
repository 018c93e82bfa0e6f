"""API keys: made, seen once, listed by their beginning, revoked at once."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import requires
from accounts.keys.services import make_key, revoke_key
from accounts.models import ApiKey
from accounts.refusal import Refused

from .forms import KeyForm


@require_http_methods(["GET", "POST"])
@requires("keys.manage")
def keys(request: Any) -> HttpResponse:
    """The answer to making a key is the page itself: a redirect would have to keep the plain key somewhere."""
    form, plain = KeyForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        _, plain = make_key(
            name=data["name"],
            kind=data["kind"],
            scopes=data["scopes"],
            expires_at=data["until"],
            by=request.membership,
        )
        form = KeyForm()
    context = {
        "form": form,
        "plain": plain,
        "keys": ApiKey.objects.select_related("created_by__user").order_by(
            F("revoked_at").asc(nulls_first=True), "-created_at"
        ),
    }
    response = render(request, "accounts/settings/keys.html", context, status=422 if form.errors else 200)
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
@requires("keys.manage")
def revoke(request: Any, pk: UUID) -> HttpResponse:
    key = get_object_or_404(ApiKey, pk=pk)
    try:
        revoke_key(key=key)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"The key {key.prefix}… is revoked; it opens nothing any more.")
    return redirect("settings-keys", slug=request.membership.organization.slug)
