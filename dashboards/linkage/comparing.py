"""Two runs of a study beside each other."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.access import requires
from analytics.models import Run, Study

from . import comparison

MOST = 50


@require_safe
@requires("linkage.view")
def compare(request: Any, pk: UUID) -> HttpResponse:
    """`?a=…&b=…`; left out, the latest two finished runs. The earlier one always stands first."""
    study = get_object_or_404(Study, pk=pk)
    finished = study.runs.kept().filter(status=Run.Status.FINISHED, result__isnull=False).order_by("-number")
    choices = list(finished.only("pk", "number", "as_of", "organization_id", "study_id")[:MOST])
    chosen = [_one(request, "a", choices, 1), _one(request, "b", choices, 0)]
    context: dict[str, Any] = {"study": study, "choices": choices}
    if None not in chosen and chosen[0] != chosen[1]:
        both = list(finished.filter(pk__in=[run.pk for run in chosen if run]).select_related("study"))
        first, second = sorted(both, key=lambda run: run.number)
        context |= {"first": first, "second": second, "found": comparison.compare(first, second)}
    return render(request, "dashboards/linkage/compare.html", context)


def _one(request: Any, name: str, choices: list[Run], otherwise: int) -> Run | None:
    """The run that the address names; 404 for one that is not a finished run of this study."""
    wanted = request.GET.get(name, "")
    if wanted:
        found = next((run for run in choices if str(run.pk) == wanted), None)
        if found is None:
            raise Http404("No such finished run of this study.")
        return found
    return choices[otherwise] if len(choices) > otherwise else None
