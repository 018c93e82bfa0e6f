"""Where somebody is logged in, and ending it."""

from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import SIGNED_IN, open_to


@require_safe
@never_cache
@open_to(SIGNED_IN)
@login_required
def sessions(request: Any) -> HttpResponse:
    rows = UserSession.objects.purge_and_list(request.user)
    rows.sort(key=lambda row: (not row.is_current(), -row.created_at.timestamp()))
    return render(request, "accounts/login/sessions.html", {"sessions": rows})


@require_POST
@open_to(SIGNED_IN)
@login_required
def end(request: Any, pk: int) -> HttpResponse:
    """One's own only; the next request of that browser finds itself logged out."""
    get_object_or_404(UserSession, pk=pk, user=request.user).end()
    messages.success(request, "That session is ended.")
    return redirect("sessions")
