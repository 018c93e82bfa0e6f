"""`manage.py up`: servers, schema, then web, worker and beat, until a signal says stop."""

import errno
import http.client
import os
import socket
import sys
from collections.abc import Mapping
from signal import SIGKILL, SIGQUIT, SIGTERM

from cem.local import addresses, environment, leftovers, servers
from cem.local.addresses import Addresses
from cem.local.child import Show, Spec
from cem.local.errors import RefusedError, Stopped
from cem.local.journal import Journal
from cem.local.layout import REPO, Layout, choose, prepare
from cem.local.lock import HeldError, exclusive
from cem.local.supervisor import Supervisor

HOST = "127.0.0.1"


def up(*, var: str | None, port: int, seed: bool) -> int:
    """Serve until SIGINT, SIGTERM or SIGHUP. Returns the exit code."""
    separate = addresses.separate(os.environ)
    layout = choose(var, os.environ)
    prepare(layout)
    try:
        with exclusive(layout.lock, f"up on http://{HOST}:{port}/, pid {os.getpid()}"):
            _serve(layout, separate, port, seed=seed)
    except HeldError as held:
        raise RefusedError(
            f"already running in {layout.var} ({held.owner}): stop that one, or name another --var"
        ) from None
    return 0


def _serve(layout: Layout, separate: Addresses | None, port: int, *, seed: bool) -> None:
    servers.withdraw(layout)
    journal = Journal(layout.logs)
    leftovers.sweep(layout.record, journal.say)
    check_port(port)
    supervisor = Supervisor(layout.record, journal)
    with supervisor.running():
        try:
            found = separate or servers.start(supervisor, layout)
            _prepare_application(supervisor, layout, found, port, seed=seed)
            _start_application(supervisor, layout, found, port)
            while True:
                supervisor.pump(0.5)
                supervisor.tend()
        except Stopped as stopped:
            journal.say(f"stopping ({stopped})")
        finally:
            servers.withdraw(layout)
    servers.tidy(layout)


def check_port(port: int) -> None:
    """Say it before anything has been started."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            why = (
                "is in use by another program"
                if error.errno == errno.EADDRINUSE
                else f"cannot be used ({error})"
            )
            other = port + 1 if 1024 <= port < 65535 else 8000
            raise RefusedError(f"port {port} {why}: choose another, for example PORT={other}") from None


def _prepare_application(
    supervisor: Supervisor, layout: Layout, found: Addresses, port: int, *, seed: bool
) -> None:
    whole = _environment(layout, found.everything(), port)
    serving = _environment(layout, found.serving(), port)
    supervisor.journal.say("preparing the database")
    supervisor.jobs(
        [
            # Checks would load every address of the application; the tests have run them.
            _manage("migrate", whole, "--verbosity", "0", "--skip-checks"),
            _manage("collectstatic", serving, "--noinput", "--verbosity", "0"),
        ]
    )
    if seed and any(REPO.glob("*/management/commands/seed.py")):
        supervisor.jobs([_manage("seed", whole, show=Show.PLAIN)])


def _start_application(supervisor: Supervisor, layout: Layout, found: Addresses, port: int) -> None:
    env = _environment(layout, found.serving(), port)
    # Web first: on two cores the three would keep each other, and the person in front, waiting.
    supervisor.wait_ready([supervisor.start(web(env, port))])
    supervisor.journal.say(f"serving http://{HOST}:{port}/")
    supervisor.start(worker(env))
    supervisor.start(beat(env, layout))


def web(env: Mapping[str, str], port: int) -> Spec:
    """Sixteen requests at work, 128 accepted; granian's own default of threads would exhaust PostgreSQL's
    connections. It has no timeout for slow request bodies: production sits behind a buffering proxy.
    """
    options = (
        f"--interface wsgi --host {HOST} --port {port} --no-ws --log-level error "
        "--workers 2 --blocking-threads 8 --backpressure 64 --http1-header-read-timeout 10000 "
        "--respawn-failed-workers --respawn-interval 0.5 --workers-kill-timeout 5"
    )
    return Spec(
        name="web",
        argv=[sys.executable, "-m", "granian", *options.split(), "cem.wsgi:application"],
        env=env,
        cwd=REPO,
        stops=((SIGTERM, 10.0), (SIGKILL, 2.0)),
        leaves=1,
        ready=lambda: healthy(port),
    )


def worker(env: Mapping[str, str]) -> Spec:
    """SIGTERM lets running tasks end, SIGQUIT asks them to stop; leases bring back what was cut off."""
    options = "worker -c 2 --without-gossip --without-mingle -l WARNING"
    return Spec(
        name="worker",
        argv=[sys.executable, "-m", "celery", "-q", "-A", "cem", *options.split()],
        env={**env, **_as_root()},
        cwd=REPO,
        stops=((SIGTERM, 8.0), (SIGQUIT, 7.0), (SIGKILL, 2.0)),
        orphaned=SIGQUIT,
        leaves=3,
    )


def _as_root() -> dict[str, str]:
    """Root who starts the demo has chosen to; seven lines of warning at each start tell nobody anything."""
    return {"PYTHONWARNINGS": "ignore:You're running the worker with superuser"} if os.geteuid() == 0 else {}


def beat(env: Mapping[str, str], layout: Layout) -> Spec:
    options = ["beat", "-l", "WARNING", "-s", str(layout.beat / "schedule"), "--pidfile="]
    return Spec(
        name="beat",
        argv=[sys.executable, "-m", "celery", "-q", "-A", "cem", *options],
        env=env,
        cwd=REPO,
        leaves=2,
    )


def healthy(port: int) -> bool:
    """A real answer to a real request: an open port alone says little."""
    connection = http.client.HTTPConnection(HOST, port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _manage(command: str, env: Mapping[str, str], *options: str, show: Show = Show.PREFIXED) -> Spec:
    return Spec(command, [sys.executable, REPO / "manage.py", command, *options], env, REPO, show=show)


def _environment(layout: Layout, known: Mapping[str, str], port: int) -> dict[str, str]:
    return {
        **environment.minimal(os.environ),
        **known,
        "CEM_VAR": str(layout.var),
        "PORT": str(port),
        "PYTHONUNBUFFERED": "1",
    }
