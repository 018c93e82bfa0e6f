from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import requires
from dashboards.filters import Filters
from dashboards.linkage.cards import strongest

from . import pictures
from .attention import notices
from .figures import headlines
from .sentence import opening
from .verdicts import judge


@require_safe
@requires("scores.view")
def overview(request: Any) -> HttpResponse:
    """What customers feel now, whether it changed, and which links stand."""
    organization = request.membership.organization
    filters = Filters.of(request.GET, organization)
    minimum_n = organization.minimum_n
    rows = headlines(filters, minimum_n)
    verdicts = judge([row.change for row in rows])
    nps = rows[0]
    context = {
        "filters": filters,
        "say": opening([(row.name, verdict) for row, verdict in zip(rows, verdicts, strict=True)]),
        "rows": list(zip(rows, verdicts, strict=True)),
        "notices": notices(),
        "links": strongest(request.membership, limit=3),
    }
    if nps.estimate is not None:
        context |= {
            "trend": pictures.trend(nps, filters.span, minimum_n),
            "trend_title": pictures.trend_title(nps, filters.span),
            "distribution": pictures.distribution(nps),
            "distribution_title": pictures.distribution_title(nps),
            "nps": nps,
        }
    return render(request, "dashboards/overview.html", context)
