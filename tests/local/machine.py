"""Really starting things, and waiting for them by looking rather than by sleeping."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from cem.local.layout import REPO, Layout
from cem.local.processes import everything, look_up, parent

T = TypeVar("T")

OURS = (
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "REDIS_URL",
    "CEM_VAR",
    "PORT",
    "CEM_RUN",
    "DJANGO_SETTINGS_MODULE",
)


def until(condition: Callable[[], T], what: str, *, within: float = 60.0) -> T:
    """Ask until the answer is true, and return it."""
    deadline = time.monotonic() + within
    while not (answer := condition()):
        assert time.monotonic() < deadline, f"still not after {within:.0f} s: {what}"
        time.sleep(0.03)
    return answer


class Machine:
    """A data folder of its own and the commands started on it."""

    def __init__(self) -> None:
        # Not pytest's folder: as root PostgreSQL runs as `nobody`, which cannot pass through that one.
        self.folder = Path(tempfile.mkdtemp(prefix="cem-test-")).resolve()
        self.folder.chmod(0o711)
        self.layout = Layout(self.folder / "var")
        self.started: list[subprocess.Popen[str]] = []

    def begin(self, *arguments: str, env: dict[str, str] | None = None) -> "subprocess.Popen[str]":
        inherited = {name: value for name, value in os.environ.items() if name not in OURS}
        process = subprocess.Popen(
            [sys.executable, "-m", "cem.local", *arguments],
            cwd=REPO,
            env={**inherited, "CEM_VAR": str(self.layout.var), **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.started.append(process)
        return process

    def run(self, *arguments: str, env: dict[str, str] | None = None) -> "Ended":
        process = self.begin(*arguments, env=env)
        out, err = process.communicate(timeout=120)
        return Ended(process.returncode, out, err)

    def python(self, script: str, *, env: dict[str, str] | None = None) -> "Ended":
        """Run a script with the servers around it."""
        return self.run("exec", "--", sys.executable, "-c", script, env=env)

    def addresses(self) -> dict[str, str]:
        """Those of the servers that run now; waits until they do."""
        return until(self._published, "addresses published")

    def _published(self) -> dict[str, str]:
        try:
            found: dict[str, str] = json.loads(self.layout.services.read_text())
        except (OSError, ValueError):
            return {}
        return found

    def stop(self) -> None:
        """End what still runs."""
        for process in self.started:
            if process.poll() is None:
                process.terminate()
        for process in self.started:
            try:
                process.communicate(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
        self.started.clear()

    def close(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


class Ended:
    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


def descendants(pid: int) -> set[int]:
    """Every process below `pid`; where its own session begins makes no difference."""
    parents = {process.pid: parent(process.pid) for process in everything()}
    found, new = set[int](), {pid}
    while new:
        new = {child for child, mother in parents.items() if mother in new} - found
        found |= new
    return found


def gone(pids: Sequence[int] | set[int]) -> bool:
    return not any(look_up(pid) for pid in pids)
