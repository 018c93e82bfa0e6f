"""The page behind the link of an invitation."""

from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import login
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import PUBLIC, open_to
from accounts.models import MemberInvitation, User
from accounts.refusal import Refused
from accounts.sso.capture import required_by
from accounts.tenancy import organization_context

from . import invitations
from .forms import NewUserForm


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@open_to(PUBLIC)
def join(request: Any, token: str) -> HttpResponse:
    """Whoever has no account makes one here; whoever has one logs in first and comes back.

    The token proves that the mailbox was read, so a new account needs no second mail. It never opens an account
    that exists: that takes its own log-in.
    """
    organization_id = invitations.organization_of(token)
    if organization_id is None:
        return _dead(request)
    with organization_context(organization_id):
        invitation = invitations.find(token)
        if invitation is None:
            return _dead(request)
        if request.user.is_authenticated:
            return _as_somebody(request, token, invitation)
        if home := required_by(invitation.email):  # no password is made where it would not be taken
            address = f"{reverse('sign-on')}?next={request.path}"
            return _page(request, invitation, login_url=address, sign_on=home.name)
        if User.objects.filter(email=invitation.email).exists():
            return _page(request, invitation, login_url=f"{reverse('account_login')}?next={request.path}")
        return _as_nobody(request, token, invitation)


def _as_somebody(request: Any, token: str, invitation: MemberInvitation) -> HttpResponse:
    mine = request.user.email == invitation.email
    if request.method == "POST" and mine:
        return _accept(request, token, request.user)
    return _page(request, invitation, mine=mine, status=409 if request.method == "POST" else 200)


def _as_nobody(request: Any, token: str, invitation: MemberInvitation) -> HttpResponse:
    form = NewUserForm(request.POST or None, email=invitation.email)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            user = User.objects.create_user(
                invitation.email, form.cleaned_data["password"], name=form.cleaned_data["name"]
            )
            answer = _accept(request, token, user)
        login(request, user)
        UserSession.objects.create_from_request(request)  # allauth lists it, having not seen it begin
        return answer
    return _page(request, invitation, form=form, status=422 if form.errors else 200)


def _accept(request: Any, token: str, user: User) -> HttpResponse:
    try:
        membership = invitations.accept(token=token, user=user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("home")
    messages.success(request, f"Welcome to {membership.organization.name}.")
    return redirect("settings", slug=membership.organization.slug)


def _page(request: Any, invitation: MemberInvitation, *, status: int = 200, **context: Any) -> HttpResponse:
    return render(request, "accounts/join/join.html", {"invitation": invitation, **context}, status=status)


def _dead(request: Any) -> HttpResponse:
    return render(request, "accounts/join/dead.html", status=404)
