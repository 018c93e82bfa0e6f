"""A complete run of a study against the straightforward notebook; its growth; two workers against one."""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils import timezone

from accounts.models import Organization, OutboxEntry
from accounts.tenancy import organization_context
from analytics.models import Run, Study
from analytics.studies import services
from bench import crowd, world
from bench.figures import Figure

HORIZON = LOOKBACK = 90
#: Relative: both fit the same model by other code, so that only rounding may differ.
AGREEMENT = 1e-4
GROWTH = {"small": (5_000, 10_000, 20_000), "large": (250_000, 500_000, 1_000_000)}
#: Draws of the notebook's loop; the large loop takes hours, so its time is taken from a few draws, and said.
LOOP = {"small": None, "large": 4}
RUNS = 6


def run(size: str) -> list[Figure]:
    figures = []
    organizations = []
    for number, customers in enumerate(GROWTH[size]):
        print(f"  making a crowd of {customers:,} customers", flush=True)
        organizations.append(crowd.organization(f"crowd-{number}", customers))
    print("  our runs", flush=True)
    taken = [ours(made) for made in organizations]
    if size == "small":
        seeded = world.organization(size)
        figures += against_notebook("seeded", seeded, world.CUSTOMERS[size], ours(seeded), size)
    figures += against_notebook("crowd", organizations[-1], GROWTH[size][-1], taken[-1], size)
    figures.append(growth(size, taken))
    figures.append(workers(organizations[0]))
    return figures


def study(made: Organization) -> tuple[Run, int]:
    """A queued run and its outbox row."""
    with organization_context(made):
        asked = Study.objects.filter(name="Bench").first() or services.create_study(
            name="Bench", predictor="nps", outcome="revenue", horizon_days=HORIZON, lookback_days=LOOKBACK
        )
        queued = services.start_run(study=asked, as_of=timezone.now(), seed=1)
    entry = OutboxEntry.objects.get(arguments__run=str(queued.pk))
    return queued, entry.pk


def ours(made: Organization) -> dict[str, Any]:
    """Seconds and peak memory of the process, and what the run found."""
    queued, outbox = study(made)
    with tempfile.TemporaryDirectory() as folder:
        found = _process(
            [sys.executable, "-m", "bench.linkage_ours", str(made.pk), str(outbox), str(queued.pk)],
            CEM_VAR=folder,
        )
    done = _over(made, queued.pk)
    return {**found, "as_of": queued.as_of.isoformat(), "result": done.result, "settings": done.settings}


def notebook(made: Organization, found: dict[str, Any], draws: int) -> dict[str, Any]:
    asked = {
        "dsn": _url(),
        "organization": str(made.pk),
        "as_of": found["as_of"],
        "horizon": HORIZON,
        "lookback": LOOKBACK,
        "draws": draws,
        "seed": 1,
    }
    return _process([sys.executable, str(Path(__file__).with_name("notebook.py")), json.dumps(asked)])


def against_notebook(
    name: str, made: Organization, customers: int, found: dict[str, Any], size: str
) -> list[Figure]:
    full = int(found["settings"]["draws"])
    draws = min(full, LOOP[size] or full)
    print(f"  the notebook, {name}, {draws} draws", flush=True)
    theirs = notebook(made, found, draws)
    what = {"customers": customers, **agreement(found["result"], theirs)}
    whole = theirs["seconds"] + theirs["loop"] * (full / draws - 1)
    if draws < full:
        what["notebook's loop"] = f"{draws} of {full} draws measured, the rest in proportion"
    ratio, memory = whole / found["seconds"], found["peak_mb"] / theirs["peak_mb"]
    return [
        Figure(f"linkage run, {name}", "s", found["seconds"], whole, ratio, "≥ 10 × notebook", ratio >= 10, what),
        Figure(
            f"linkage peak memory, {name}", "MB", found["peak_mb"], theirs["peak_mb"], memory, "≤ 0.25 of notebook",
            memory <= 0.25, {"customers": customers},
        ),
    ]  # fmt: skip


def agreement(result: dict[str, Any], theirs: dict[str, Any]) -> dict[str, Any]:
    """Both found the same, or the figures mean nothing."""
    main = result["contrasts"][0]
    pairs = {
        "adjusted difference": (main["after"]["value"], theirs["difference"]),
        "placebo": (main["before"]["value"], theirs["placebo"]),
    }
    for label, (mine, other) in pairs.items():
        assert abs(mine - other) <= AGREEMENT * max(1.0, abs(other)), (label, mine, other)
    assert result["after"]["n"] == theirs["n"], (result["after"]["n"], theirs["n"])
    survival = result.get("survival")
    for curve in (survival or {}).get("curves", []):
        mine, other = curve["median"], theirs["medians"][curve["band"]]
        assert other == (float("inf") if mine is None else mine), (curve["band"], mine, other)
    return {"rows": theirs["n"], "adjusted difference": round(main["after"]["value"], 4)} | (
        {"medians agree": True} if survival else {}
    )


def growth(size: str, taken: list[dict[str, Any]]) -> Figure:
    """Time per customer at the largest of three sizes over that at the middle one."""
    sizes = GROWTH[size]
    each = [one["seconds"] / customers for one, customers in zip(taken, sizes, strict=True)]
    ratio = each[-1] / each[1]
    what = {
        f"{customers:,}": f"{one['seconds']:.1f} s, {one['peak_mb']:.0f} MB"
        for customers, one in zip(sizes, taken, strict=True)
    }
    return Figure(
        "linkage growth", "µs/customer", each[-1] * 1e6, each[1] * 1e6, ratio, "≤ 1.25 (linear)", ratio <= 1.25, what
    )  # fmt: skip


def workers(made: Organization) -> Figure:
    """Runs by two Celery workers against the same runs by one."""
    from tests.workers import Workers

    took = {}
    for count in (1, 2):
        print(f"  {count} Celery worker{'s' * (count > 1)}", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            crew = Workers(Path(folder))
            try:
                for _ in range(count):
                    crew.start()
                warm = study(made)[0]
                _wait(made, [warm.pk])
                if count == 2:
                    _wait(made, [study(made)[0].pk for _ in range(2)])
                clock = time.perf_counter()
                _wait(made, [study(made)[0].pk for _ in range(RUNS)])
                took[count] = time.perf_counter() - clock
            finally:
                crew.stop()
    ratio = took[1] / took[2]
    return Figure(
        "two workers against one", "s", took[2], took[1], ratio, "≥ 1.5 ×", ratio >= 1.5,
        {"runs": RUNS, "cores": os.cpu_count()},
    )  # fmt: skip


def _wait(made: Organization, runs: list[UUID], *, most: float = 300.0) -> None:
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


def _over(made: Organization, run_id: UUID) -> Run:
    with organization_context(made):
        done = Run.objects.get(pk=run_id)
    assert done.status == Run.Status.FINISHED, (done.status, done.error)
    return done


def _process(command: list[str], **environment: str) -> dict[str, Any]:
    """A process of its own on the bench's database; the last line it prints is its answer."""
    done = subprocess.run(
        command,
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": _url(), "OPENBLAS_NUM_THREADS": "1", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{command[1:3]} failed:\n{done.stderr[-3000:]}")
    answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer


def _url() -> str:
    known: dict[str, Any] = connection.settings_dict
    where = {key.lower(): str(known[key]) for key in ("HOST", "PORT") if known[key]}
    login = f"{quote(known['USER'])}:{quote(known['PASSWORD'])}"
    return f"postgresql://{login}@/{known['NAME']}?{urlencode(where)}"
