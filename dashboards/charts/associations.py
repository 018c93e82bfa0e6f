"""Many links in a table: each with its interval and its placebo on one scale."""

from dataclasses import dataclass
from typing import Literal

from django.utils.safestring import SafeString

from . import plot
from .base import FIGURE_CLASSES, WIDTHS, Chart, PlotlyFigure, Table, Tone, Width
from .marks import across, marked
from .numbers import RATIO, Estimate, Unit, bare, count, number, range_text, value_text
from .scales import Scale, step_for
from .svg import Node, bold, el, picture, text, vline

Reading = Literal[
    "stands",
    "matched_by_placebo",
    "not_separable_from_placebo",
    "noise",
    "insufficient_evidence",
    "no_placebo_possible",
]
READINGS: dict[Reading, tuple[str, str]] = {
    "stands": ("stands", "good"),
    "matched_by_placebo": ("matched by its placebo", "warn"),
    "not_separable_from_placebo": ("not separable from its placebo", "warn"),
    "noise": ("noise", ""),
    "insufficient_evidence": ("insufficient evidence", ""),
    "no_placebo_possible": ("no placebo possible", ""),
}


@dataclass(frozen=True)
class Association:
    label: str
    estimate: Estimate
    placebo: Estimate | None
    q: float | None
    reading: Reading
    note: str = ""
    url: str = ""

    @property
    def tone(self) -> Tone:
        return "plain" if self.reading == "stands" else "noise"


@dataclass(frozen=True)
class Associations(Chart):
    rows: tuple[Association, ...]
    symbol: str = "ρ"
    unit: Unit = RATIO

    @property
    def bound(self) -> float:
        """One symmetric scale for all rows: the smallest round value that holds every end."""
        items = [item for row in self.rows for item in (row.estimate, row.placebo) if item is not None]
        most = max([abs(end) for item in items for end in (item.low, item.high, item.value)], default=0.0)
        return max(step_for(most, 1), 1e-9) if most else 1.0

    def value(self, estimate: Estimate) -> str:
        return value_text(estimate, self.unit)

    def span(self, estimate: Estimate) -> str:
        return range_text(estimate, self.unit, mark=False, to=True)

    def words(self, row: Association) -> str:
        words = f"{self.value(row.estimate)}, {self.span(row.estimate)}"
        return words if row.placebo is None else f"{words}; placebo {self.value(row.placebo)}"

    def label(self) -> str:
        return "; ".join(f"{row.label} {self.words(row)}" for row in self.rows)

    def q_text(self, row: Association) -> str:
        if row.q is None:
            return ""
        if row.q < 0.001:
            return "< .001"
        return bare(row.q, 3 if row.q < 0.01 else 2, leading_zero=False)

    def _marks(self, row: Association, place: Scale, top: float) -> list[Node]:
        estimate, placebo = row.estimate, row.placebo
        dot = "pt" if row.reading in ("stands", "matched_by_placebo") else "pt o"
        nodes = [
            marked(
                row.tone,
                across(place(estimate.low), place(estimate.high), top + 8),
                el("circle", cls=dot, cx=place(estimate.value), cy=top + 8.0, r=4.5),
            )
        ]
        if placebo is not None:
            nodes.append(
                marked(
                    "noise",
                    across(place(placebo.low), place(placebo.high), top + 20, thin=True),
                    el("circle", cls="pt o", cx=place(placebo.value), cy=top + 20.0, r=3.5),
                )
            )
        return nodes

    def row_svg(self, row: Association) -> SafeString:
        """One row's picture, for the cell of a table."""
        place = Scale(-self.bound, self.bound, 6, 178)
        nodes = [vline(place(0), 0, 26, "zero"), *self._marks(row, place, 0)]
        return picture(184, 26, self.words(row), nodes, cls="", fixed=True)

    def head_svg(self) -> SafeString:
        """The scale, for the head of that column."""
        place = Scale(-self.bound, self.bound, 6, 178)
        ends = [number(tick, self.unit) for tick in (-self.bound, self.bound)]
        nodes = [
            text(place(tick), 11, "0" if tick == 0 else number(tick, self.unit), cls="mid")
            for tick in (-self.bound, 0, self.bound)
        ]
        return picture(184, 14, f"Scale from {ends[0]} to {ends[1]}", nodes, cls="", fixed=True)

    def svg(self, width: Width = "wide") -> SafeString:
        full = WIDTHS[width]
        narrow = width != "wide"
        left, right = (0.0, full - 150.0) if narrow else (260.0, 600.0)
        each = 52 if narrow else 40
        place = Scale(-self.bound, self.bound, left + 6, right - 6)
        bottom = 16 + each * len(self.rows)
        nodes: list[Node] = [
            text(place(tick), 11, "0" if tick == 0 else number(tick, self.unit), cls="mid")
            for tick in (-self.bound, 0, self.bound)
        ]
        nodes.append(vline(place(0), 16, bottom, "zero"))
        for index, row in enumerate(self.rows):
            top = 16 + each * index
            marks_top = top + (22 if narrow else 6)
            nodes += [
                text(0, top + 14 if narrow else marks_top + 12, row.label, cls="t halo"),
                *self._marks(row, place, marks_top),
                text(right + 50, marks_top + 12, bold(self.value(row.estimate)), cls="end-t"),
                text(right + 56, marks_top + 12, self.span(row.estimate)),
            ]
        return picture(full, bottom + 2, self.label(), nodes, cls=FIGURE_CLASSES[width])

    def plotly(self) -> PlotlyFigure:
        data = []
        labels = [plot.words(row.label) for row in self.rows]
        for index, row in enumerate(self.rows):
            pairs = [(row.estimate, row.tone, False), (row.placebo, "noise", True)]
            for item, tone, hollow in pairs:
                if item is None:
                    continue
                data.append(
                    {
                        "type": "scatter",
                        "mode": "markers",
                        "x": [plot.shown(item.value, self.unit)],
                        "y": [index + (0.25 if hollow else 0)],
                        "error_x": plot.reach([item], self.unit, tone, 1.25 if hollow else 2),
                        "marker": {
                            "color": plot.color(tone),
                            "size": 8 if hollow else 10,
                            "symbol": plot.symbol("plain", hollow=hollow),
                        },
                        "text": [f"{labels[index]}: {self.value(item)}, {self.span(item)}"],
                        "hovertemplate": "%{text}<extra></extra>",
                    }
                )
        span = [plot.shown(-self.bound, self.unit), plot.shown(self.bound, self.unit)]
        return plot.figure(
            data,
            xaxis=plot.value_axis(self.unit, self.symbol, range=span, zeroline=True),
            yaxis=plot.axis(tickvals=list(range(len(labels))), ticktext=labels, autorange="reversed"),
        )

    def table(self) -> Table:
        rows = []
        for row in self.rows:
            placebo = "" if row.placebo is None else f"{self.value(row.placebo)} ({self.span(row.placebo)})"
            n = "" if row.estimate.n is None else count(row.estimate.n)
            rows.append(
                [
                    row.label,
                    self.value(row.estimate),
                    self.span(row.estimate),
                    placebo,
                    n,
                    self.q_text(row),
                    READINGS[row.reading][0],
                ]
            )
        return Table(
            ["Attitude → outcome", self.symbol, "95% interval", "Placebo", "n", "q", "Reading"], rows
        )
