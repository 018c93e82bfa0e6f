"""What happens when a provider's answer is here: somebody is let in, or told why not, or a test is over."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.audit.current import address_of
from accounts.audit.record import record
from accounts.login.network import network_of
from accounts.models import Membership, SignOnConnection
from accounts.refusal import Refused
from accounts.tenancy import organization_context

from .admission import acceptable_email, admit
from .claims import Claims
from .connections import note_test
from .memory import first_time
from .refusals import NotAdmitted, SignOnError
from .session import begin

#: Session key of what a test brought, for the page that it is shown on.
TESTED = "sign_on_tested"
QUIET_SECONDS = 10


def arrive(request: Any, connection: SignOnConnection, claims: Claims, kept: dict[str, Any]) -> HttpResponse:
    """Outside any organization."""
    if kept.get("purpose") == "test":
        return _tested(request, connection, claims, kept)
    try:
        with organization_context(connection.organization_id):
            if not connection.is_enabled:
                raise NotAdmitted("This connection is not in use. Log in as before, or ask an administrator.")
            admission = admit(connection=connection, claims=claims)
    except Refused as error:
        return refuse(request, connection, error, kept)
    begin(request, admission.membership, connection)
    with organization_context(connection.organization_id):
        record("sign_on.succeeded", actor=admission.membership, request=request, after=_how(connection))
    if admission.is_new:
        messages.success(request, f"Welcome to {connection.organization.name}.")
    return redirect(kept.get("next") or "home")


def refuse(request: Any, connection: SignOnConnection, error: Refused, kept: dict[str, Any]) -> HttpResponse:
    """Told to whoever stands there, and to the organization whose provider it was. Outside any organization."""
    if _worth_telling(request, connection, error):
        with organization_context(connection.organization_id):
            record(
                "sign_on.refused",
                target=connection,
                request=request,
                after={**_how(connection), "email": getattr(error, "email", ""), "why": str(error)[:300]},
            )
    if kept.get("purpose") == "test":
        request.session[TESTED] = {"connection": str(connection.pk), "error": str(error)}
        return redirect(kept["back"])
    context = {"name": connection.organization.name, "provider": connection.name, "why": str(error)}
    return render(request, "accounts/sso/refused.html", context, status=403)


def _worth_telling(request: Any, connection: SignOnConnection, error: Refused) -> bool:
    """Anybody can send an answer that is not genuine: of those, one in ten seconds from a network fills no trail."""
    if isinstance(error, NotAdmitted):
        return True
    try:
        return first_time(f"told:{connection.pk}:{network_of(address_of(request) or '::')}", QUIET_SECONDS)
    except SignOnError:
        return True


def _tested(request: Any, connection: SignOnConnection, claims: Claims, kept: dict[str, Any]) -> HttpResponse:
    """Nobody is logged in by a test; it shows what came, and what would follow from it."""
    tester = (
        Membership.objects.select_related("user")
        .filter(organization=connection.organization, user=request.user)
        .first()
        if request.user.is_authenticated
        else None
    )
    if tester is None or not tester.may("organization.manage"):
        return refuse(request, connection, Refused("Only an administrator can test a connection."), {})
    verdict = ""
    with organization_context(connection.organization_id):
        try:
            acceptable_email(claims)
        except NotAdmitted as error:
            verdict = str(error)
        request.membership = tester
        note_test(connection=connection)
    request.session[TESTED] = {
        "connection": str(connection.pk),
        "claims": claims.as_dict(),
        "verdict": verdict,
    }
    return redirect(kept.get("back") or reverse("home"))


def _how(connection: SignOnConnection) -> dict[str, str]:
    return {"connection": connection.name, "protocol": connection.get_protocol_display()}
