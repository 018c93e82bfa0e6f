"""Django's cache in Redis, of which nothing is the only copy: while Redis is away it remembers nothing."""

import logging
import time
from collections.abc import Callable
from typing import Any

import redis
from django.core.cache.backends.redis import RedisCache

logger = logging.getLogger(__name__)

#: After a failure Redis is left alone for so long, so an outage costs one time-out, not one a call.
PAUSE = 5.0


class QuietRedisCache(RedisCache):
    """Counters of failed log-ins live here; without Redis nobody is refused, and the log says so."""

    _away_until = 0.0

    def _try(self, work: Callable[[], Any], otherwise: Any) -> Any:
        cls = type(self)
        if time.monotonic() < cls._away_until:
            return otherwise
        try:
            return work()
        except redis.RedisError as error:
            cls._away_until = time.monotonic() + PAUSE
            logger.warning("The cache is left alone for %.0f s: %s", PAUSE, error)
            return otherwise

    def add(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._try(lambda: super(QuietRedisCache, self).add(*args, **kwargs), True))

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._try(lambda: super(QuietRedisCache, self).get(key, default, version), default)

    def set(self, *args: Any, **kwargs: Any) -> None:
        self._try(lambda: super(QuietRedisCache, self).set(*args, **kwargs), None)

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._try(lambda: super(QuietRedisCache, self).delete(*args, **kwargs), False))

    def clear(self) -> None:
        """Django's would flush the whole database, and with it the broker's queues."""
        raise NotImplementedError("Delete keys by name: this Redis holds the queues of Celery too.")
