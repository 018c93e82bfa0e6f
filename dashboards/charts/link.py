"""A link and its placebo on one scale, values at the right edge."""

from dataclasses import dataclass
from typing import Literal

from django.utils.safestring import SafeString

from . import plot
from .base import FIGURE_CLASSES, WIDTHS, Chart, PlotlyFigure, Table, Tone, Width
from .marks import across, marked, text_width
from .numbers import PLAIN, Estimate, Unit, range_text, value_text
from .scales import Scale
from .svg import Node, el, picture, text, vline


@dataclass(frozen=True)
class LinkWhisker(Chart):
    """`tone` is noise where the link does not stand; `signed` writes a difference with its plus."""

    link: Estimate
    placebo: Estimate | None
    unit: Unit = PLAIN
    tone: Literal["good", "bad", "noise", "plain"] = "good"
    signed: bool = True

    def rows(self) -> list[tuple[str, Estimate, Tone, bool]]:
        rows: list[tuple[str, Estimate, Tone, bool]] = [("Link", self.link, self.tone, False)]
        if self.placebo is not None:
            rows.append(("Placebo", self.placebo, "noise", True))
        return rows

    def value(self, estimate: Estimate) -> str:
        return value_text(estimate, self.unit.difference(), sign=self.signed)

    def span(self, estimate: Estimate) -> str:
        return range_text(estimate, self.unit.difference(), mark=False, to=True)

    def label(self) -> str:
        return "; ".join(f"{name} {self.value(item)}, {self.span(item)}" for name, item, _, _ in self.rows())

    def svg(self, width: Width = "column") -> SafeString:
        full = WIDTHS[width]
        rows = self.rows()
        spans = max(text_width(self.span(item)) for _, item, _, _ in rows)
        values = max(text_width(self.value(item), bold=True) for _, item, _, _ in rows)
        right = full - max(70.0, spans)
        first, last = 64.0, right - 8 - values - 12
        ends = [abs(end) for _, item, _, _ in rows for end in (item.low, item.high, item.value)]
        most = max(ends) or 1.0
        place = Scale(-most, most, first + 5, last - 5)
        below = 30 * len(rows) - 8
        nodes: list[Node] = [
            vline(place(0), 4, below, "zero"),
            text(place(0), below + 13, "0", cls="mid"),
        ]
        for row, (name, item, tone, hollow) in enumerate(rows):
            y = 15 + 30 * row
            dot = el("circle", cls="pt o" if hollow else "pt", cx=place(item.value), cy=float(y), r=5.0)
            nodes += [
                text(0, y + 4, name, cls="" if hollow else "t"),
                marked(tone, across(place(item.low), place(item.high), y), dot),
                text(right - 8, y + 4, self.value(item), cls="end-t b"),
                text(right, y + 4, self.span(item)),
            ]
        return picture(full, below + 14, self.label(), nodes, cls=FIGURE_CLASSES[width])

    def plotly(self) -> PlotlyFigure:
        data = [
            {
                "type": "scatter",
                "mode": "markers",
                "name": name,
                "x": [plot.shown(item.value, self.unit)],
                "y": [name],
                "error_x": plot.reach([item], self.unit, tone),
                "marker": {
                    "color": plot.color(tone),
                    "size": 10,
                    "symbol": plot.symbol("plain", hollow=hollow),
                },
                "text": [f"{self.value(item)}, {self.span(item)}"],
                "hovertemplate": "%{y}: %{text}<extra></extra>",
            }
            for name, item, tone, hollow in self.rows()
        ]
        return plot.figure(
            data,
            xaxis=plot.value_axis(self.unit.difference(), zeroline=True),
            yaxis=plot.axis(autorange="reversed"),
        )

    def table(self) -> Table:
        rows = [[name, self.value(item), self.span(item)] for name, item, _, _ in self.rows()]
        return Table(["", "Difference", "95% interval"], rows)
