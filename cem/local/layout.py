"""Where everything lives under the data folder (`CEM_VAR`, by default `var/` beside `manage.py`)."""

import hashlib
import os
import stat
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cem.local.account import Account
from cem.local.errors import RefusedError

REPO = Path(__file__).resolve().parents[2]

# A Unix socket's address holds 107 bytes. PostgreSQL adds its own file name; stay clear of the edge.
LONGEST_SOCKET = 100


@dataclass(frozen=True)
class Layout:
    """Names only; `prepare` makes the folders."""

    var: Path

    @property
    def run(self) -> Path:
        return self.var / "run"

    @property
    def lock(self) -> Path:
        return self.run / "lock"

    @property
    def borrowers(self) -> Path:
        return self.run / "borrowers"

    @property
    def services(self) -> Path:
        return self.run / "services.json"

    @property
    def record(self) -> Path:
        return self.run / "record.json"

    @property
    def passwords(self) -> Path:
        return self.var / "passwords"

    @property
    def postgres(self) -> Path:
        return self.var / "postgres"

    @property
    def redis(self) -> Path:
        return self.var / "redis"

    @property
    def beat(self) -> Path:
        return self.var / "beat"

    @property
    def logs(self) -> Path:
        return self.var / "log"

    @property
    def sockets(self) -> Path:
        """PostgreSQL's socket folder: beside the data, or a short one where that path would be too long."""
        beside = self.var / "socket"
        if len(os.fsencode(beside / ".s.PGSQL.5432")) <= LONGEST_SOCKET:
            return beside
        name = hashlib.sha256(os.fsencode(self.var)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"cem-{os.geteuid()}-{name}"


def choose(var: str | None, environ: Mapping[str, str], *, below: str = "") -> Layout:
    """The data folder named on the command line, else by `CEM_VAR`, else `var/`; `below` is a part of it."""
    if var:
        return Layout(Path(var).resolve())
    return Layout((Path(environ.get("CEM_VAR") or REPO / "var") / below).resolve())


def prepare(layout: Layout) -> None:
    """Make the folders. Everything but the way through is closed to other users."""
    try:
        layout.var.mkdir(parents=True, exist_ok=True, mode=0o711)
        for folder in (layout.run, layout.passwords, layout.redis, layout.beat, layout.logs):
            folder.mkdir(exist_ok=True, mode=0o700)
    except OSError as error:
        raise RefusedError(
            f"cannot write to {layout.var} ({error.strerror}): name another with --var or CEM_VAR"
        ) from error
    if layout.run.stat().st_uid != os.geteuid():
        raise RefusedError(
            f"{layout.run} belongs to another user: start as that user, or name another folder with --var"
        )


def private_folder(path: Path, account: Account | None) -> Path:
    """A folder only `account` (or we) can enter. One that is already there must be ours, and no link:
    under the temp folder anybody could have made it first.
    """
    ours = {os.geteuid()} | ({account.uid} if account else set())
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        found = path.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in ours:
            raise RefusedError(
                f"{path} belongs to someone else: remove it, or name another folder with --var"
            ) from None
    path.chmod(0o700)
    if account:
        os.chown(path, account.uid, account.gid)
    return path
