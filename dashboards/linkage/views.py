from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.access import requires
from analytics import selectors
from analytics.models import Run, Study
from analytics.studies import findings, services

from . import figures


@require_safe
@requires("linkage.view")
def studies(request: Any) -> HttpResponse:
    """Every study with the finding of its latest finished run."""
    rows = [
        {
            "study": row.study,
            "latest": row.latest,
            "finished": row.finished,
            "finding": findings.short(row.finished.result) if row.finished and row.finished.result else "",
            "reading": row.finished.result["reading"] if row.finished and row.finished.result else "",
        }
        for row in selectors.studies()
    ]
    return render(request, "dashboards/linkage/studies.html", {"rows": rows, **_may_run(request)})


@require_safe
@requires("linkage.view")
def study(request: Any, pk: UUID) -> HttpResponse:
    """A study: its latest finished run, and all runs."""
    found = get_object_or_404(Study, pk=pk)
    runs = list(found.runs.order_by("-number")[:20])
    shown = next((run for run in runs if run.status == Run.Status.FINISHED), runs[0] if runs else None)
    if shown is None:
        context = {"study": found, "runs": runs, **_may_run(request)}
        return render(request, "dashboards/linkage/study_empty.html", context)
    return _page(request, shown, runs)


@require_safe
@requires("linkage.view")
def run(request: Any, pk: UUID) -> HttpResponse:
    """One run: live progress, or what it found."""
    found = get_object_or_404(Run.objects.select_related("study"), pk=pk)
    return _page(request, found, list(found.study.runs.order_by("-number")[:20]))


@require_safe
@requires("linkage.view")
def progress(request: Any, pk: UUID) -> HttpResponse:
    """The progress panel, polled while the run is under way; when it is over the page is loaded anew."""
    found = get_object_or_404(Run.objects.select_related("study"), pk=pk)
    response = render(request, "dashboards/linkage/progress.html", {"run": found, **_may_run(request)})
    if found.is_over:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@requires("linkage.run")
def start(request: Any, pk: UUID) -> HttpResponse:
    """Run the study again, as of now."""
    found = get_object_or_404(Study, pk=pk)
    begun = services.start_run(study=found, requested_by=request.membership)
    return redirect("run", slug=request.membership.organization.slug, pk=begun.pk)


@require_POST
@requires("linkage.run")
def cancel(request: Any, pk: UUID) -> HttpResponse:
    found = get_object_or_404(Run.objects.select_related("study"), pk=pk)
    if services.cancel_run(run=found):
        messages.success(request, f"Run {found.number} was cancelled. Start it again whenever you like.")
    else:
        messages.info(request, f"Run {found.number} was over already.")
    return redirect("study", slug=request.membership.organization.slug, pk=found.study_id)


def _page(request: Any, shown: Run, runs: list[Run]) -> HttpResponse:
    context: dict[str, Any] = {"study": shown.study, "run": shown, "runs": runs, **_may_run(request)}
    if shown.status == Run.Status.FINISHED and shown.result:
        result = shown.result
        context |= {
            "result": result,
            "facts": result["facts"],
            "first_answer": _moment(result["facts"]["first_answer"]),
            "last_answer": _moment(result["facts"]["last_answer"]),
            "lede": findings.lede(result),
            "then": findings.then(result),
            "bands": figures.bands(result),
            "bands_title": findings.bands_title(result),
            "bands_subtitle": _bands_subtitle(result["facts"]),
            "bands_foot": f"Small tick: unadjusted mean. {figures.omnibus(result['after'])}",
            "contrasts": figures.contrasts(result),
            "association": figures.association(result),
            "checks": findings.checks(result),
            "worth": result.get("worth"),
            "worth_figure": figures.estimate((result.get("worth") or {}).get("total")),
            "worth_sentence": findings.worth(result),
            "unit": figures.unit_of(result["facts"]),
            "kept": shown.ledger,
        }
    return render(request, "dashboards/linkage/run.html", context)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _bands_subtitle(facts: dict[str, Any]) -> str:
    unit = f" in {facts['currency']}" if facts["unit"] == "money" else ""
    return (
        f"{facts['outcome_label']} per customer{unit}, adjusted mean with 95% interval. "
        "Dashed: the middle band’s mean."
    )


def _may_run(request: Any) -> dict[str, bool]:
    return {"may_run": request.membership.may("linkage.run")}
