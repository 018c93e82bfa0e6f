"""Single sign-on of an organization: connections, domains, whether it is required, who came in by it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import requires
from accounts.models import SignOnConnection, SignOnDomain, SignOnIdentity
from accounts.refusal import Refused
from accounts.sso import addresses, connections, domains, requirement, saml, saml_metadata
from accounts.sso.arrival import TESTED
from accounts.sso.refusals import SignOnError
from accounts.sso.views import to_provider

from .sign_on_forms import AddForm, DomainForm, form_for


@require_safe
@requires("organization.manage")
def overview(request: Any) -> HttpResponse:
    return _overview(request)


def _overview(request: Any, status: int = 200, **forms: Any) -> HttpResponse:
    organization = request.membership.organization
    known = list(SignOnConnection.objects.all())
    context = {
        "add_form": AddForm(auto_id="add_%s"),
        "domain_form": DomainForm(auto_id="domain_%s"),
        **forms,
        "connections": known,
        "used": next((one for one in known if one.is_enabled), None),
        "domains": SignOnDomain.objects.all(),
        "outside": requirement.outside_members(organization) if organization.sign_on_required else [],
        "people": SignOnIdentity.objects.select_related("membership__user", "connection").order_by(
            "-last_at"
        )[:200],
        "may_enable": request.membership.may("sign_on.enable"),
        "saml_available": saml.available(),
    }
    return render(request, "accounts/settings/sign_on/overview.html", context, status=status)


@require_POST
@requires("organization.manage")
def add(request: Any) -> HttpResponse:
    form = AddForm(request.POST, auto_id="add_%s")
    if form.is_valid():
        try:
            made = connections.add(**form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect(
                "settings-sign-on-connection", slug=request.membership.organization.slug, pk=made.pk
            )
    return _overview(request, 422, add_form=form)


@require_http_methods(["GET", "POST"])
@requires("organization.manage")
def connection(request: Any, pk: UUID) -> HttpResponse:
    row = get_object_or_404(SignOnConnection, pk=pk)
    kind = form_for(row)
    form = kind(request.POST, connection=row) if request.method == "POST" else kind(connection=row)
    if request.method == "POST" and form.is_valid():
        try:
            row = connections.change(connection=row, **form.fields_to_set)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request,
                "The connection is saved." + ("" if row.is_tested else " Test it before it is put in use."),
            )
            return redirect("settings-sign-on-connection", slug=request.membership.organization.slug, pk=pk)
    outcome = request.session.get(TESTED)
    if outcome and outcome["connection"] == str(pk):
        del request.session[TESTED]
    else:
        outcome = None
    context = {
        "form": form,
        "connection": row,
        "ready": bool(row.idp_url if row.is_saml else row.issuer),
        "tested": outcome,
        "callback_url": addresses.callback_url(row),
        "acs_url": addresses.acs_url(row),
        "metadata_url": addresses.metadata_url(row),
        "certificates": saml_metadata.certificates(row.idp_certificates),
        "may_enable": request.membership.may("sign_on.enable"),
    }
    response = render(
        request, "accounts/settings/sign_on/connection.html", context, status=422 if form.errors else 200
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@require_safe
@requires("organization.manage")
def test(request: Any, pk: UUID) -> HttpResponse:
    """A link, not a form: the policy lets no form's answer lead to another host. It changes nothing by itself."""
    row = get_object_or_404(SignOnConnection, pk=pk)
    back = reverse(
        "settings-sign-on-connection", kwargs={"slug": request.membership.organization.slug, "pk": pk}
    )
    return to_provider(request, row, purpose="test", back=back)


@require_POST
@requires("sign_on.enable")
def use(request: Any, pk: UUID) -> HttpResponse:
    row = get_object_or_404(SignOnConnection, pk=pk)
    return _do(request, lambda: connections.enable(connection=row), f"{row.name} is in use.")


@require_POST
@requires("sign_on.enable")
def rest(request: Any, pk: UUID) -> HttpResponse:
    row = get_object_or_404(SignOnConnection, pk=pk)
    return _do(request, lambda: connections.disable(connection=row), f"{row.name} is out of use.")


@require_POST
@requires("organization.manage")
def remove(request: Any, pk: UUID) -> HttpResponse:
    row = get_object_or_404(SignOnConnection, pk=pk)
    return _do(request, lambda: connections.remove(connection=row), f"{row.name} is removed.")


@require_POST
@requires("organization.manage")
def claim_domain(request: Any) -> HttpResponse:
    form = DomainForm(request.POST, auto_id="domain_%s")
    if form.is_valid():
        try:
            row = domains.claim(name=form.cleaned_data["domain"])
        except Refused as refused:
            form.add_error("domain", str(refused))
        else:
            messages.success(request, f"{row.name} is noted. Set its TXT record, then check it.")
            return redirect("settings-sign-on", slug=request.membership.organization.slug)
    return _overview(request, 422, domain_form=form)


@require_POST
@requires("organization.manage")
def check_domain(request: Any, pk: UUID) -> HttpResponse:
    row = get_object_or_404(SignOnDomain, pk=pk)

    def work() -> None:
        if not domains.check(domain=row):
            raise SignOnError(
                f"There is no TXT record at {row.record_name} with this value. A new record can take an hour to be "
                "seen; check again then."
            )

    return _do(request, work, f"The record of {row.name} is there: the domain is proven.")


@require_POST
@requires("organization.manage")
def release_domain(request: Any, pk: UUID) -> HttpResponse:
    row = get_object_or_404(SignOnDomain, pk=pk)
    return _do(request, lambda: domains.release(domain=row), f"{row.name} is released.")


@require_POST
@requires("sign_on.enable")
def require(request: Any) -> HttpResponse:
    wanted = request.POST.get("required") == "1"
    by = request.membership
    return _do(
        request,
        lambda: requirement.set_required(organization=by.organization, required=wanted, by=by),
        "People of the proven domains come in through single sign-on from now on."
        if wanted
        else "Single sign-on is each person's own choice.",
    )


@require_POST
@requires("organization.manage")
def forget(request: Any, pk: UUID) -> HttpResponse:
    row = get_object_or_404(SignOnIdentity.objects.select_related("membership__user"), pk=pk)
    return _do(
        request, lambda: connections.forget(identity=row), f"Who {row.membership.user} is there is forgotten."
    )


def _do(request: Any, work: Callable[[], None], done: str) -> HttpResponse:
    try:
        work()
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
    return redirect("settings-sign-on", slug=request.membership.organization.slug)
