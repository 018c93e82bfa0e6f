from typing import Any

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from .access import PUBLIC, SIGNED_IN, open_to
from .forms import LoginForm
from .middleware import LAST_ORGANIZATION
from .models import Membership

log_in = open_to(PUBLIC)(LoginView.as_view(authentication_form=LoginForm, redirect_authenticated_user=True))
log_out = open_to(PUBLIC)(LogoutView.as_view())


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
