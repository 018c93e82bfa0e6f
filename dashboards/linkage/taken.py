"""What can be taken away from a run's page: every picture and every table on it."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404

from analytics.models import Run
from dashboards.pictures import Picture, Pictures, served

from . import comparison, page
from .parts import Section

BANDS, ASSOCIATION = "bands", "association"
_RANKED = "Spearman ρ with 95% interval. Filled: answer → later outcome. Hollow: answer → earlier outcome, the placebo."


def offered(request: Any, pk: UUID) -> Pictures | None:
    """None while the run has no result."""
    run = get_object_or_404(Run.objects.kept().select_related("study"), pk=pk)
    return of_run(run) if run.status == Run.Status.FINISHED and run.result else None


def of_run(run: Run) -> Pictures:
    shown = page.context(run)
    n, _ = comparison.size(run.result or {})
    items = []
    if shown.get("bands"):
        items.append(
            Picture(
                BANDS,
                shown["told"].bands_title,
                shown["bands"],
                subtitle=shown["bands_subtitle"],
                foot=shown["bands_foot"],
                n=n,
            )
        )
    if shown.get("association"):
        items.append(
            Picture(
                ASSOCIATION,
                "The answer and the outcome, in rank order",
                shown["association"],
                subtitle=_RANKED,
                n=n,
            )
        )
    for section in shown["sections"]:
        items += of_section(section, n)
    return Pictures(
        source=f"{run.study.name}, run {run.number}, as of {run.as_of:%Y-%m-%d}",
        name=f"{run.study.name} run {run.number}",
        items=tuple(items),
        target=run,
    )


def of_section(section: Section, n: int | None, *, prefix: str = "") -> Iterator[Picture]:
    """Its picture, or its rows of whiskers, and its table; what stands as words only is not taken away."""
    key = f"{prefix}{section.key}"
    chart = section.chart or section.associations
    if chart is not None:
        yield Picture(key, section.title, chart, subtitle=section.subtitle, foot=section.foot, n=n)
    if section.table is not None:
        yield Picture(f"{key}-table" if chart else key, section.title, table=section.table, n=n)


pictures = served("linkage.view", offered)
