from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import requires
from dashboards.filters import Filters
from dashboards.linkage.cards import strongest
from dashboards.pictures import At

from . import pictures
from .attention import notices
from .figures import headlines
from .sentence import opening
from .verdicts import judge


@require_safe
@requires("scores.view")
def overview(request: Any) -> HttpResponse:
    """What customers feel now, whether it changed, and which links stand."""
    found = shown(request)
    context = {
        **found,
        "say": opening([(row.name, verdict) for row, verdict in found["rows"]]),
        "notices": notices(request.membership),
        "at": At(reverse("overview", args=[_slug(request)]) + "pictures/", found["filters"].query),
    }
    return render(request, "dashboards/overview.html", context)


def shown(request: Any) -> dict[str, Any]:
    """What the page draws, and what can be taken away from it."""
    organization = request.membership.organization
    filters = Filters.of(request.GET, organization)
    minimum_n = organization.minimum_n
    rows = headlines(filters, minimum_n)
    verdicts = judge([row.change for row in rows])
    nps = rows[0]
    found: dict[str, Any] = {
        "filters": filters,
        "rows": list(zip(rows, verdicts, strict=True)),
        "links": strongest(request.membership, limit=3),
    }
    if nps.estimate is not None:
        found |= {
            "trend": pictures.trend(nps, filters.span, minimum_n),
            "trend_title": pictures.trend_title(nps, filters.span),
            "distribution": pictures.distribution(nps),
            "distribution_title": pictures.distribution_title(nps),
            "nps": nps,
        }
    return found


def _slug(request: Any) -> str:
    return str(request.membership.organization.slug)
