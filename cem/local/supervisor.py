"""Starts children, passes on what they print, restarts those that crash, and stops all of them in the end."""

import os
import selectors
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from signal import SIGCHLD, SIGHUP, SIGINT, SIGKILL, SIGTERM
from types import FrameType

from cem.local import leftovers
from cem.local.child import Child, Show, Spec, describe
from cem.local.errors import RefusedError, Stopped
from cem.local.journal import Journal

STOP_SIGNALS = (SIGINT, SIGTERM, SIGHUP)
LONGEST_LINE = 64 * 1024


class Supervisor:
    """Whoever starts something through it need not think of its end."""

    def __init__(self, record: Path, journal: Journal) -> None:
        self.journal = journal
        self.children: list[Child] = []
        self.on_signal: Callable[[int], None] = _stop
        self._run = leftovers.Run(record)
        self._signals: list[int] = []
        self._stopping = False
        self._selector = selectors.DefaultSelector()

    @contextmanager
    def running(self) -> Iterator["Supervisor"]:
        """Everything started inside is stopped on the way out, however one leaves."""
        heard, wake = os.pipe()
        os.set_blocking(heard, False)
        os.set_blocking(wake, False)
        self._selector.register(heard, selectors.EVENT_READ, None)
        before = {number: signal.signal(number, self._note) for number in (*STOP_SIGNALS, SIGCHLD)}
        old = signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        try:
            yield self
        finally:
            self._stopping = True
            self._stop_all()
            signal.set_wakeup_fd(old)
            for number, handler in before.items():
                signal.signal(number, handler)
            self._selector.close()
            os.close(heard)
            os.close(wake)
            self.journal.close()

    def start(self, spec: Spec) -> Child:
        """Start it and look after it from now on."""
        child = Child(spec)
        self.children.append(child)
        self._launch(child)
        return child

    def wait_ready(self, children: Sequence[Child], *, within: float = 60.0) -> None:
        """Until each is ready. One that ends first is no crash to recover from but a reason to give up."""
        waiting = list(children)
        deadline = time.monotonic() + within
        while waiting:
            self.pump(0.03)
            self.tend(but=waiting)
            for child in waiting:
                if not child.running():
                    self._close(child)
                    raise RefusedError(
                        f"{child.spec.name} did not start ({_ending(child)}){self._why(child)}"
                    )
            waiting = [child for child in waiting if not child.spec.ready()]
            if waiting and time.monotonic() > deadline:
                name = waiting[0].spec.name
                raise RefusedError(f"{name} is not ready after {within:.0f} s{self._why(waiting[0])}")

    def jobs(self, specs: Sequence[Spec]) -> None:
        """Run programs that end by themselves, side by side; the first that fails ends it all."""
        children = [self.start(spec) for spec in specs]
        while any(child.running() for child in children):
            self.pump(0.2)
        self.pump(0)
        for child in children:
            self.dismiss(child)
        for child in children:
            if child.process is None or child.process.returncode:
                raise RefusedError(f"{child.spec.name} failed ({_ending(child)}){self._why(child)}")

    def dismiss(self, child: Child) -> None:
        """No longer look after one that has ended."""
        self.children.remove(child)
        child.end_group()
        self._close(child)

    def tend(self, *, but: Sequence[Child] = ()) -> None:
        """Notice crashes, and start again what has waited long enough."""
        for child in self.children:
            if child in but:
                continue
            if child.process and not child.running():
                ending = _ending(child)
                child.end_group()
                self._close(child)
                pause = child.postpone()
                self.journal.say(f"{child.spec.name} ended ({ending}), starts again in {pause:.1f} s")
            if child.process is None and time.monotonic() >= child.due:
                self._launch(child)

    def pump(self, wait: float) -> None:
        """Pass on output for up to `wait` seconds; sooner when a signal or a child's end arrives."""
        for key, _ in self._selector.select(wait):
            if isinstance(key.data, Child):
                self._read(key.data)
            else:
                _drain(key.fd)
        if not self._stopping:
            while self._signals:
                self.on_signal(self._signals.pop(0))

    def _note(self, number: int, frame: FrameType | None) -> None:
        if number != SIGCHLD:
            self._signals.append(number)

    def _launch(self, child: Child) -> None:
        child.start(self._run.mark)
        if child.process and child.process.stdout and child.identity:
            os.set_blocking(child.process.stdout.fileno(), False)
            self._selector.register(child.process.stdout, selectors.EVENT_READ, child)
            self._run.note(child.spec.name, child.identity)

    def _read(self, child: Child) -> None:
        stdout = child.process.stdout if child.process else None
        if stdout is None or stdout.closed:
            return
        try:
            data = os.read(stdout.fileno(), 65536)
        except BlockingIOError:
            return
        if not data:
            self._selector.unregister(stdout)
            stdout.close()
        child.rest += data
        *lines, rest = child.rest.split(b"\n")
        if len(rest) > LONGEST_LINE or (rest and not data):
            lines, rest = [*lines, rest], bytearray()
        child.rest[:] = rest
        for line in lines:
            self.journal.heard(child.spec.name, bytes(line), child.spec.show)
            child.last = line.decode(errors="replace").strip() or child.last

    def _close(self, child: Child) -> None:
        """Read what is left and let go of the pipe (a stray grandchild may hold the other end for ever)."""
        stdout = child.process.stdout if child.process else None
        if stdout and not stdout.closed:
            self._read(child)
        if stdout and not stdout.closed:
            self._selector.unregister(stdout)
            stdout.close()

    def _stop_all(self) -> None:
        self._signals.clear()
        for child in sorted(self.children, key=lambda child: child.spec.leaves):
            if child.running():
                began = time.monotonic()
                self._stop(child)
                self.journal.note(f"{child.spec.name} stopped in {time.monotonic() - began:.1f} s")
            child.end_group()
            self._close(child)
        # Whatever moved to a session of its own still carries the mark.
        leftovers.sweep(self._run.record, self.journal.say, patience=2.0)

    def _stop(self, child: Child) -> None:
        """Each signal of its list in turn. Asked again (Ctrl-C twice), go to the last at once."""
        for number, seconds in child.spec.stops:
            if self._signals and (number, seconds) != child.spec.stops[-1]:
                continue
            child.send(number)
            deadline = time.monotonic() + (min(seconds, 2.0) if self._signals else seconds)
            while child.running() and time.monotonic() < deadline:
                self.pump(0.1)
            if not child.running():
                return
        self.journal.say(f"{child.spec.name} does not stop, killed")
        child.send(SIGKILL)
        if child.process:
            child.process.wait()

    def _why(self, child: Child) -> str:
        place = self.journal.place(child.spec.name)
        if child.last and (self.journal.quiet or child.spec.show is Show.NOTHING):
            return f": {child.last} (all of it: {place})"
        return f": see {place}"


def _stop(number: int) -> None:
    raise Stopped(signal.Signals(number).name)


def _ending(child: Child) -> str:
    return describe(child.process.returncode or 0) if child.process else "not running"


def _drain(descriptor: int) -> None:
    with suppress(BlockingIOError):
        os.read(descriptor, 4096)
