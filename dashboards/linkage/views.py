"""The list of studies, a study, a run."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.access import requires
from analytics import selectors
from analytics.models import Run, Study
from analytics.studies import schedule, services
from analytics.studies.results import READINGS
from dashboards.pictures import At

from . import page, phrases
from .listing import Listing
from .words import first_message


@require_safe
@requires("linkage.view")
def studies(request: Any) -> HttpResponse:
    """Every study with the finding of its latest finished run; the address narrows and sorts them."""
    listing = Listing.of(request.GET)
    context = {
        "listing": listing,
        "rows": listing.rows(),
        "kinds": Study.Kind.choices,
        "readings": READINGS.items(),
        "weekly": schedule.due(),
        **_may_run(request),
    }
    return render(request, "dashboards/linkage/studies.html", context)


@require_safe
@requires("linkage.view")
def study(request: Any, pk: UUID) -> HttpResponse:
    """A study: its latest finished run, and all runs."""
    found = get_object_or_404(Study, pk=pk)
    runs = list(selectors.runs_of(found))
    shown = next((run for run in runs if run.status == Run.Status.FINISHED), runs[0] if runs else None)
    if shown is None:
        context = {
            "study": found,
            "runs": runs,
            "question": phrases.question(found),
            "next_run": schedule.next_run(found),
            "removed": selectors.removed_runs_of(found),
            **_may_run(request),
        }
        return render(request, "dashboards/linkage/study_empty.html", context)
    return _page(request, get_object_or_404(Run.objects.kept().select_related("study"), pk=shown.pk), runs)


@require_safe
@requires("linkage.view")
def run(request: Any, pk: UUID) -> HttpResponse:
    """One run: live progress, or what it found."""
    found = get_object_or_404(Run.objects.kept().select_related("study"), pk=pk)
    return _page(request, found, list(selectors.runs_of(found.study)))


@require_safe
@requires("linkage.view")
def progress(request: Any, pk: UUID) -> HttpResponse:
    """The progress panel, polled while the run is under way; when it is over the page is loaded anew."""
    found = get_object_or_404(Run.objects.kept().select_related("study"), pk=pk)
    response = render(request, "dashboards/linkage/progress.html", {"run": found, **_may_run(request)})
    if found.is_over:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@requires("linkage.run")
def start(request: Any, pk: UUID) -> HttpResponse:
    """Run the study again, as of now."""
    found = get_object_or_404(Study, pk=pk)
    try:
        begun = services.start_run(study=found, requested_by=request.membership)
    except ValidationError as error:
        messages.error(request, first_message(error))
        return redirect("study", slug=request.membership.organization.slug, pk=pk)
    return redirect("run", slug=request.membership.organization.slug, pk=begun.pk)


@require_POST
@requires("linkage.run")
def cancel(request: Any, pk: UUID) -> HttpResponse:
    found = get_object_or_404(Run.objects.kept().select_related("study"), pk=pk)
    if services.cancel_run(run=found):
        messages.success(request, f"Run {found.number} was cancelled. Start it again whenever you like.")
    else:
        messages.info(request, f"Run {found.number} was over already.")
    return redirect("study", slug=request.membership.organization.slug, pk=found.study_id)


def _page(request: Any, shown: Run, runs: list[Run]) -> HttpResponse:
    finished = [one for one in runs if one.status == Run.Status.FINISHED]
    earlier = next((one for one in finished if one.number < shown.number), None)
    slug = request.membership.organization.slug
    context = {
        **page.context(shown),
        "at": At(reverse("run", kwargs={"slug": slug, "pk": shown.pk}) + "pictures/"),
        "runs": runs,
        "earlier": earlier if shown in finished else None,
        "next_run": schedule.next_run(shown.study),
        "removed": selectors.removed_runs_of(shown.study),
        **_may_run(request),
    }
    return render(request, "dashboards/linkage/run.html", context)


def _may_run(request: Any) -> dict[str, bool]:
    return {"may_run": request.membership.may("linkage.run")}
