"""Real Celery workers on a test's database."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import connection

from cem.local import redis


class Workers:
    """Celery workers with their own beat, on this test's database and a Redis of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = redis.free_port()
        self.processes: list[subprocess.Popen[bytes]] = []
        self.begin(
            "redis", str(redis.server()), "--port", str(self.port), "--save", "", "--bind", "127.0.0.1"
        )

    def begin(self, name: str, *command: str, **environment: str) -> "subprocess.Popen[bytes]":
        with (self.folder / f"{name}-{len(self.processes)}.log").open("wb") as log:
            process = subprocess.Popen(
                command,
                cwd=settings.BASE_DIR,
                env={**os.environ, **environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def start(self) -> "subprocess.Popen[bytes]":
        known: dict[str, Any] = connection.settings_dict
        where = {key.lower(): str(known[key]) for key in ("HOST", "PORT") if known[key]}
        login = f"{quote(known['USER'])}:{quote(known['PASSWORD'])}"
        return self.begin(
            "worker",
            *(sys.executable, "-m", "celery", "-A", "cem", "worker", "-B", "--concurrency", "1"),
            *("-s", str(self.folder / "schedule"), "--loglevel", "INFO"),
            DATABASE_URL=f"postgresql://{login}@/{known['NAME']}?{urlencode(where)}",
            DATABASE_OWNER_URL="",
            REDIS_URL=f"redis://127.0.0.1:{self.port}/0",
            CEM_VAR=str(self.folder),
            LEASE_SECONDS="2",
            SWEEP_SECONDS="1",
        )

    def kill(self, process: "subprocess.Popen[bytes]") -> None:
        """The worker with its children and its beat, without a word."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                self.kill(process)

    def log(self) -> str:
        return "\n".join(path.read_text() for path in sorted(self.folder.glob("*.log")))[-4000:]
