"""Settings come from the environment, typed, and a wrong value stops the start with one clear line."""

import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


class ImproperEnvironment(SystemExit):
    """Raised at start-up; the message names the variable and what it should look like."""


class Env:
    """Typed reads of environment variables."""

    def __init__(self, source: Mapping[str, str] | None = None) -> None:
        self.source = os.environ if source is None else source

    def text(self, name: str, default: str | None = None) -> str:
        value = self.source.get(name, "")
        if value:
            return value
        if default is None:
            raise ImproperEnvironment(f"{name} is not set. Set it in the environment; see docs/settings.md.")
        return default

    def flag(self, name: str, default: bool) -> bool:
        value = self.source.get(name, "").strip().lower()
        if not value:
            return default
        if value in ("1", "true", "yes", "on"):
            return True
        if value in ("0", "false", "no", "off"):
            return False
        raise ImproperEnvironment(f"{name}={value!r} is neither true nor false. Use 1 or 0.")

    def whole(self, name: str, default: int, *, low: int = 0) -> int:
        value = self.source.get(name, "").strip()
        if not value:
            return default
        try:
            number = int(value)
        except ValueError:
            raise ImproperEnvironment(f"{name}={value!r} is not a whole number.") from None
        if number < low:
            raise ImproperEnvironment(f"{name}={number} is below {low}.")
        return number

    def words(self, name: str, default: str = "") -> list[str]:
        """A comma-separated list."""
        return [word.strip() for word in self.source.get(name, default).split(",") if word.strip()]


def database_from_url(url: str, variable: str) -> dict[str, Any]:
    """Django's connection settings from `postgresql://user:password@host:port/name?host=/socket/folder`.

    A socket folder goes into the query (`?host=`), as libpq writes it, since a path does not fit a host part.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/"):
        raise ImproperEnvironment(
            f"{variable} must look like postgresql://user:password@host:5432/name (PostgreSQL only)."
        )
    query = dict(parse_qsl(parts.query))
    host = query.pop("host", None) or unquote(parts.hostname or "")
    port = query.pop("port", None) or (str(parts.port) if parts.port else "")
    return {
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": port,
        "OPTIONS": query,
    }


def mail_from_url(url: str, folder: str) -> dict[str, Any]:
    """Django's mail settings from `smtp://user:password@host:587?tls=1`, `console:` or, empty, files in `folder`."""
    parts = urlsplit(url)
    if not url:
        return {
            "EMAIL_BACKEND": "cem.lib.mail.FolderBackend",
            "EMAIL_FILE_PATH": folder,
        }
    if parts.scheme == "console":
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ImproperEnvironment(
            "EMAIL_URL must look like smtp://user:password@host:587?tls=1 (or console:)."
        )
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp" and dict(parse_qsl(parts.query)).get("tls", "1") == "1",
        "EMAIL_TIMEOUT": 10,
    }
