"""Whether somebody has a second step, and leading them to set one up where their organization asks for it."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect

from accounts.models import Membership, Organization


def has_second_step(user: Any) -> bool:
    """Recovery codes alone are none: they only stand in for one."""
    return bool(_steps().filter(user_id=user.pk).exists())


def without_second_step(organization: Organization) -> QuerySet[Membership]:
    return Membership.objects.filter(organization=organization).exclude(
        user_id__in=_steps().values("user_id")
    )


def lead_there(request: Any, organization: Organization) -> HttpResponse:
    messages.warning(
        request,
        f"{organization.name} asks for a second step at log-in. Set one up here; then you can go on.",
    )
    return redirect("mfa_index")


def _steps() -> QuerySet[Any]:
    steps: QuerySet[Any] = Authenticator.objects.exclude(type=Authenticator.Type.RECOVERY_CODES)
    return steps
