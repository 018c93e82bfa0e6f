"""A real worker, killed in the middle of a run, and the next one that goes on."""

from pathlib import Path

import pytest

from accounts.models import Lease, OutboxEntry
from accounts.tenancy import organization_context
from analytics.frames import store
from analytics.models import Run
from tests.analytics import simulated
from tests.analytics.runs import EFFECT, start, study
from tests.cast import Cast
from tests.waiting import until
from tests.workers import Workers

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


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
