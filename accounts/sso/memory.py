"""What must be remembered for minutes: assertions that were used, answers on their way from one request to the next.

In Redis, and not through the quiet cache: while Redis is away a replay could not be told, so nobody is let in.
"""

import json
import secrets
from typing import Any, cast

import redis
from django.conf import settings

from .refusals import SignOnError

_PREFIX = "cem:sign-on"
PARKED_SECONDS = 60


def _server() -> Any:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)


def _ask(work: Any) -> Any:
    try:
        return work(_server())
    except redis.RedisError as error:
        raise SignOnError("Single sign-on is out of order for the moment. Try again in a minute.") from error


def first_time(name: str, seconds: int) -> bool:
    """Whether this is new; it is remembered for so long."""
    key = f"{_PREFIX}:used:{name}"
    return bool(_ask(lambda server: server.set(key, 1, nx=True, ex=max(seconds, 1))))


def park(value: dict[str, Any]) -> str:
    """Keep a value for a minute, for whoever has the name that is returned."""
    name = secrets.token_urlsafe(24)
    _ask(lambda server: server.set(f"{_PREFIX}:parked:{name}", json.dumps(value), ex=PARKED_SECONDS))
    return name


def take(name: str) -> dict[str, Any] | None:
    """Once."""
    found = _ask(lambda server: server.getdel(f"{_PREFIX}:parked:{name[:64]}"))
    return cast("dict[str, Any]", json.loads(found)) if found else None
