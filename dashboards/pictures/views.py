"""One door for everything that is taken away from pages: permission, audit trail, names of files."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.audit.record import record
from analytics.exports.workbook import XLSX, comma_separated, workbook

from .alone import standalone
from .picture import Picture, Pictures
from .png import png

TYPES = {
    "svg": "image/svg+xml; charset=utf-8",
    "png": "image/png",
    "csv": "text/csv; charset=utf-8",
    "xlsx": XLSX,
}


def served(permission: str, find: Callable[..., Pictures | None]) -> Callable[..., HttpResponseBase]:
    """The view of a page's files. The page's own permission, and `find`, which the page is made with as well.

    Args:
        find: (request, **what the address holds) → everything that the page offers; None where that is nothing.
    """

    @require_safe
    @requires(permission)
    @wraps(find)
    def view(request: Any, name: str, ending: str, **path: Any) -> HttpResponse:
        if ending not in TYPES:
            raise Http404("Pictures are had as svg, png, csv and xlsx.")
        offered = find(request, **path)
        picture = offered.named(name) if offered is not None else None
        if offered is None or picture is None or ending not in picture.endings:
            # What a page shows depends on its data, so an address that was kept may have nothing behind it any more.
            messages.info(
                request, "There is nothing of this name to download now. The page shows what there is."
            )
            return redirect(request.path.partition("pictures/")[0])
        made = _made(picture, ending, source_line(request, offered))
        record(
            "data.exported",
            target=offered.target,
            after={"what": f"{offered.source}: {name}", "as": ending},
        )
        response = HttpResponse(made, content_type=TYPES[ending])
        file = "-".join(filter(None, (slugify(offered.name)[:60], slugify(name))))
        response["Content-Disposition"] = f'attachment; filename="{file}.{ending}"'
        response["X-Content-Type-Options"] = "nosniff"
        response["Cache-Control"] = "private, no-store"
        return response

    return view


def source_line(request: Any, offered: Pictures) -> str:
    """ "Halden Home, Overview, 1 Aug 2026 – 30 Aug 2026. Made 22 Nov 2026." """
    day = date_format(timezone.localdate(), "j M Y")
    return f"{request.membership.organization.name}, {offered.source}. Made {day}."


def _made(picture: Picture, ending: str, source: str) -> bytes:
    if ending == "csv":
        return comma_separated(picture.sheet()).encode()
    if ending == "xlsx":
        return workbook([picture.sheet()])
    made = standalone(picture, source)
    return png(made) if ending == "png" else made.encode()
