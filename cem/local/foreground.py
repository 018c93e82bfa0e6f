"""`python -m cem.local exec`: a command with PostgreSQL and Redis around it."""

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress

from cem.local import addresses, discovery, leftovers, servers
from cem.local.child import tether
from cem.local.errors import RefusedError, Stopped
from cem.local.journal import Journal
from cem.local.layout import Layout, choose, prepare
from cem.local.lock import HeldError, exclusive, try_lock
from cem.local.postgres import FOR_TESTS
from cem.local.supervisor import Supervisor


def execute(command: Sequence[str], *, var: str | None, test: bool) -> int:
    """Run `command` with the three addresses in its environment; its exit code.

    Servers named by the environment are used as they are, those of a supervisor alive on the data folder are
    shared, and otherwise we start our own and stop them afterwards.
    """
    if addresses.separate(os.environ):
        return _become(command, {})
    layout = choose(var, os.environ, below="test" if test else "")
    prepare(layout)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        _share(layout, command)
        with suppress(HeldError), exclusive(layout.lock, f"exec, pid {os.getpid()}"):
            return _own(layout, command, test=test)
        time.sleep(0.1)
    raise RefusedError(
        f"another supervisor holds {layout.var} and offers no servers of its own (it uses separate ones, or "
        f"hangs while starting): set {', '.join(addresses.NAMES)}, or name another folder with --var"
    )


def _share(layout: Layout, command: Sequence[str]) -> None:
    """Become `command`, if somebody's servers are up. The inherited lock tells their owner to wait for us."""
    held = try_lock(layout.borrowers, fcntl.LOCK_SH)
    if held is None:
        return
    found = discovery.read(layout.run)
    if found:
        os.set_inheritable(held, True)
        _become(command, {**found, "CEM_VAR": str(layout.var)})
    os.close(held)


def _become(command: Sequence[str], more: dict[str, str]) -> int:
    try:
        os.execvpe(command[0], list(command), {**os.environ, **more})
    except OSError as error:
        return _not_runnable(command, error)


def _own(layout: Layout, command: Sequence[str], *, test: bool) -> int:
    servers.withdraw(layout)
    journal = Journal(layout.logs, quiet=True)
    leftovers.sweep(layout.record, journal.say)
    supervisor = Supervisor(layout.record, journal)
    with supervisor.running():
        try:
            found = servers.start(supervisor, layout, settings=FOR_TESTS if test else None)
            code = _run(supervisor, command, {**found.everything(), "CEM_VAR": str(layout.var)})
            _await_borrowers(supervisor, layout)
        except Stopped as stopped:
            code = 128 + signal.Signals[str(stopped)]
        finally:
            servers.withdraw(layout)
    servers.tidy(layout)
    return code


def _run(supervisor: Supervisor, command: Sequence[str], more: dict[str, str]) -> int:
    """In our own session and on our terminal, so that shells, pagers and debuggers work in it."""
    try:
        process = subprocess.Popen(
            command,
            env={**os.environ, **more},
            preexec_fn=tether(signal.SIGTERM),
        )
    except OSError as error:
        return _not_runnable(command, error)
    before, supervisor.on_signal = supervisor.on_signal, lambda number: _forward(process, number)
    try:
        while process.poll() is None:
            supervisor.pump(0.5)
            supervisor.tend()
    finally:
        supervisor.on_signal = before
    return process.returncode if process.returncode >= 0 else 128 - process.returncode


def _forward(process: "subprocess.Popen[bytes]", number: int) -> None:
    """Ctrl-C reaches the whole foreground group by itself; twice would mean "at once" to pytest."""
    if number == signal.SIGINT and _in_front():
        return
    process.send_signal(number)


def _in_front() -> bool:
    try:
        terminal = os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY)
    except OSError:
        return False
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:
        return False
    finally:
        os.close(terminal)


def _await_borrowers(supervisor: Supervisor, layout: Layout) -> None:
    """Others that share our servers finish first; a signal ends the waiting."""
    said = False
    while (held := try_lock(layout.borrowers, fcntl.LOCK_EX)) is None:
        if not said:
            supervisor.journal.say("waiting for another command that uses these servers")
            said = True
        supervisor.pump(0.3)
        supervisor.tend()
    servers.withdraw(layout)
    os.close(held)


def _not_runnable(command: Sequence[str], error: OSError) -> int:
    sys.stderr.write(f"cem: cannot run {command[0]}: {error.strerror}\n")
    return 127 if isinstance(error, FileNotFoundError) else 126
