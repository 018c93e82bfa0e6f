"""The request that is being answered, so that services need not be handed it to say who asked."""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

_request: ContextVar[Any] = ContextVar("audit_request", default=None)


class CurrentRequest:
    """Middleware. Outside a request (a task, a command) nobody is known: the system acts."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = _request.set(request)
        try:
            return self.get_response(request)
        finally:
            _request.reset(token)


def current_request() -> Any:
    """The request, or None outside one."""
    return _request.get()


def address_of(request: Any) -> str | None:
    """Where the request came from. Behind a proxy, what the proxy says, which overwrites what a client sent."""
    meta = getattr(request, "META", {})
    found = str(meta.get("REMOTE_ADDR", ""))
    if settings.SECURE_PROXY_SSL_HEADER:
        found = str(meta.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip() or found
    return found if _is_address(found) else None


def _is_address(text: str) -> bool:
    from ipaddress import ip_address

    try:
        ip_address(text)
    except ValueError:
        return False
    return True
