"""What an organization leaves outside its tables: files, mails on disk, keys in Redis.

Every room keeps an organization's files in MEDIA_ROOT/<kind>/<organization>/, which is found by itself. What lies
elsewhere its room adds here in `AppConfig.ready`.
"""

import logging
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import redis
from django.conf import settings

from accounts.models import Organization

logger = logging.getLogger(__name__)

#: Name in the receipt → what removes it, inside the organization's context, and says how many there were. Called
#: while the rows are there still; called again it finds nothing.
_elsewhere: dict[str, Callable[[], int]] = {}


def register(name: str, remove: Callable[[], int]) -> None:
    """Raises ValueError when the name is taken by another."""
    if _elsewhere.setdefault(name, remove) is not remove:
        raise ValueError(f"There is already something called {name!r} to remove.")


def remove_leftovers(organization: Organization) -> dict[str, int]:
    """Name → how many. Inside the organization's context, before its rows go."""
    gone = {name: remove() for name, remove in _elsewhere.items()}
    return {
        **gone,
        "files": remove_files(organization),
        "mails": remove_mails(organization),
        "redis keys": remove_keys(organization),
    }


def remove_files(organization: Organization) -> int:
    gone = 0
    for folder in Path(settings.MEDIA_ROOT).glob(f"*/{organization.pk}"):
        gone += sum(path.is_file() for path in folder.rglob("*"))
        shutil.rmtree(folder)
    return gone


def remove_mails(organization: Organization) -> int:
    """Mails that were written to a folder instead of sent; each organization's in its own (cem/lib/mail.py)."""
    root: Any = getattr(settings, "EMAIL_FILE_PATH", None)
    folder = Path(root) / str(organization.pk) if root else None
    if folder is None or not folder.is_dir():
        return 0
    gone = sum(path.is_file() for path in folder.rglob("*"))
    shutil.rmtree(folder)
    return gone


def remove_keys(organization: Organization) -> int:
    """Whatever names the organization. Redis holds nothing that does not expire, so a failure here costs nothing
    but its wait."""
    try:
        server = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)
        names = list(server.scan_iter(match=f"*{organization.pk}*", count=1_000))
        return int(server.delete(*names)) if names else 0
    except redis.RedisError as error:
        logger.warning("Keys of a deleted organization stay in Redis until they expire: %s", error)
        return 0
