"""Random passwords of the private servers, one 0600 file each; made once, kept with the data."""

import os
import secrets
from pathlib import Path


def password(folder: Path, name: str) -> str:
    """The password called `name`, made at first use. A crash half-way leaves none rather than half of one."""
    path = folder / name
    try:
        return path.read_text()
    except FileNotFoundError:
        write_private(path, secrets.token_urlsafe(24))
        return path.read_text()


def write_private(path: Path, text: str) -> None:
    """Replace `path` as a whole by a file only its owner reads."""
    beside = path.with_name(path.name + ".new")
    beside.unlink(missing_ok=True)
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    beside.replace(path)
