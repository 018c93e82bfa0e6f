"""Mails written to a folder instead of sent, for an installation without a mail server."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage
from django.utils import timezone

#: Which organization a mail is sent for. Mails of one lie in a folder of its own, so that they go when it goes.
ORGANIZATION = "X-CEM-Organization"


class FolderBackend(BaseEmailBackend):
    """Each mail a file of its own, whole or not there, readable by this user alone."""

    def __init__(self, *args: Any, file_path: str | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        root: Any = file_path or getattr(settings, "EMAIL_FILE_PATH", None)
        self.root = Path(root)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            folder = self.root / _folder(message.extra_headers.get(ORGANIZATION, ""))
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            path = folder / f"{timezone.now():%Y%m%d-%H%M%S}-{uuid4().hex[:8]}.eml"
            fresh = path.with_suffix(".part")
            fresh.touch(0o600)
            fresh.write_bytes(message.message().as_bytes())
            fresh.rename(path)
        return len(email_messages)


def _folder(organization: str) -> str:
    """Only an id names a folder, whatever stands in the header."""
    try:
        return str(UUID(organization))
    except ValueError:
        return ""
