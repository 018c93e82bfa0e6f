"""Runs of a study by two Celery workers against the same runs by one."""

import os
import re
import tempfile
import time
from pathlib import Path
from typing import Any
from uuid import UUID

from accounts.models import Organization
from accounts.tenancy import organization_context
from analytics.models import Run
from bench import crowd
from bench.figures import Figure
from bench.linkage import queued
from bench.measured import Backends
from tests.workers import Workers

CUSTOMERS = {"small": 20_000, "large": 50_000}
RUNS = {"small": 8, "large": 4}
DONE = re.compile(r"analytics\.run_study\[[^\]]*\] succeeded")


def run(size: str) -> list[Figure]:
    print(f"  making a crowd of {CUSTOMERS[size]:,} customers", flush=True)
    made = crowd.organization("crowd-of-workers", CUSTOMERS[size])
    took: dict[int, float] = {}
    what: dict[str, Any] = {"runs": RUNS[size], "customers": CUSTOMERS[size], "cores": os.cpu_count()}
    for count in (1, 2):
        print(f"  {count} Celery worker{'s' * (count > 1)}", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            crew = Workers(Path(folder))
            try:
                for _ in range(count):
                    crew.start()
                warm(made, Path(folder), count)
                with Backends() as backends:
                    clock = time.perf_counter()
                    wait(made, [queued(made)[0].pk for _ in range(RUNS[size])])
                    took[count] = time.perf_counter() - clock
                what[f"database CPU s, {count}"] = backends.cpu and round(backends.cpu, 1)
            finally:
                crew.stop()
    ratio = took[1] / took[2]
    return [Figure("two workers against one", "s", took[2], took[1], ratio, "≥ 1.5 ×", ratio >= 1.5, what)]


def warm(made: Organization, folder: Path, count: int) -> None:
    """Until every worker has finished a run: the first one loads the libraries, which takes longer than a small run."""
    until = time.monotonic() + 180
    while time.monotonic() < until:
        wait(made, [queued(made)[0].pk for _ in range(2 * count)])
        logs = [path.read_text() for path in folder.glob("worker-*.log")]
        if sum(DONE.search(text) is not None for text in logs) == count:
            return
    raise TimeoutError(f"Not each of {count} workers finished a run; their logs: {folder}.")


def wait(made: Organization, runs: list[UUID], *, most: float = 600.0) -> None:
    until = time.monotonic() + most
    while time.monotonic() < until:
        with organization_context(made):
            states = list(Run.objects.filter(pk__in=runs).values_list("status", "error"))
        for status, error in states:
            assert status not in ("failed", "cancelled"), error
        if all(status == Run.Status.FINISHED for status, _ in states):
            return
        time.sleep(0.05)
    raise TimeoutError(f"{len(runs)} runs were not finished within {most:.0f} s.")
