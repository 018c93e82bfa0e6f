"""A run as one HTML file: pictures as SVG, every table open, no script, nothing fetched."""

from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from accounts.models import Organization
from analytics.models import Run

from . import page

_SHEETS = (
    "tokens",
    "base",
    "words",
    "numbers",
    "tables",
    "figures",
    "panels",
    "states",
    "narrow",
    "print",
    "report",
)
_HERE = "<!-- style -->"
_CLOSED, _OPEN = '<details class="data">', '<details class="data" open>'
#: A curve has a row a day; more than this is read in the workbook.
MOST_ROWS = 80


def report_page(run: Run, organization: Organization) -> str:
    context: dict[str, Any] = page.context(run) | {
        "organization": organization,
        "report": True,
        "live": False,
    }
    made = render_to_string("dashboards/linkage/report.html", context)
    # The style stands in the file, since a file has no server to fetch it from; pages never carry their own.
    return _opened(made.replace(_HERE, f"<style>{_style()}</style>", 1))


def _opened(page: str) -> str:
    """With the tables behind pictures open, but for those that would fill pages of paper."""
    start, *rest = page.split(_CLOSED)
    parts = [start]
    for piece in rest:
        is_long = piece.partition("</details>")[0].count("<tr>") > MOST_ROWS
        parts += [_CLOSED if is_long else _OPEN, piece]
    return "".join(parts)


@cache
def _style() -> str:
    found = [finders.find(f"css/{name}.css") for name in _SHEETS]
    return "\n".join(Path(path).read_text("utf-8") for path in found if isinstance(path, str))
