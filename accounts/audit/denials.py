"""Refusals, which outlive the request that they undo."""

from typing import Any


def note_denial(request: Any, permission: str) -> None:
    """Queue an entry: the request's own transaction is about to be undone."""
    from .record import record  # the models, which import the roles that views are declared with

    request.afterwards.append(
        lambda: record(
            "access.denied",
            request=request,
            after={"permission": permission, "method": request.method, "path": _path(request.path)},
        )
    )


def _path(path: str) -> str:
    """Without a customer's own id at its end, which after an erasure would still name them."""
    before, by_id, _ = path.partition("/by-external-id/")
    return f"{before}{by_id}•••" if by_id else path[:300]
