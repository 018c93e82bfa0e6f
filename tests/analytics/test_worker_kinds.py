"""A real worker at the other kinds of study: killed while it joins, gone on by the next one, repeated, cancelled."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from accounts.models import OutboxEntry
from accounts.tenancy import organization_context
from analytics.frames import store
from analytics.models import Run, Study
from analytics.studies import repeating, services
from tests.analytics.runs import start
from tests.analytics.test_other_kinds import ask, contacts, units
from tests.cast import Cast
from tests.waiting import until
from tests.workers import Workers

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

FILLED: dict[str, Callable[[], None]] = {"operational": contacts, "constituency": units}
JOINING = {
    "operational": "Joining answers with the contacts they are about",
    "constituency": "Joining employees’ answers with those of the customers they served",
}


@contextmanager
def held_up(cast: Cast) -> Iterator[None]:
    """Nobody reads answers meanwhile, so that a worker is caught in the middle of its joining."""
    with organization_context(cast.organization), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE feedback_score IN ACCESS EXCLUSIVE MODE")
        yield


def seen(run: Run) -> Run:
    run.refresh_from_db()
    return run


def awaited(workers: Workers, condition: Callable[[], Any], what: str) -> None:
    try:
        until(condition, seconds=60, every=0.02, what=what)
    except AssertionError as error:
        raise AssertionError(f"{error}\n{workers.log()}") from None


@pytest.mark.parametrize("kind", FILLED)
def test_a_run_survives_its_worker_is_repeated_and_can_be_cancelled(
    kind: str, cast: Cast, workers: Workers, files: Path
) -> None:
    def now(run: Run) -> Run:
        with organization_context(cast.organization):
            return seen(run)

    with organization_context(cast.organization):
        FILLED[kind]()
        asked: Study = ask(kind)
        run = start(asked)

    with held_up(cast):
        first = workers.start()
        awaited(workers, lambda: seen(run).step == JOINING[kind], "the joining")
        workers.kill(first)
        assert (run.status, run.claim, run.frame_hash, run.result) == ("running", 1, "", None)
    assert OutboxEntry.objects.count() == 1, "still owed"

    workers.start()
    awaited(workers, lambda: now(run).is_over, "the end of the run")
    awaited(workers, lambda: not OutboxEntry.objects.exists(), "the outbox to be paid")
    done = now(run)
    assert (done.status, done.claim, done.error) == ("finished", 2, "")
    assert done.result["kind"] == kind
    assert done.result["reading"] != "insufficient_evidence"
    assert store.digest_of(files / done.frame_path) == done.frame_hash

    with organization_context(cast.organization):
        assert repeating.ask_to_repeat(run=done)
    awaited(workers, lambda: not repeating.is_waiting(now(run)), "the repetition")
    assert run.repeat["state"] == "same", run.repeat

    with held_up(cast):
        second = start(asked)
        # Committed at the end of the block, so that the worker meets a run that is cancelled before it can join.
        assert services.cancel_run(run=second)
    awaited(workers, lambda: not OutboxEntry.objects.exists(), "the cancelled run to be let go")
    assert (now(second).status, second.result, second.frame_path) == ("cancelled", None, "")


@pytest.mark.parametrize("kind", FILLED)
def test_a_run_cancelled_while_a_worker_joins_writes_nothing_more(
    kind: str, cast: Cast, workers: Workers, files: Path
) -> None:
    with organization_context(cast.organization):
        FILLED[kind]()
        run = start(ask(kind))
    with held_up(cast):
        workers.start()
        awaited(workers, lambda: seen(run).step == JOINING[kind], "the joining")
        assert services.cancel_run(run=run)
    awaited(workers, lambda: not OutboxEntry.objects.exists(), "the run to be let go")
    with organization_context(cast.organization):
        run.refresh_from_db()
    assert (run.status, run.result, run.frame_path, run.step) == ("cancelled", None, "", "")
