from typing import Any

from rest_framework.permissions import BasePermission

from accounts.models import ApiKey


class HasScope(BasePermission):
    """Each view declares `scopes`: method → scope. A method that is not listed is refused to every key."""

    message = "This API key lacks the scope for this request."

    def has_permission(self, request: Any, view: Any) -> bool:
        if not isinstance(request.auth, ApiKey):
            return False
        method = "GET" if request.method in ("HEAD", "OPTIONS") else request.method
        scope = view.scopes.get(method)
        if scope is None:
            return bool(view.scopes) and method not in view.allowed_methods
        self.message = f"This API key lacks the scope {scope!r}."
        return request.auth.may(scope)
