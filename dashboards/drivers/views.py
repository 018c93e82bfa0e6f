from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from accounts.access import requires
from analytics import selectors
from analytics.models import Run
from dashboards.linkage.parts import Section
from dashboards.linkage.parts import drivers as parts
from dashboards.pictures import At


@dataclass(frozen=True, slots=True)
class Shown:
    """The newest run with drivers of each study, newest first, and the one that is told of."""

    choices: list[Run]
    run: Run
    sections: list[Section]

    @property
    def facts(self) -> dict[str, Any]:
        facts: dict[str, Any] = (self.run.result or {})["facts"]
        return facts

    @property
    def prefix(self) -> str:
        """Names its pictures after the attitude."""
        return f"{slugify(self.facts['predictor'].replace(':', '-'))}-"


@require_safe
@requires("linkage.view")
def drivers(request: Any) -> HttpResponse:
    """The drivers of one study's attitude: `?study=…`, or those of the newest run that has any."""
    shown = chosen(request)
    context = {
        "shown": shown,
        "live": True,
        "at": At(f"{request.path}pictures/", f"study={shown.run.study_id}" if shown and request.GET else ""),
        "may_run": request.membership.may("linkage.run"),
    }
    return render(request, "dashboards/drivers/drivers.html", context)


def chosen(request: Any) -> Shown | None:
    """None where no run has drivers; 404 for a study that has none."""
    runs = sorted(selectors.latest_finished(), key=lambda run: run.created_at, reverse=True)
    choices = [run for run in runs if _found(run)]
    wanted = request.GET.get("study", "")
    run = next((one for one in choices if not wanted or str(one.study_id) == wanted), None)
    if run is None and wanted:
        raise Http404("This study has no drivers.")
    if run is None:
        return None
    result: dict[str, Any] = run.result or {}
    return Shown(choices, run, parts.sections(result["drivers"], result["facts"]))


def _found(run: Run) -> bool:
    section = (run.result or {}).get("drivers")
    return bool(section and section["drivers"])
