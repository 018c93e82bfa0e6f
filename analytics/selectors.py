"""Studies, runs and their strongest links, read with a bounded number of queries."""

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet, Window
from django.db.models.fields.json import KT
from django.db.models.functions import RowNumber

from .models import Run, Study
from .studies.kinds import strength

#: Which readings come first where links are ranked.
RANK = {
    "stands": 0,
    "no_placebo_possible": 1,
    "not_separable_from_placebo": 2,
    "matched_by_placebo": 3,
    "noise": 4,
    "insufficient_evidence": 5,
}


_HEAVY = ("result", "ledger", "settings", "versions")


@dataclass(frozen=True, slots=True)
class StudyRow:
    """A study, its latest run (without the result) and its latest finished one (with it)."""

    study: Study
    latest: Run | None
    finished: Run | None


def studies(*, archived: bool = False) -> list[StudyRow]:
    """Studies by name, the archived ones or the others. Three queries."""
    latest = {run.study_id: run for run in _latest(Run.objects.kept().defer(*_HEAVY))}
    finished = {run.study_id: run for run in latest_finished(archived=archived)}
    return [
        StudyRow(study, latest.get(study.pk), finished.get(study.pk))
        for study in Study.objects.filter(archived_at__isnull=not archived).order_by("name")
    ]


def latest_finished(*, archived: bool = False) -> QuerySet[Run]:
    """The latest finished run of each study, with its study."""
    runs = Run.objects.kept().filter(status=Run.Status.FINISHED, study__archived_at__isnull=not archived)
    return _latest(runs).select_related("study")


@dataclass(frozen=True, slots=True)
class Turn:
    """A study whose latest finished run reads otherwise than the one before it."""

    study: Study
    before: str
    after: str
    earlier: Run
    later: Run


def turns(*, since: datetime | None = None) -> list[Turn]:
    """Studies that are not archived and whose reading turned, newest first; with `since`, only runs finished from
    then on. One query, and only two results a study are looked into.
    """
    finished = Run.objects.kept().filter(status=Run.Status.FINISHED, study__archived_at__isnull=True)
    place = Window(RowNumber(), partition_by=[F("study_id")], order_by=F("number").desc())
    last_two = finished.annotate(place=place).filter(place__lte=2).values("pk")
    read = (
        Run.objects.filter(pk__in=last_two)
        .annotate(reading=KT("result__reading"))
        .select_related("study")
        .defer(*(f"study__{name}" for name in ("controls", "outcomes", "declared", "options")), *_HEAVY)
        .order_by("study_id", "-number")
    )
    found = []
    for later, earlier in pairwise(read):
        after, before = (str(vars(run)["reading"]) for run in (later, earlier))
        if later.study_id != earlier.study_id or after == before:
            continue
        if since is None or (later.finished_at is not None and later.finished_at >= since):
            found.append(Turn(later.study, before, after, earlier, later))
    return sorted(found, key=lambda turn: turn.later.created_at, reverse=True)


def _latest(runs: QuerySet[Run]) -> QuerySet[Run]:
    return runs.order_by("study_id", "-number").distinct("study_id")


def run_detail(pk: UUID | str) -> Run | None:
    """A run with its study and who asked for it; None where there is none."""
    return Run.objects.kept().select_related("study", "requested_by__user").filter(pk=pk).first()


def runs_of(study: Study, *, limit: int = 20) -> QuerySet[Run]:
    """A study's runs, newest first, without what is heavy."""
    return study.runs.kept().defer(*_HEAVY).order_by("-number")[:limit]


def removed_runs_of(study: Study) -> list[Run]:
    """Runs of a study that were removed and can still be brought back, newest first."""
    return list(study.runs.filter(removed_at__isnull=False).defer(*_HEAVY).order_by("-number"))


def strongest_links(*, limit: int = 3) -> list[Run]:
    """Latest finished runs, those that stand first, then by size in standard deviations. One query.

    Links without figures (insufficient evidence) are left out.
    """
    found = [run for run in latest_finished() if run.result and strength(run.result) is not None]
    return sorted(found, key=_strength)[:limit]


def _strength(run: Run) -> tuple[int, float, str]:
    result: dict[str, Any] = run.result or {}
    return RANK.get(result["reading"], len(RANK)), -(strength(result) or 0.0), run.study.name
