"""A real worker, killed in the middle of a run, and the next one that goes on."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.conf import settings
from django.db import connection

from accounts.models import Lease, OutboxEntry
from accounts.tenancy import organization_context
from analytics.frames import store
from analytics.models import Run
from cem.local import redis
from tests.analytics import simulated
from tests.analytics.runs import EFFECT, start, study
from tests.cast import Cast
from tests.waiting import until

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


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

    def log(self) -> str:
        return "\n".join(path.read_text() for path in sorted(self.folder.glob("*.log")))[-4000:]


@pytest.fixture
def workers(tmp_path: Path) -> Iterator[Workers]:
    started = Workers(tmp_path)
    try:
        yield started
    finally:
        for process in started.processes:
            if process.poll() is None:
                started.kill(process)


def test_a_killed_workers_run_goes_on_and_finishes_once(cast: Cast, workers: Workers, files: Path) -> None:
    with organization_context(cast.organization):
        simulated.fill(600, effect=EFFECT)
        run = start(study())
        Run.objects.update(settings={**run.settings, "draws": 20_000})  # some seconds of work
    first = workers.start()
    seen: list[tuple[float, str]] = []

    def now() -> Run:
        with organization_context(cast.organization):
            run.refresh_from_db()
        if not seen or seen[-1] != (run.progress, run.step):
            seen.append((run.progress, run.step))
        return run

    try:
        until(lambda: now().step == "Drawing the uncertainty", seconds=60, every=0.02, what="the draws")
    except AssertionError as error:
        raise AssertionError(f"{error}; seen {seen}\n{workers.log()}") from None
    workers.kill(first)
    interrupted = now()
    assert (interrupted.status, interrupted.claim, interrupted.result) == ("running", 1, None)
    assert OutboxEntry.objects.count() == 1
    frame = files / interrupted.frame_path
    assert store.digest_of(frame) == interrupted.frame_hash
    written = frame.stat().st_ino, frame.stat().st_mtime_ns

    with organization_context(cast.organization):
        Run.objects.update(settings={**run.settings, "draws": 400})
    workers.start()
    try:
        until(lambda: now().is_over, seconds=60, every=0.02, what="the end of the run")
    except AssertionError as error:
        raise AssertionError(f"{error}; seen {seen}\n{workers.log()}") from None
    until(lambda: not OutboxEntry.objects.exists(), what="the outbox to be paid")
    finished = now()
    assert (finished.status, finished.claim, finished.error) == ("finished", 2, "")
    assert finished.result["reading"] == "stands"
    assert (frame.stat().st_ino, frame.stat().st_mtime_ns) == written  # gone on, not begun again
    assert Lease.objects.get().claim == 2
    with organization_context(cast.organization):
        assert Run.objects.count() == 1
    shares = [share for share, _ in seen]
    assert len(set(shares)) >= 4
