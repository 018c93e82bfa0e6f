"""A complete run of a study against the straightforward notebook, and its growth over three sizes."""

import json
import tempfile
import time
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from accounts.models import Organization, OutboxEntry
from accounts.tenancy import organization_context
from analytics.models import Run, Study
from analytics.studies import services
from bench import crowd
from bench.agreement import agreement
from bench.figures import Figure
from bench.measured import Measured, measured, url

HORIZON = LOOKBACK = 90
GROWTH = {"small": (5_000, 10_000, 20_000), "large": (125_000, 500_000, 1_000_000)}
#: Draws of the notebook's two loops. The large ones would take an hour, so a few are timed and the rest counted in
#: proportion, which is said.
DRIVER_DRAWS = 1_000
LOOPS = {"small": None, "large": (4, 12)}
SEED = 1


@dataclass(frozen=True)
class Taken:
    """One run of ours."""

    made: Organization
    customers: int
    run: Run
    used: Measured

    @property
    def result(self) -> dict[str, Any]:
        found: dict[str, Any] | None = self.run.result
        assert found is not None
        return found


def run(size: str) -> list[Figure]:
    taken = []
    for number, customers in enumerate(GROWTH[size]):
        print(f"  making a crowd of {customers:,} customers", end="", flush=True)
        clock = time.perf_counter()
        made = crowd.organization(f"crowd-{number}", customers)
        print(f" ({time.perf_counter() - clock:.0f} s)", flush=True)
        taken.append(ours(made, customers))
        print(f"  our run: {json.dumps(taken[-1].used.as_json())}", flush=True)
    return [*against_notebook(taken[-1], size), growth(taken)]


def queued(made: Organization) -> tuple[Run, int]:
    """A queued run and its outbox row."""
    with organization_context(made):
        asked = Study.objects.filter(name="Bench").first() or services.create_study(
            name="Bench", predictor="nps", outcome="revenue", horizon_days=HORIZON, lookback_days=LOOKBACK
        )
        one = services.start_run(study=asked, as_of=timezone.now(), seed=SEED)
    entry = OutboxEntry.objects.get(arguments__run=str(one.pk))
    return one, entry.pk


def ours(made: Organization, customers: int) -> Taken:
    one, outbox = queued(made)
    with tempfile.TemporaryDirectory() as folder:
        used = measured(["bench.linkage_ours", str(made.pk), str(outbox), str(one.pk)], CEM_VAR=folder)
    return Taken(made, customers, finished(made, one.pk), used)


def finished(made: Organization, run_id: UUID) -> Run:
    with organization_context(made):
        done = Run.objects.get(pk=run_id)
    assert done.status == Run.Status.FINISHED, (done.status, done.error)
    return done


def notebook(taken: Taken, draws: int, driver_draws: int) -> Measured:
    asked = {
        "dsn": url(),
        "organization": str(taken.made.pk),
        "as_of": taken.run.as_of.isoformat(),
        "horizon": HORIZON,
        "lookback": LOOKBACK,
        "draws": draws,
        "driver_draws": driver_draws,
        "seed": SEED,
    }
    return measured(["bench.notebook", json.dumps(asked)])


def against_notebook(taken: Taken, size: str) -> list[Figure]:
    full = {"link": int(taken.run.settings["draws"]), "drivers": DRIVER_DRAWS}
    draws = LOOPS[size] or (full["link"], full["drivers"])
    print(f"  the notebook, {draws[0]} and {draws[1]} draws", flush=True)
    theirs = notebook(taken, *draws)
    what: dict[str, Any] = {"customers": taken.customers, **agreement(taken.result, theirs.answer)}
    loops = theirs.answer["loops"]
    rest = {name: full[name] / one["draws"] - 1 for name, one in loops.items()}
    whole, whole_cpu = (
        value + sum(loops[name][unit] * more for name, more in rest.items())
        for value, unit in ((theirs.seconds, "seconds"), (theirs.cpu, "cpu"))
    )
    if any(rest.values()):
        what["measured of its loops"] = (
            f"{draws[0]} of {full['link']} and {draws[1]} of {full['drivers']} draws"
        )
        what["notebook without loops, s"] = round(
            theirs.seconds - sum(one["seconds"] for one in loops.values()), 1
        )
    what["notebook's parts, s"] = theirs.answer["parts"]
    own_cpu, their_cpu = (
        cpu + (used.database_cpu or 0.0) for cpu, used in ((taken.used.cpu, taken.used), (whole_cpu, theirs))
    )
    memory = taken.used.peak_mb / theirs.peak_mb
    at, most = {"customers": taken.customers}, 0.25 if size == "large" else 1.0
    return [
        ratio("linkage run", size, taken.used.seconds, whole, what),
        ratio("linkage run, processor time with the database's", size, own_cpu, their_cpu, at),
        Figure(
            "linkage run, peak memory", "MB", taken.used.peak_mb, theirs.peak_mb, memory, f"≤ {most} of notebook",
            memory <= most,
            {**at, "database, ours": round(taken.used.database_mb), "theirs": round(theirs.database_mb)},
        ),
    ]  # fmt: skip


def ratio(name: str, size: str, mine: float, other: float, what: dict[str, Any]) -> Figure:
    """Ten times is asked for at a million customers; a small run is mostly the loading of libraries."""
    times = 10 if size == "large" else 1
    return Figure(name, "s", mine, other, other / mine, f"≥ {times} × notebook", other / mine >= times, what)


def growth(taken: list[Taken]) -> Figure:
    """Processor time a customer at the largest of three sizes over that at the middle one."""
    each = [(one.used.cpu + (one.used.database_cpu or 0.0)) / one.customers for one in taken]
    grown = each[-1] / each[1]
    what = {f"{one.customers:,}": one.used.as_json() for one in taken}
    return Figure(
        "linkage growth", "µs/customer", each[-1] * 1e6, each[1] * 1e6, grown, "≤ 1.25 (linear)", grown <= 1.25, what
    )  # fmt: skip
