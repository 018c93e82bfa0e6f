"""Refusals, which outlive the request that they undo."""

from typing import Any


def note_denial(request: Any, permission: str) -> None:
    """Queue an entry: the request's own transaction is about to be undone."""
    from .record import record  # the models, which import the roles that views are declared with

    request.afterwards.append(
        lambda: record(
            "access.denied",
            request=request,
            after={"permission": permission, "method": request.method, "path": request.path[:300]},
        )
    )
