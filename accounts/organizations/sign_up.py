"""Sign-up: an address, a mail, then the organization with its owner."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import PUBLIC, open_to
from accounts.models import Organization, User
from accounts.sso.capture import refusal, required_by

from .forms import FoundForm, FoundWithUserForm, SignUpForm
from .founding import email_of, found, sign_up_token


def is_open() -> bool:
    return bool(settings.SIGN_UP == "open")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@open_to(PUBLIC)
def sign_up(request: Any) -> HttpResponse:
    """The same answer whether or not the address has an account: the mail alone tells."""
    if not is_open():
        return render(request, "accounts/sign_up/closed.html")
    form = SignUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        home = required_by(form.cleaned_data["email"])
        if not ratelimit.consume(request, action="signup"):
            form.add_error(None, "Too many sign-ups from this network. Wait a minute, then try again.")
        elif home is not None:
            form.add_error("email", refusal(home))
        else:
            send_link(form.cleaned_data["email"])
            return render(request, "accounts/sign_up/sent.html", {"email": form.cleaned_data["email"]})
    return render(request, "accounts/sign_up/start.html", {"form": form}, status=422 if form.errors else 200)


def send_link(email: str) -> None:
    address = settings.BASE_URL + reverse("sign-up-finish", args=[sign_up_token(email)])
    get_adapter().send_mail("accounts/mail/sign_up", email, {"address": address})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@open_to(PUBLIC)
def finish(request: Any, token: str) -> HttpResponse:
    """An account that exists logs in first: the token proves the mailbox, not the person's password."""
    email = email_of(token)
    if email is None or not is_open():
        return render(request, "accounts/sign_up/dead.html", status=404)
    if request.user.is_authenticated:
        if request.user.email != email:
            return render(request, "accounts/sign_up/other.html", {"email": email}, status=409)
        return _found(request, FoundForm(request.POST or None), email, request.user)
    if required_by(email) is not None:
        return redirect(f"{reverse('sign-on')}?next={request.path}")
    if User.objects.filter(email=email).exists():
        return redirect(f"{reverse('account_login')}?next={request.path}")
    return _found(request, FoundWithUserForm(request.POST or None, email=email), email, None)


def _found(request: Any, form: FoundForm, email: str, user: User | None) -> HttpResponse:
    if request.method != "POST" or not form.is_valid():
        status = 422 if form.errors else 200
        return render(request, "accounts/sign_up/finish.html", {"form": form, "email": email}, status=status)
    data = form.cleaned_data
    with transaction.atomic():
        owner = user or User.objects.create_user(email, data["password"], name=data["name"])
        organization = found(
            owner=owner, name=data["organization"], time_zone=data["time_zone"], currency=data["currency"]
        )
    if user is None:
        login(request, owner)
        UserSession.objects.create_from_request(request)
    return _welcome(request, organization)


def _welcome(request: Any, organization: Organization) -> HttpResponse:
    messages.success(request, f"{organization.name} is founded. Invite the people you work with.")
    return redirect("settings-people", slug=organization.slug)
