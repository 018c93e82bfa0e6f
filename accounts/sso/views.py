"""The way to a provider and back."""

from typing import Any
from uuid import UUID

from allauth.core import ratelimit
from django import forms
from django.contrib import messages
from django.db import connection as database
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import PUBLIC, open_to
from accounts.models import SignOnConnection
from accounts.refusal import Refused
from accounts.tenancy import organization_context

from . import memory, oidc, pending, saml
from .arrival import arrive, refuse
from .capture import door_for
from .claims import Claims

_HINT = "sign_on_hint"
_TOO_MANY = "Too many log-ins from this network. Wait a minute, then try again."


class EmailForm(forms.Form):
    email = forms.EmailField(
        max_length=254,
        help_text="Its domain tells which organization’s log-in you are sent to.",
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )


@sensitive_post_parameters("password")  # the log-in page's form may be sent here whole
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@open_to(PUBLIC)
def start(request: Any) -> HttpResponse:
    """An address in, its organization's log-in out. The log-in page's own field may be sent here as it is."""
    after = safe_next(request, request.POST.get("next") or request.GET.get("next", ""))
    typed = request.POST.get("email") or request.POST.get("login") or ""
    form = EmailForm({"email": typed} if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        door = door_for(email)
        if not _within_limits(request):
            form.add_error(None, _TOO_MANY)
        elif door is None:
            form.add_error(
                "email",
                "No organization has set up single sign-on for this domain. Log in with your password.",
            )
        else:
            request.session[_HINT] = email
            return _leave(door.connection_id, after)
    status = 422 if form.errors else 200
    return render(request, "accounts/sso/start.html", {"form": form, "next": after}, status=status)


@require_safe
@never_cache
@open_to(PUBLIC)
def leave(request: Any, pk: UUID) -> HttpResponse:
    """A page in between that goes on by itself: the policy lets no form's answer lead to another host."""
    with organization_context(_organization_of(pk)):
        connection = _used(pk)
        context = {
            "name": connection.organization.name,
            "provider": connection.name,
            "onward": _onward("sign-on-go", pk, safe_next(request, request.GET.get("next", ""))),
        }
        return render(request, "accounts/sso/leave.html", context)


@require_safe
@never_cache
@open_to(PUBLIC)
def go(request: Any, pk: UUID) -> HttpResponse:
    """To the provider. What comes back is taken only in this browser, once, within a quarter of an hour."""
    after = safe_next(request, request.GET.get("next", ""))
    with organization_context(_organization_of(pk)):
        connection = _used(pk)
    return to_provider(request, connection, next=after, hint=request.session.pop(_HINT, ""))


def to_provider(request: Any, connection: SignOnConnection, *, hint: str = "", **facts: Any) -> HttpResponse:
    """Says on the log-in page what is wrong where it cannot be begun. Asks the provider: best in no transaction."""
    kept: dict[str, Any] = {}
    try:
        if connection.is_saml:
            address, state = saml.begin(connection)
        else:
            address, state, kept = oidc.begin(connection, hint)
    except Refused as error:
        messages.error(request, str(error))
        return redirect(facts.get("back") or "account_login")
    pending.remember(request, state, connection=str(connection.pk), **kept, **facts)
    return redirect(address)


@require_safe
@never_cache
@open_to(PUBLIC)
def callback(request: Any, pk: UUID) -> HttpResponse:
    """Where an OpenID Connect provider sends people back to."""
    organization_id = _organization_of(pk)
    kept = pending.take(request, request.GET.get("state", ""), pk)
    if kept is None or "nonce" not in kept:
        return _begin_again(request)
    with organization_context(organization_id):
        connection = _any(pk)
    try:  # in no transaction: the provider is asked, and may be slow
        claims = oidc.finish(connection, _code(request), kept)
    except Refused as error:
        return refuse(request, connection, error, kept)
    return arrive(request, connection, claims, kept)


@csrf_exempt  # the provider's page posts here; its signature is what is believed
@require_POST
@never_cache
@open_to(PUBLIC)
def acs(request: Any, pk: UUID) -> HttpResponse:
    """Where a SAML provider's page posts to. The browser sends no cookie with it, so only the answer is verified
    here; whose it is turns out at `finish`, which the browser is sent on to.
    """
    organization_id = _organization_of(pk)
    if not _within_limits(request):
        return HttpResponse(_TOO_MANY, status=429, content_type="text/plain")
    with organization_context(organization_id):
        connection = _any(pk)
    try:
        claims, asked = saml.finish(connection, request.POST.get("SAMLResponse", ""))
        parked = memory.park({"claims": claims.as_dict(), "asked": asked, "connection": str(pk)})
    except Refused as error:
        return refuse(request, connection, error, {})
    return HttpResponse(
        status=303,
        headers={"Location": reverse("sign-on-finish", args=[pk]) + "?" + urlencode({"answer": parked})},
    )


@require_safe
@never_cache
@open_to(PUBLIC)
def finish(request: Any, pk: UUID) -> HttpResponse:
    """The second half of SAML's way back, in the session that it began in."""
    organization_id = _organization_of(pk)
    try:
        parked = memory.take(request.GET.get("answer", ""))
    except Refused as error:
        messages.error(request, str(error))
        return redirect("account_login")
    if parked is None or parked["connection"] != str(pk):
        return _begin_again(request)
    kept = pending.take(request, parked["asked"], pk)
    if parked["asked"] and kept is None:
        return _begin_again(request)
    with organization_context(organization_id):
        connection = _any(pk)
    return arrive(request, connection, Claims.of(parked["claims"]), kept or {})


@require_safe
@never_cache
@open_to(PUBLIC)
def metadata(request: Any, pk: UUID) -> HttpResponse:
    """What a SAML provider is set up with."""
    with organization_context(_organization_of(pk)):
        connection = _any(pk)
        if not connection.is_saml or not saml.available():
            raise Http404
        return HttpResponse(saml.own_metadata(connection), content_type="application/samlmetadata+xml")


def safe_next(request: Any, address: str) -> str:
    """A path of our own, or nothing."""
    safe = url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()})
    return address if safe and address.startswith("/") else ""


def _within_limits(request: Any) -> bool:
    return bool(ratelimit.consume(request, action="sign_on"))


def _organization_of(pk: UUID) -> UUID:
    with database.cursor() as cursor:
        cursor.execute("SELECT accounts_resolve_sign_on(%s)", [pk])
        found: UUID | None = cursor.fetchone()[0]
    if found is None:
        raise Http404
    return found


def _any(pk: UUID) -> SignOnConnection:
    return SignOnConnection.objects.select_related("organization").get(pk=pk)


def _used(pk: UUID) -> SignOnConnection:
    connection = _any(pk)
    if not connection.is_enabled:
        raise Http404
    return connection


def _leave(pk: UUID, after: str) -> HttpResponse:
    return HttpResponse(status=303, headers={"Location": _onward("sign-on-leave", pk, after)})


def _onward(name: str, pk: UUID, after: str) -> str:
    return reverse(name, args=[pk]) + (f"?{urlencode({'next': after})}" if after else "")


def _code(request: Any) -> str:
    """Raises Refused with what the provider says went wrong."""
    if code := request.GET.get("code", ""):
        return str(code)
    why = request.GET.get("error_description") or request.GET.get("error") or "it sent no code"
    raise Refused(f"The provider let nobody in: {why[:200]}.")


def _begin_again(request: Any) -> HttpResponse:
    messages.error(
        request,
        "This log-in was not begun in this browser, or it took longer than a quarter of an hour. Begin again.",
    )
    return redirect("account_login")
