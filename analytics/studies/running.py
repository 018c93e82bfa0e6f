"""A run, step by step: each step has its own transaction, so that progress is seen and nothing is done twice.

A worker that dies leaves the run as its last step did. The next claim goes on from the saved frame and the
frames beside it as far as their files are whole; the result is written once, under the claim in force.
"""

import logging
import time
from typing import Any

from django.db import DatabaseError
from django.utils import timezone

from accounts.work.lease import Superseded
from accounts.work.task import Work
from analytics.frames import store
from analytics.models import Run

from . import kinds

logger = logging.getLogger(__name__)

#: Name of a part → its hash, rows and what it says of itself.
Stored = dict[str, dict[str, Any]]

MAX_CLAIMS = 5
#: Seconds between two notes of progress within one step.
PACE = 0.3
#: The frame is the first part of the bar, the frames beside it the next, the computation the rest.
_FRAME_SHARE = 0.2
_PARTS_SHARE = 0.4


class Stopped(Exception):
    """The run was cancelled, or is over, or is gone."""


def carry_out(work: Work, run_id: str) -> None:
    """Do the run, whatever state an earlier claim left it in.

    What cannot succeed (a ValueError, such as an unknown name) fails the run with its message. Anything
    else is tried again by another claim, at most MAX_CLAIMS in all.
    """
    try:
        settings = _begin(work, run_id)
        path = _frame(work, run_id, settings)
        stored = _parts(work, run_id, settings, path)
        _compute(work, run_id, settings, path, stored)
    except Stopped:
        with work.step(last=True):
            pass  # nothing is owed any more
    except Superseded:
        raise
    except ValueError as error:
        _fail(work, run_id, str(error))
    except Exception as error:
        logger.exception("run %s: claim %s failed", run_id, work.number)
        _note(work, run_id, error)
        raise


def _begin(work: Work, run_id: str) -> kinds.Settings:
    with work.step():
        run = Run.objects.select_for_update().filter(pk=run_id).first()
        if run is None or run.is_over:
            raise Stopped
        stored, error, claims = run.settings, run.error, work.number
        if claims <= MAX_CLAIMS:
            run.status, run.claim = Run.Status.RUNNING, claims
            run.started_at = run.started_at or timezone.now()
            run.step = "Starting" if claims == 1 else "Going on after an interruption"
            run.save(update_fields=["status", "claim", "started_at", "step"])
    if claims > MAX_CLAIMS:
        raise ValueError(
            f"Given up after {MAX_CLAIMS} attempts. {error or 'Each time the worker stopped without a word.'} "
            "Start the run again; if that fails too, the worker's log says why."
        )
    settings: kinds.Settings = kinds.settings_of(stored)
    return settings


def _frame(work: Work, run_id: str, settings: kinds.Settings) -> str:
    """The stored frame's path: an earlier claim's where it is whole, else a new one."""
    with work.reading():
        run = Run.objects.only("frame_path", "frame_hash").get(pk=run_id)
    if run.frame_path and store.digest_of(store.absolute(run.frame_path)) == run.frame_hash:
        return run.frame_path
    note = _Notes(work, run_id)
    note(0.02, kinds.JOINING[settings.kind])
    path = store.relative_path(work.organization_id, run_id)
    with work.reading():
        built, joined = kinds.build(settings, store.absolute(path), alive=work.check)
    _update(
        work,
        run_id,
        frame_path=path,
        frame_hash=built.digest,
        ledger=built.ledger,
        progress=_FRAME_SHARE,
        step=joined,
    )
    return path


def _parts(work: Work, run_id: str, settings: kinds.Settings, path: str) -> Stored:
    """The frames beside it: each is saved as soon as it is whole, so that another claim keeps it."""
    from analytics.frames import parts  # pandas; a page that only starts a run need not load it

    main = store.absolute(path)
    with work.reading():
        todo = kinds.parts(settings, alive=work.check)
        earlier: Stored = Run.objects.values_list("parts", flat=True).get(pk=run_id) or {}
    note, stored = _Notes(work, run_id), {}
    for number, (name, job) in enumerate(todo.items()):
        if parts.is_whole(main, name, earlier):
            stored[name] = earlier[name]
            continue
        share = _FRAME_SHARE + (_PARTS_SHARE - _FRAME_SHARE) * number / len(todo)
        note(share, parts.words(name))
        with work.reading():
            stored[name] = job(parts.beside(main, name))
        _update(work, run_id, parts={**earlier, **stored}, step=parts.words(name))
    if stored != earlier:  # what an earlier claim had beyond this
        _update(work, run_id, parts=stored, step="Frames joined")
    return stored


def _compute(work: Work, run_id: str, settings: kinds.Settings, path: str, stored: Stored) -> None:
    note, before = _Notes(work, run_id), _PARTS_SHARE if stored else _FRAME_SHARE
    plain = kinds.compute(
        settings,
        store.absolute(path),
        lambda share, words: note(before + (0.99 - before) * share, words),
        stored,
    )
    _update(
        work,
        run_id,
        last=True,
        status=Run.Status.FINISHED,
        result=plain,
        schema_version=plain["schema"],
        progress=1.0,
        step="",
        error="",
        finished_at=timezone.now(),
    )


class _Notes:
    """Progress, saved when something new is being done and otherwise at a steady pace."""

    def __init__(self, work: Work, run_id: str) -> None:
        self._work, self._run_id = work, run_id
        self._words, self._due = "", 0.0

    def __call__(self, share: float, words: str) -> None:
        self._work.check()
        now = time.monotonic()
        if words == self._words and now < self._due:
            return
        self._words, self._due = words, now + PACE
        _update(self._work, self._run_id, progress=round(share, 3), step=words)


def _update(work: Work, run_id: str, *, last: bool = False, **fields: object) -> None:
    """Write while the run is ours and not cancelled.

    Raises:
        Stopped: when it was cancelled meanwhile.
    """
    with work.step(last=last):
        ours = Run.objects.filter(pk=run_id, status=Run.Status.RUNNING, claim=work.number)
        if ours.update(**fields) != 1:
            raise Stopped


def _fail(work: Work, run_id: str, message: str) -> None:
    with work.step(last=True):
        Run.objects.filter(pk=run_id, status__in=(Run.Status.QUEUED, Run.Status.RUNNING)).update(
            status=Run.Status.FAILED, error=message, step="", finished_at=timezone.now()
        )


def _note(work: Work, run_id: str, error: Exception) -> None:
    """Say on the run what went wrong this time; the row stays owed, so it is tried again."""
    try:
        with work.step():
            Run.objects.filter(pk=run_id, status=Run.Status.RUNNING, claim=work.number).update(
                error=f"Attempt {work.number}: {type(error).__name__}: {error}",
                step="Interrupted; it will be tried again",
            )
    except (DatabaseError, Superseded):
        logger.exception("run %s: could not note what went wrong", run_id)
