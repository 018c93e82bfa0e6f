from typing import Any

from rest_framework.permissions import BasePermission

from accounts.audit.denials import note_denial
from accounts.models import ApiKey, KeyKind
from cem.lib.rest.problems import Problem


class HasScope(BasePermission):
    """Each endpoint declares `scopes`: method → scope. A method that is not listed gets 405."""

    def has_permission(self, request: Any, view: Any) -> bool:
        if not isinstance(request.auth, ApiKey):
            return False
        scope = view.scopes.get("GET" if request.method == "HEAD" else request.method)
        if scope is None:
            return request.method not in view.allowed_methods
        methods = KeyKind(request.auth.kind).methods
        if methods is not None and request.method not in methods:
            raise Problem(
                403,
                f"This is a {request.auth.kind} key: it "
                + ("only sends new records in, by POST." if methods else "opens no API path.")
                + " Use an ordinary key.",
            )
        if not request.auth.may(scope):
            note_denial(request._request, scope)
            raise Problem(
                403,
                f"This API key lacks the scope {scope!r}. Ask an administrator for one that has it.",
                headers={
                    "WWW-Authenticate": f'Bearer realm="cem", error="insufficient_scope", scope="{scope}"'
                },
            )
        return True
