"""A finished run computed again from its stored frame: the same digits, or what differs."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.work.outbox import owe
from accounts.work.task import Work
from analytics.frames import store
from analytics.models import Run

from .results import Result
from .versions import versions

TASK = "analytics.repeat_run"
PATIENCE = timedelta(minutes=15)
#: Not figures: sentences are written from the figures, and wordings change.
_WORDS = "findings"


@transaction.atomic
def ask_to_repeat(*, run: Run) -> bool:
    """Owe the repetition. False where the run has no result, or is being repeated already."""
    locked = Run.objects.select_for_update().get(pk=run.pk)
    if locked.status != Run.Status.FINISHED or is_waiting(locked):
        return False
    Run.objects.filter(pk=run.pk).update(
        repeat=_note("waiting", "Being computed again from the stored frame.")
    )
    owe(TASK, run=str(run.pk))
    return True


def is_waiting(run: Run) -> bool:
    """Whether it is being computed again; one that was lost on the way may be asked for anew."""
    found = run.repeat or {}
    return found.get("state") == "waiting" and timezone.now() - datetime.fromisoformat(found["at"]) < PATIENCE


def carry_out(work: Work, run_id: str) -> None:
    """Whatever becomes of it is written on the run; what cannot be computed is said, not tried again."""
    with work.reading():
        run = Run.objects.filter(pk=run_id, status=Run.Status.FINISHED).first()
    found = _note("failed", "This run is gone or has no result.") if run is None else _repeat(work, run)
    with work.step(last=True):
        Run.objects.filter(pk=run_id).update(repeat=found)


def _repeat(work: Work, run: Run) -> dict[str, str]:
    from analytics.frames import parts

    path = store.absolute(run.frame_path)
    if store.digest_of(path) != run.frame_hash or not parts.are_whole(path, run.parts):
        return _note("failed", "The stored frame is missing or was changed since, so it cannot be repeated.")
    try:
        again = _compute(work, run)
    except ValueError as error:
        return _note("failed", f"It could not be computed again: {error}")
    before = _figures(run.result or {})
    if again == before:
        return _note("same", "Computed again from the stored frame: every figure is the same.")
    places = list(_differences(before, again))
    others = versions()
    changed = [
        f"{name} {was} → {others[name]}" for name, was in run.versions.items() if others.get(name) != was
    ]
    why = f" Other software since: {', '.join(changed)}." if changed else ""
    return _note(
        "different",
        f"Computed again from the stored frame, {len(places):,} figures differ, first {places[0]}.{why}",
    )


def _compute(work: Work, run: Run) -> dict[str, Any]:
    from . import kinds

    result = kinds.compute(
        kinds.settings_of(run.settings),
        store.absolute(run.frame_path),
        lambda share, words: work.check(),
        run.parts,
    )
    return _figures(result)


def _figures(result: dict[str, Any]) -> dict[str, Any]:
    """In this version's shape, so that a field that an older run could not have is no difference."""
    from . import kinds

    plain = {key: value for key, value in result.items() if key != _WORDS}
    if kinds.kind_of(plain) != "financial":
        return plain
    return {**plain, **Result.of(plain).to_json(), "schema": plain["schema"]}


def _differences(before: Any, after: Any, place: str = "") -> Iterator[str]:
    """Where two results differ, as paths: `contrasts.0.after.value`."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted({*before, *after}):
            yield from _differences(before.get(key), after.get(key), f"{place}.{key}".lstrip("."))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for position, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from _differences(one, other, f"{place}.{position}")
    elif before != after:
        yield place


def _note(state: str, words: str) -> dict[str, str]:
    return {"state": state, "words": words, "at": timezone.now().isoformat()}
