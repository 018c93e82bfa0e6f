"""What this room holds of a customer: their line in stored frames. Results are aggregates and stay."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db.models import QuerySet

from accounts.privacy import retention
from accounts.privacy.holders import LATER, NotYet, Subject, register, register_models
from analytics.models import Run


class Frames:
    """Parquet files of runs. Each is written anew without the customer, and the run says so in its ledger."""

    name, label, order = "analytics.frames", "Lines in stored frames of studies", LATER

    def count(self, subject: Subject) -> int:
        from .frames.erasing import lines_of

        return sum(lines_of(path, subject.id) for run in runs() for path in files(run).values())

    def export(self, subject: Subject) -> Iterator[dict[str, Any]]:
        from .frames.erasing import read_lines

        for run in runs():
            for name, path in files(run).items():
                for line in read_lines(path, subject.id):
                    yield {"run": str(run.pk), "study": str(run.study_id), "frame": name or "own", **line}

    def erase(self, subject: Subject) -> int:
        """After the customer's rows are gone, so that no frame built from now on has them.

        Raises:
            NotYet: while a run is under way, whose frames may still get them.
        """
        if Run.objects.filter(status=Run.Status.RUNNING).exists():
            raise NotYet("a study is joining its customers; this goes on when it has")
        return sum(erase_from(run, subject) for run in runs().select_for_update())


def runs() -> QuerySet[Run]:
    """Runs that have a frame."""
    return (
        Run.objects.exclude(frame_path="")
        .only("pk", "study_id", "frame_path", "parts", "ledger")
        .order_by("pk")
    )


def files(run: Run) -> dict[str, Path]:
    """The run's frame ("") and those beside it, as far as they are on disk."""
    from .frames.parts import beside
    from .frames.store import absolute

    main = absolute(run.frame_path)
    found = {"": main, **{name: beside(main, name) for name in run.parts or {}}}
    return {name: path for name, path in found.items() if path.is_file()}


def erase_from(run: Run, subject: Subject) -> int:
    """Write the run's frames anew where they hold the customer. Returns how many lines went."""
    from .frames.erasing import without

    gone = own = 0
    for name, path in files(run).items():
        if (found := without(path, subject.id)) is None:
            continue
        removed, digest = found
        gone += removed
        if name:
            part = run.parts[name]
            run.parts[name] = {**part, "hash": digest, "rows": part["rows"] - removed}
        else:
            own, run.frame_hash = removed, digest
    if gone:
        run.ledger = note(run.ledger, own)
        run.save(update_fields=["frame_hash", "parts", "ledger"])
    return gone


def note(ledger: list[dict[str, Any]], removed: int) -> list[dict[str, Any]]:
    """The ledger with what was erased since. What was kept when the run was made stays as it was."""
    before = sum(line["n"] for line in ledger if line.get("reason") == "erased_since")
    line = {
        "reason": "erased_since",
        "label": "Of those kept, erased on request since; the figures were made before",
        "n": before + removed,
        "dropped": False,
    }
    return [*(one for one in ledger if one.get("reason") != "erased_since"), line]


def register_holders() -> None:
    register_models("analytics")
    register(Frames())


def register_kinds() -> None:
    """What an organization may set a period for."""
    retention.register(retention.Kind("frames", "Stored frames of studies", 1, count_frames, delete_frames))


def old_runs(before: datetime) -> QuerySet[Run]:
    return Run.objects.exclude(frame_path="").filter(finished_at__lt=before).order_by("finished_at")


def count_frames(before: datetime) -> int:
    return old_runs(before).count()


def delete_frames(before: datetime, most: int) -> int:
    """The files; the runs keep their results, and can no longer be repeated."""
    found = list(old_runs(before)[:most])
    for run in found:
        for path in files(run).values():
            path.unlink()
    Run.objects.filter(pk__in=[run.pk for run in found]).update(frame_path="")
    return len(found)
