"""Changing one's address: asked for with the password, confirmed at the new address, told to the old one."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.core import ratelimit
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import PUBLIC, open_to
from accounts.audit.record import record
from accounts.models import Membership, User
from accounts.refusal import Refused
from accounts.sso.capture import may_go_round, refusal, required_by
from accounts.tenancy import organization_context

_SALT = "accounts.change-email"
#: How long the link of the mail works, in seconds.
LIVES = 86_400


class AddressForm(forms.Form):
    email = forms.EmailField(
        max_length=254,
        label="New address",
        help_text="A link is sent there; nothing changes before you open it.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].strip().lower()
        return email


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@reauthentication_required  # type: ignore[untyped-decorator]
def change(request: Any) -> HttpResponse:
    """The same answer whether or not the address has an account: the mail alone tells."""
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        if email == request.user.email:
            form.add_error("email", "This is your address already.")
        elif why := why_not(request.user, email):
            form.add_error("email", why)
        elif not ratelimit.consume(request, action="manage_email", user=request.user):
            form.add_error(None, "Too many changes were asked for. Wait a minute, then try again.")
        else:
            send_link(request.user, email)
            messages.success(request, f"Open the link in the mail to {email}; it works for a day.")
            return redirect("account_email")
    return render(request, "accounts/login/email.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@open_to(PUBLIC)
def confirm(request: Any, token: str) -> HttpResponse:
    """The link proves the mailbox; pressing the button changes the address, so that a scanner of mails does not."""
    try:
        asked = signing.loads(token, salt=_SALT, max_age=LIVES)
    except signing.BadSignature:
        asked = {}
    user = User.objects.filter(pk=asked.get("user"), email=asked.get("old"), is_active=True).first()
    if user is None:
        return render(request, "accounts/login/email_dead.html", status=404)
    wrong = ""
    if request.method == "POST":
        try:
            change_email(user=user, email=asked["new"])
        except Refused as refused:
            wrong = str(refused)
        else:
            messages.success(request, f"Your address is {asked['new']} now. Log in with it from now on.")
            return redirect("home")
    context = {"old": user.email, "new": asked["new"], "wrong": wrong}
    return render(request, "accounts/login/email_confirm.html", context, status=422 if wrong else 200)


def email_token(user: User, email: str) -> str:
    """Signed, not stored; dead as soon as the account has another address."""
    return signing.dumps({"user": str(user.pk), "old": user.email, "new": email}, salt=_SALT)


def send_link(user: User, email: str) -> None:
    """To an address that has an account goes a mail without a link: its owner should know, nobody else."""
    taken = User.objects.filter(email=email).exists()
    path = reverse("account-email-confirm", args=[email_token(user, email)])
    address = "" if taken else settings.BASE_URL + path
    get_adapter().send_mail("accounts/mail/change_email", email, {"address": address, "old": user.email})


def why_not(user: User, email: str) -> str:
    """Whoever has to come in through their organization could otherwise take their account out of its reach."""
    organization = required_by(email) or required_by(user.email)
    return "" if organization is None or may_go_round(user, organization) else refusal(organization)


def change_email(*, user: User, email: str) -> None:
    """Sessions stay: neither password nor second step changed. The old address is told, whoever did it.

    Raises Refused when the address is somebody's, or when the old or the new one belongs to an organization's own
    log-in.
    """
    if why := why_not(user, email):
        raise Refused(why)
    with transaction.atomic():
        row = User.objects.select_for_update().get(pk=user.pk)
        before, row.email = row.email, email
        try:
            with transaction.atomic():
                row.save(update_fields=["email"])
        except IntegrityError:
            raise Refused(f"{email} has an account of its own already. Log in with it instead.") from None
        for member in Membership.objects.filter(user=row).select_related("user"):
            with organization_context(member.organization_id):
                record(
                    "member.email_changed",
                    target=row,
                    actor=member,
                    before={"email": before},
                    after={"email": email},
                )
    get_adapter().send_mail("accounts/mail/email_changed", before, {"old": before, "new": email})
