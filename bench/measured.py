"""Work in a process of its own, and what it took: wall clock, processor time, memory; the database's share beside it.

Processor time is what a crowded machine leaves comparable. Memory is the process's own high-water mark (VmHWM): what
getrusage says of a child includes its parent's, which it was forked from.
"""

import contextlib
import json
import os
import resource
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import connection

PACE = 0.1
_TICKS = os.sysconf("SC_CLK_TCK")


def used_here() -> dict[str, float]:
    """Of this process since it began: processor seconds, and the most memory it ever held, in MB."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    peak = used.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                peak = int(line.split()[1]) / 1024
    return {"cpu": used.ru_utime + used.ru_stime, "peak_mb": peak}


class Backends:
    """Processor time and memory of the database's processes that serve this database, watched from outside.

    Nothing is seen where the server runs on another machine or as processes that cannot be looked at.
    """

    def __init__(self) -> None:
        self._name = str(connection.settings_dict["NAME"])
        self._seconds: dict[int, tuple[float, float]] = {}
        self.peak_mb = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "Backends":
        self._look()
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._look()
        self._over.set()
        self._thread.join()

    @property
    def cpu(self) -> float | None:
        """Seconds since the block began; None where nothing is seen."""
        return sum(last - first for first, last in self._seconds.values()) if self._seconds else None

    def _watch(self) -> None:
        while not self._over.wait(PACE):
            self._look()

    def _look(self) -> None:
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError, ValueError, IndexError):
                title = (process / "cmdline").read_bytes().decode(errors="replace").split()
                if title[:1] != ["postgres:"] or self._name not in title:
                    continue
                fields = (process / "stat").read_text().rpartition(")")[2].split()
                seconds = (int(fields[11]) + int(fields[12])) / _TICKS
                pid = int(process.name)
                begun = 0.0 if self._thread.is_alive() else seconds
                self._seconds[pid] = (self._seconds.get(pid, (begun, 0.0))[0], seconds)
                own = [
                    line
                    for line in (process / "status").read_text().splitlines()
                    if line.startswith("RssAnon:")
                ]
                self.peak_mb = max(self.peak_mb, int(own[0].split()[1]) / 1024)


@dataclass(frozen=True)
class Measured:
    """answer: what the process printed. cpu: its own seconds of processor time, database_cpu: those of the backends
    that served it (None where they cannot be seen), whose memory is beside.
    """

    answer: dict[str, Any]
    seconds: float
    cpu: float
    peak_mb: float
    database_cpu: float | None
    database_mb: float

    def as_json(self) -> dict[str, Any]:
        return {
            "s": round(self.seconds, 1),
            "CPU s": round(self.cpu, 1),
            "database CPU s": None if self.database_cpu is None else round(self.database_cpu, 1),
            "MB": round(self.peak_mb),
        }


def measured(command: list[str], **environment: str) -> Measured:
    """A Python module run on the bench's database; the last line it prints is its answer, with "seconds", "cpu" and
    "peak_mb" of its own.
    """
    # On both sides alike, as our workers have it; on a crowded machine BLAS threads wait for each other by the minute.
    threads = os.environ.get("OPENBLAS_NUM_THREADS", "1")
    with Backends() as backends:
        done = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=settings.BASE_DIR,
            env={**os.environ, "DATABASE_URL": url(), "OPENBLAS_NUM_THREADS": threads, **environment},
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed:\n{done.stderr[-3000:]}")
    answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return Measured(
        answer, answer["seconds"], answer["cpu"], answer["peak_mb"], backends.cpu, backends.peak_mb
    )


def url() -> str:
    """Where the bench's database is, for another process."""
    known: dict[str, Any] = connection.settings_dict
    where = {key.lower(): str(known[key]) for key in ("HOST", "PORT") if known[key]}
    login = f"{quote(known['USER'])}:{quote(known['PASSWORD'])}"
    return f"postgresql://{login}@/{known['NAME']}?{urlencode(where)}"
