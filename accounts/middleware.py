"""From an address to an organization.

Staff pages carry it in the path, `/o/<slug>/…`; the API finds it by the key; public pages by their own token
(in their view). Keys work on API paths only, where the session is ignored, and the other way round.
"""

import logging
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC
from typing import Any
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils import timezone

from .login.second_step import has_second_step, lead_there
from .models import Membership, Suspension
from .models.apikey import key_hash
from .roles import Role
from .sso.gate import came_by_own_provider, gate
from .tenancy import organization_context

logger = logging.getLogger(__name__)

_STAFF = re.compile(r"^/o/([-a-zA-Z0-9_]+)/")
_API = "/api/"
#: Session key of the organization worked in last: only for the way from "/", the address decides.
LAST_ORGANIZATION = "last_organization"


class _Undo(Exception):
    def __init__(self, response: HttpResponse) -> None:
        self.response = response


def open_while_suspended(request: HttpRequest, membership: Membership) -> bool:
    """Owners of a suspended organization reach the pages that wake, export or delete it. Of one that is being set
    up or erased nobody sees anything."""
    if membership.role != Role.OWNER or membership.organization.suspended_by not in (
        Suspension.OWNER,
        Suspension.OPERATOR,
    ):
        return False
    try:
        view = resolve(request.path_info).func
    except Resolver404:
        return False
    return bool(getattr(view, "while_suspended", False))


def resting(membership: Membership) -> dict[str, Any]:
    """What the quiet page says, and to an owner what they can do."""
    organization = membership.organization
    owner = membership.role == Role.OWNER
    return {
        "name": organization.name,
        "slug": organization.slug,
        "paused": organization.suspended_by == Suspension.OWNER,
        "suspended": organization.suspended_by == Suspension.OPERATOR,
        "reason": organization.suspension_reason,
        "may_resume": owner and organization.suspended_by == Suspension.OWNER,
        "may_leave": owner and organization.suspended_by in (Suspension.OWNER, Suspension.OPERATOR),
    }


class OrganizationMiddleware:
    """Runs the view, and the rendering of what it returned, inside its organization's transaction.

    A view's exception arrives here as a response, so it is noted in `process_exception` (and by the API's
    exception handler) as `request.undo`, and the transaction is rolled back whatever page answers. What must
    be kept all the same is appended to `request.afterwards` as a callable.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.membership = None  # type: ignore[attr-defined]
        request.undo = False  # type: ignore[attr-defined]
        request.afterwards = []  # type: ignore[attr-defined]
        if request.path.startswith(_API):
            self.forget_browser(request)
            organization_id = self.by_key(request)
        elif match := _STAFF.match(request.path):
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            membership = self.membership_of(request, match[1])
            if membership is None:
                return self.not_found(request)
            if closed := self.closed(request, membership):
                return closed
            organization_id = self.enter(request, membership)
        else:
            organization_id = None
        if organization_id is None:
            return self.get_response(request)
        # Times are shown in the organization's zone; the API speaks UTC.
        zone = request.membership.organization.tz if request.membership else UTC  # type: ignore[attr-defined]
        with timezone.override(zone):
            response = self.inside(organization_context(organization_id), request)
        if request.afterwards:  # type: ignore[attr-defined]
            self.after(organization_id, request)
        return response

    def forget_browser(self, request: Any) -> None:
        """No session and no cookie counts on an API path, and none is set: not even to mend a broken one."""
        request.COOKIES = {}
        request.META.pop("CSRF_COOKIE_NEEDS_UPDATE", None)

    def after(self, organization_id: UUID, request: Any) -> None:
        """What outlives a request that was undone, in a short transaction of its own.

        The answer stands already, so a failure here is logged and changes nothing.
        """
        try:
            with organization_context(organization_id):
                for work in request.afterwards:
                    work()
        except Exception:
            logger.exception("After %s %s", request.method, request.path)

    def inside(self, context: AbstractContextManager[None], request: HttpRequest) -> HttpResponse:
        try:
            with context:
                response = self.get_response(request)
                if request.undo or response.status_code >= 500:  # type: ignore[attr-defined]
                    raise _Undo(response)
                return response
        except _Undo as undo:
            return undo.response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        request.undo = True  # type: ignore[attr-defined]

    def not_found(self, request: HttpRequest) -> HttpResponse:
        """The same page as for an address that does not exist: membership is nobody else's business."""
        from django.views.defaults import page_not_found

        return page_not_found(request, Http404())

    def membership_of(self, request: Any, slug: str) -> Membership | None:
        found = Membership.objects.select_related("organization").filter(
            user_id=request.user.pk, organization__slug=slug
        )
        return found.first()

    def closed(self, request: HttpRequest, membership: Membership) -> HttpResponse | None:
        """What stands between a member and their organization: its suspension, or a missing second step."""
        if not (membership.organization.is_active or open_while_suspended(request, membership)):
            return render(request, "accounts/suspended.html", resting(membership), status=403)
        if closed := gate(request, membership):
            return closed
        if (
            membership.organization.second_step_required
            and not came_by_own_provider(request, membership)
            and not has_second_step(request.user)
        ):
            return lead_there(request, membership.organization)
        return None

    def enter(self, request: Any, membership: Membership) -> UUID:
        slug = membership.organization.slug
        membership.user = request.user
        request.membership = membership
        if request.session.get(LAST_ORGANIZATION) != slug:
            request.session[LAST_ORGANIZATION] = slug
        return membership.organization_id

    def by_key(self, request: Any) -> UUID | None:
        """The key's organization, through the definer function: hash in, organization id out."""
        scheme, _, plain = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not plain:
            return None
        with connection.cursor() as cursor:
            cursor.execute("SELECT accounts_resolve_api_key(%s)", [key_hash(plain.strip())])
            organization_id: UUID | None = cursor.fetchone()[0]
        request.api_key_hash = key_hash(plain.strip())
        return organization_id
