"""Permissions are declared on views, so that one test can walk every address and ask."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from .audit.denials import note_denial
from .roles import PERMISSIONS

PUBLIC = "public"
SIGNED_IN = "signed in"


def requires(
    permission: str, *, while_suspended: bool = False
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Declare what a page below /o/<slug>/ needs. The slug is consumed: views read `request.membership`.

    Members without the permission get 403; everybody else got 404 in the middleware already.

    Args:
        while_suspended: owners may open it although the organization rests: to wake, export or delete it.
    """
    if permission not in PERMISSIONS:
        raise ValueError(f"Unknown permission {permission!r}; add it to accounts/roles.py.")

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def inner(request: Any, slug: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.membership is None or not request.membership.may(permission):
                note_denial(request, permission)
                raise PermissionDenied(f"Your role does not include: {PERMISSIONS[permission].lower()}.")
            return view(request, *args, **kwargs)

        inner.permission = permission  # type: ignore[attr-defined]
        inner.while_suspended = while_suspended  # type: ignore[attr-defined]
        return inner

    return decorate


def open_to(kind: str) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Declare a page outside any organization: PUBLIC or SIGNED_IN (which the view itself enforces)."""

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return view(request, *args, **kwargs)

        inner.permission = kind  # type: ignore[attr-defined]
        return inner

    return decorate
