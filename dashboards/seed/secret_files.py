"""Secrets of the demo, made once an installation and kept in var/, readable by this user alone."""

import os
import secrets
from pathlib import Path

from django.conf import settings
from django.utils.crypto import salted_hmac

from accounts.models import ApiKey
from accounts.models.apikey import key_hash
from accounts.roles import SCOPES
from feedback.links import PERSONAL


def password() -> str:
    """DEMO_PASSWORD, else the one kept in var/demo_password."""
    if given := os.environ.get("DEMO_PASSWORD"):
        return given
    path = Path(settings.VAR_DIR) / "demo_password"
    if not path.exists():
        keep(path, secrets.token_urlsafe(12))
    return path.read_text().strip()


def api_key(slug: str) -> str:
    """A key with every scope for the organization of this context; made anew when the kept one is not its."""
    path = Path(settings.VAR_DIR) / ("demo_api_key" if slug == "halden" else f"demo_api_key_{slug}")
    if path.exists():
        plain = path.read_text().strip()
        if ApiKey.objects.filter(hash=key_hash(plain), revoked_at=None).exists():
            return plain
    _, plain = ApiKey.issue(name="Demo", scopes=list(SCOPES))
    keep(path, plain)
    return plain


def personal_token(organization_id: object) -> str:
    """The token of the one invitation that the demo can open: nobody stores tokens, so it is made again."""
    return (
        PERSONAL
        + salted_hmac("dashboards.seed.personal", str(organization_id), algorithm="sha256").hexdigest()[:32]
    )


def keep(path: Path, text: str) -> None:
    """Written whole or not at all, and never readable by others."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text + "\n")
    fresh.replace(path)
