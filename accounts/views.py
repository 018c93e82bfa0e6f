from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from .access import SIGNED_IN, open_to
from .middleware import LAST_ORGANIZATION
from .models import Membership


@open_to(SIGNED_IN)
@login_required
def home(request: Any) -> HttpResponse:
    """To the organization worked in last; the session only remembers it, the address decides."""
    memberships = Membership.objects.filter(user=request.user, organization__is_active=True).select_related(
        "organization"
    )
    chosen = {membership.organization.slug: membership for membership in memberships}
    slug = request.session.get(LAST_ORGANIZATION)
    if slug not in chosen:
        slug = next(iter(sorted(chosen)), None)
    if slug is None:
        return no_organization(request)
    page = "overview" if chosen[slug].may("scores.view") and chosen[slug].role != "agent" else "customers"
    return redirect(page, slug=slug)


def no_organization(request: HttpRequest) -> HttpResponse:
    return render(request, "registration/no_organization.html")
