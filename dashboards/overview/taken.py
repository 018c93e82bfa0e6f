"""What can be taken away from the overview: its pictures, the strongest links and the ledger."""

from typing import Any

from analytics.exports.cells import Cell, Sheet
from dashboards.charts import Unit
from dashboards.pictures import Picture, Pictures, served
from dashboards.pictures.numbers import ends

from .figures import Headline
from .views import shown

WEEKS = "By week, 95% interval on each. Bands: the two periods."
COUNTED = "Weeks are counted back from the last day."
LESS = "Promoters less detractors is the NPS."


def offered(request: Any) -> Pictures:
    found = shown(request)
    filters = found["filters"]
    items = [Picture("figures", "Figures", table=ledger(found["rows"]))]
    items += [
        Picture(link.key, link.finding, link.chart, subtitle=link.kind, foot=link.foot)
        for link in found["links"]
        if link.chart
    ]
    if found.get("trend"):
        n = found["nps"].n
        items += [
            Picture("trend", found["trend_title"], found["trend"], subtitle=WEEKS, foot=COUNTED, n=n),
            Picture(
                "distribution",
                found["distribution_title"],
                found["distribution"],
                subtitle="Answers by score",
                foot=LESS,
                n=n,
            ),
        ]
    return Pictures(
        source=", ".join(["Overview", str(filters.span), *filters.restrictions.values()]),
        name=f"overview-{filters.span.first}-{filters.span.last}",
        items=tuple(items),
    )


def ledger(rows: list[tuple[Headline, Any]]) -> Sheet:
    """Each figure with its interval, its change and what is said of it; shares and points as numbers."""
    headers = (
        "Figure",
        "What",
        "Value",
        "Low",
        "High",
        "n",
        "Change",
        "Change, low",
        "Change, high",
        "Reading",
    )
    made: list[list[Cell]] = []
    for row, verdict in rows:
        change = row.change.difference if row.change else None
        made.append(
            [
                row.name,
                _what(row.note, row.unit),
                *ends(row.estimate, row.unit),
                row.n,
                *ends(change, row.unit),
                verdict.reading if verdict else "",
            ]
        )
    return Sheet("figures", "Figures", headers, made)


def _what(note: str, unit: Unit) -> str:
    return f"{note} ({unit.suffix})" if unit.suffix else note


pictures = served("scores.view", offered)
