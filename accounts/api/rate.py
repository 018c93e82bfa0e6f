"""How many requests a key may send a minute."""

import logging
import math
import time
from functools import lru_cache
from typing import Any

import redis
from django.conf import settings
from rest_framework.throttling import BaseThrottle

from accounts.models import ApiKey

logger = logging.getLogger(__name__)

WINDOW = 60
#: After a failure Redis is left alone for so long, so an outage costs one time-out, not one a request.
PAUSE = 5.0
_away_until = 0.0


@lru_cache(1)
def _redis(url: str) -> Any:
    return redis.Redis.from_url(url, socket_timeout=0.25, socket_connect_timeout=0.25)


def count(name: str, window: int) -> int | None:
    """This request's number in the window. None when Redis is away: then nobody is refused."""
    global _away_until
    if time.monotonic() < _away_until:
        return None
    try:
        with _redis(settings.REDIS_URL).pipeline(transaction=False) as pipe:
            pipe.incr(name)
            pipe.expire(name, 2 * window)
            return int(pipe.execute()[0])
    except redis.RedisError as error:
        _away_until = time.monotonic() + PAUSE
        logger.warning("API requests are not counted for %.0f s: %s", PAUSE, error)
        return None


class KeyRate(BaseThrottle):
    """A fixed window of a minute for each key. The headers follow draft-ietf-httpapi-ratelimit-headers."""

    def allow_request(self, request: Any, view: Any) -> bool:
        if not isinstance(request.auth, ApiKey):
            return True
        now = time.time()
        quota, minute = settings.API_RATE_PER_MINUTE, int(now // WINDOW)
        self.left = WINDOW - now % WINDOW
        key = request.auth
        used = count(f"cem:rate:{key.organization_id}:{key.pk}:{minute}", WINDOW)
        if used is None:
            return True
        view.rate_headers = {
            "RateLimit-Policy": f'"minute";q={quota};w={WINDOW}',
            "RateLimit": f'"minute";r={max(0, quota - used)};t={math.ceil(self.left)}',
        }
        return used <= quota

    def wait(self) -> float:
        return math.ceil(self.left)
