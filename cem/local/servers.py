"""PostgreSQL, Redis and the roles: what `up` and `exec` both begin with."""

import json
from contextlib import suppress

from cem.local import addresses, postgres, redis, roles
from cem.local.account import unprivileged
from cem.local.addresses import Addresses
from cem.local.errors import RefusedError
from cem.local.layout import Layout
from cem.local.passwords import password, write_private
from cem.local.supervisor import Supervisor


def start(supervisor: Supervisor, layout: Layout, *, settings: dict[str, str] | None = None) -> Addresses:
    """Start both servers, wait until they answer, make the roles, and publish the addresses to `discover`."""
    account = unprivileged()
    secret = {
        name: password(layout.passwords, name) for name in (postgres.SUPERUSER, roles.OWNER, roles.RUNTIME)
    }
    database = postgres.service(
        layout, secret[postgres.SUPERUSER], account, supervisor.journal.say, settings=settings
    )
    started = supervisor.start(database)
    port = _start_redis(supervisor, layout)
    supervisor.wait_ready([started], within=300)  # it may have a crash to recover from
    roles.ensure(layout.sockets, secret[postgres.SUPERUSER], secret)
    found = Addresses(
        database=addresses.database(roles.RUNTIME, secret[roles.RUNTIME], roles.DATABASE, layout.sockets),
        owner=addresses.database(roles.OWNER, secret[roles.OWNER], roles.DATABASE, layout.sockets),
        redis=addresses.redis(password(layout.passwords, "redis"), port),
    )
    publish(layout, found)
    return found


def publish(layout: Layout, found: Addresses) -> None:
    write_private(layout.services, json.dumps(found.everything()))


def withdraw(layout: Layout) -> None:
    """Before the servers stop: nobody shall be sent to them any more."""
    layout.services.unlink(missing_ok=True)


def tidy(layout: Layout) -> None:
    """After PostgreSQL has stopped: a socket folder under the temp folder goes too."""
    if layout.sockets.parent != layout.var:
        with suppress(OSError):
            layout.sockets.rmdir()


def _start_redis(supervisor: Supervisor, layout: Layout, *, attempts: int = 3) -> int:
    """On a free port. Between looking and binding another program may take it: then look again."""
    secret = password(layout.passwords, "redis")
    while True:
        attempts -= 1
        port = redis.free_port()
        child = supervisor.start(redis.service(layout, secret, port))
        try:
            supervisor.wait_ready([child])
            return port
        except RefusedError:
            if child.running() or not attempts:
                raise
            supervisor.dismiss(child)
