"""Studies, runs and their strongest links, read with a bounded number of queries."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from .models import Run, Study
from .studies.kinds import strength

#: Which readings come first where links are ranked.
_RANK = {
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


def studies() -> list[StudyRow]:
    """All studies by name. Three queries."""
    latest = {run.study_id: run for run in _latest(Run.objects.defer(*_HEAVY))}
    finished = {run.study_id: run for run in latest_finished()}
    return [
        StudyRow(study, latest.get(study.pk), finished.get(study.pk))
        for study in Study.objects.order_by("name")
    ]


def latest_finished() -> QuerySet[Run]:
    """The latest finished run of each study, with its study."""
    return _latest(Run.objects.filter(status=Run.Status.FINISHED)).select_related("study")


def _latest(runs: QuerySet[Run]) -> QuerySet[Run]:
    return runs.order_by("study_id", "-number").distinct("study_id")


def run_detail(pk: UUID | str) -> Run | None:
    """A run with its study and who asked for it; None where there is none."""
    return Run.objects.select_related("study", "requested_by__user").filter(pk=pk).first()


def runs_of(study: Study, *, limit: int = 20) -> QuerySet[Run]:
    """A study's runs, newest first, without what is heavy."""
    return study.runs.defer(*_HEAVY).order_by("-number")[:limit]


def strongest_links(*, limit: int = 3) -> list[Run]:
    """Latest finished runs, those that stand first, then by size in standard deviations. One query.

    Links without figures (insufficient evidence) are left out.
    """
    found = [run for run in latest_finished() if run.result and strength(run.result) is not None]
    return sorted(found, key=_strength)[:limit]


def _strength(run: Run) -> tuple[int, float, str]:
    result: dict[str, Any] = run.result or {}
    return _RANK.get(result["reading"], len(_RANK)), -(strength(result) or 0.0), run.study.name
