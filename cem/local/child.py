"""One supervised process: how it starts, and how it is asked to stop."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path
from signal import SIGKILL, SIGTERM, Signals

from cem.local.account import Account
from cem.local.processes import Process, look_up

LONGEST_PAUSE = 30.0
STEADY_AFTER = 60.0

_PR_SET_PDEATHSIG = 1
# Loaded before any fork: between fork and exec nothing may be imported or allocated at leisure.
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class Show(Enum):
    """What the terminal gets of a child's lines; the log file gets all of them."""

    PREFIXED = auto()
    PLAIN = auto()
    """Meant for the person in front."""
    NOTHING = auto()


@dataclass(frozen=True)
class Spec:
    """What to run. `stops` are the signals tried in turn, each with the seconds it is given."""

    name: str
    argv: Sequence[str | Path]
    env: Mapping[str, str]
    cwd: Path
    account: Account | None = None
    stops: tuple[tuple[Signals, float], ...] = ((SIGTERM, 10.0),)
    orphaned: Signals = SIGTERM
    """What the kernel sends when the supervisor dies without a word."""
    ready: Callable[[], bool] = lambda: True
    before: Callable[[], None] = lambda: None
    """Runs before each start, for clearing what a crash left."""
    show: Show = Show.PREFIXED
    leaves: int = 0
    """Children are stopped in the order of this number."""


@dataclass
class Child:
    spec: Spec
    process: "subprocess.Popen[bytes] | None" = None
    identity: Process | None = None
    failures: int = 0
    started: float = 0.0
    due: float = 0.0
    rest: bytearray = field(default_factory=bytearray)
    last: str = ""
    """The last line it printed: usually the reason when it ends."""

    def start(self, mark: Mapping[str, str]) -> None:
        self.spec.before()
        self.started = time.monotonic()
        self.rest.clear()
        self.process = spawn(
            self.spec, {**self.spec.env, **mark}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        self.identity = look_up(self.process.pid) or Process(self.process.pid, 0)

    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def send(self, number: int) -> None:
        if self.process:
            self.process.send_signal(number)

    def end_group(self) -> None:
        """Kill whatever the process left in its session; without this a killed web server's workers
        would keep the port.
        """
        if self.process:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, SIGKILL)

    def postpone(self) -> float:
        """Note a crash; returns the pause before the next start: 0.5, 1, 2 … 30 s.

        A child that stayed up for a minute begins anew.
        """
        now = time.monotonic()
        self.failures = 1 if now - self.started > STEADY_AFTER else self.failures + 1
        pause: float = min(0.5 * 2 ** (self.failures - 1), LONGEST_PAUSE)
        self.due = now + pause
        self.process = None
        return pause


def tether(number: int) -> Callable[[], None]:
    """For `preexec_fn`: have the kernel send `number` when we die. That runs after the user id has changed,
    which would clear the request, and a death before the request shows in the parent's pid.
    """
    mother = os.getpid()

    def tie() -> None:
        if _libc is not None:
            _libc.prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        if os.getppid() != mother:
            os._exit(1)

    return tie


def spawn(
    spec: Spec, env: Mapping[str, str], *, stdout: int | None = None, stderr: int | None = None
) -> "subprocess.Popen[bytes]":
    """Start it in a session of its own (Ctrl-C must reach us only) and tied to our life.

    Call from the main thread: the kernel's parent-death signal follows the thread that forked.
    """
    account = spec.account
    return subprocess.Popen(
        spec.argv,
        env=dict(env),
        cwd=spec.cwd,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=stderr,
        start_new_session=True,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        umask=0o077 if account else -1,
        preexec_fn=tether(spec.orphaned),  # safe: the supervisor has one thread
    )


def output(spec: Spec) -> tuple[int, str]:
    """Run a short program to its end; its exit code and what it printed."""
    process = spawn(spec, spec.env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    printed, _ = process.communicate()
    return process.returncode, printed.decode(errors="replace")


def describe(code: int) -> str:
    """An exit code in words."""
    if code < 0:
        return f"killed by {signal.Signals(-code).name}"
    return f"exit code {code}"
