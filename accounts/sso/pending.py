"""Log-ins that were sent to a provider and are not back yet: kept in the session that they began in."""

import time
from typing import Any

_KEY = "sign_on_pending"
LIVES = 900
MOST = 5


def remember(request: Any, state: str, **facts: Any) -> None:
    """The oldest is forgotten when there are too many."""
    rows = _alive(request)
    rows[state] = {**facts, "at": int(time.time())}
    request.session[_KEY] = dict(sorted(rows.items(), key=lambda one: one[1]["at"])[-MOST:])


def take(request: Any, state: str, connection_id: Any) -> dict[str, Any] | None:
    """What was remembered, once; None for what was not begun in this session, for this connection, just now."""
    rows = _alive(request)
    found = rows.get(state) if state else None
    if found is None or found["connection"] != str(connection_id):
        return None
    del rows[state]
    request.session[_KEY] = rows
    return dict(found)


def _alive(request: Any) -> dict[str, Any]:
    now = time.time()
    return {
        state: facts for state, facts in request.session.get(_KEY, {}).items() if facts["at"] > now - LIVES
    }
