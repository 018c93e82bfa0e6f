"""PostgreSQL refuses to run as root, so as root it runs as `nobody`."""

import os
import pwd
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from cem.local.errors import RefusedError


@dataclass(frozen=True)
class Account:
    uid: int
    gid: int
    name: str


def unprivileged() -> Account | None:
    """`nobody` for root, otherwise None: stay who we are. A uid without a passwd entry fails in initdb."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        raise RefusedError(
            "PostgreSQL does not run as root and there is no user `nobody`: start as an ordinary user"
        ) from None
    return Account(entry.pw_uid, entry.pw_gid, entry.pw_name)


def open_the_way(account: Account, folders: Iterable[Path], say: Callable[[str], None]) -> None:
    """Let `account` walk through to `folders` (not list or read what lies beside the way), and say so."""
    for folder in folders:
        for step in (folder, *folder.parents):
            mode = step.stat().st_mode
            if not mode & 0o001:
                say(f"chmod o+x {step} (PostgreSQL runs as `{account.name}` and must pass through)")
                step.chmod(mode & 0o7777 | 0o001)
