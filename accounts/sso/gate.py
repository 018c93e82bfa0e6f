"""What stands between a member who is logged in and an organization: how they logged in."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from accounts.models import Membership

from .capture import door_for, home_of, may_go_round
from .session import bond_of


def gate(request: Any, membership: Membership) -> HttpResponse | None:
    """None where the way is free, else the page that leads to the right log-in.

    A provider speaks for its own organization, so what it opened opens no other one. An organization that requires
    its provider lets people of its domains in through nothing else.
    """
    organization = membership.organization
    bond = bond_of(request)
    if bond is not None:
        if bond.organization_id == organization.pk:
            return None
        return _lead(request, membership, came_by=bond.organization_name)
    if not organization.sign_on_required or home_of(request.user.email) != organization.pk:
        return None
    if may_go_round(request.user, organization):
        return None
    return _lead(request, membership)


def came_by_own_provider(request: Any, membership: Membership) -> bool:
    """The provider asks for whatever second step its organization wants; we ask for none besides."""
    bond = bond_of(request)
    return bond is not None and bond.organization_id == membership.organization_id


def kept_elsewhere(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For pages that change how somebody logs in: closed to a session that a provider opened.

    Otherwise whoever controls one organization's provider could set a password there and walk into the others.
    """

    @wraps(view)
    @login_required
    def inner(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        bond = bond_of(request)
        if bond is not None:
            return render(request, "accounts/sso/kept_elsewhere.html", {"bond": bond}, status=403)
        return view(request, *args, **kwargs)

    inner.permission = view.permission  # type: ignore[attr-defined]
    return inner


def _lead(request: Any, membership: Membership, came_by: str = "") -> HttpResponse:
    door = door_for(request.user.email)
    own = door if door is not None and door.organization.pk == membership.organization_id else None
    context = {
        "name": membership.organization.name,
        "came_by": came_by,
        "door": own,
        "next": request.get_full_path() if request.method == "GET" else f"/o/{membership.organization.slug}/",
    }
    return render(request, "accounts/sso/elsewhere.html", context, status=403)
