from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import requires
from analytics import selectors
from dashboards.linkage.parts import drivers as parts


@require_safe
@requires("linkage.view")
def drivers(request: Any) -> HttpResponse:
    """The drivers of each attitude, from the newest finished run that has them."""
    runs = sorted(selectors.latest_finished(), key=lambda run: run.created_at, reverse=True)
    found: dict[str, dict[str, Any]] = {}
    for run in runs:
        result: dict[str, Any] = run.result or {}
        section = result.get("drivers")
        if section and section["drivers"]:
            facts = result["facts"]
            shown = {"run": run, "facts": facts, "sections": parts.sections(section, facts)}
            found.setdefault(facts["predictor"], shown)
    shown_first = next(iter(found.values()), None)
    context = {
        "found": list(found.values()),
        "title": shown_first["sections"][0].title if shown_first else "",
        "live": True,
        "may_run": request.membership.may("linkage.run"),
    }
    return render(request, "dashboards/drivers/drivers.html", context)
