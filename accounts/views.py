from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from .access import SIGNED_IN, open_to
from .middleware import LAST_ORGANIZATION
from .models import Membership
from .sso.session import bond_of


@open_to(SIGNED_IN)
@login_required
def home(request: Any) -> HttpResponse:
    """To the organization worked in last; the session only remembers it, the address decides."""
    memberships = list(Membership.objects.filter(user=request.user).select_related("organization"))
    if bond := bond_of(request):
        memberships = [one for one in memberships if one.organization_id == bond.organization_id]
    awake = [one for one in memberships if one.organization.is_active]
    # Who belongs to resting ones alone sees the quiet page of one, which says what is the matter.
    chosen = {membership.organization.slug: membership for membership in awake or memberships}
    slug = request.session.get(LAST_ORGANIZATION)
    if slug not in chosen:
        slug = next(iter(sorted(chosen)), None)
    if slug is None:
        return no_organization(request)
    page = "overview" if chosen[slug].may("scores.view") and chosen[slug].role != "agent" else "customers"
    return redirect(page, slug=slug)


def no_organization(request: HttpRequest) -> HttpResponse:
    return render(request, "registration/no_organization.html")
