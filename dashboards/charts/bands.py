"""Bands by their adjusted mean, after the answer and before it, on one scale."""

from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from . import plot
from .base import FIGURE_CLASSES, WIDTHS, Chart, PlotlyFigure, Table, Tone, Width
from .marks import across, inside, marked, point, text_width
from .numbers import (
    PLAIN,
    Estimate,
    Unit,
    count,
    full_text,
    n_text,
    number,
    range_text,
    reach_text,
    tick,
    value_text,
)
from .scales import Scale, extent, step_of, ticks
from .svg import Node, bold, picture, text, vline


@dataclass(frozen=True)
class BandRow:
    """One band in one panel; `raw` is its mean before adjustment."""

    label: str
    tone: Tone
    mean: Estimate
    raw: float | None = None


@dataclass(frozen=True)
class BandPanel:
    """The link (`placebo` false, filled marks) or its placebo (hollow)."""

    title: str
    subtitle: str
    rows: tuple[BandRow, ...]
    placebo: bool = False


@dataclass(frozen=True)
class BandDots(Chart):
    """Panels name the same bands in the same order; `reference` is the row whose mean is drawn dashed."""

    panels: tuple[BandPanel, ...]
    unit: Unit = PLAIN
    reference: int | None = None

    def __post_init__(self) -> None:
        if len({tuple(row.label for row in panel.rows) for panel in self.panels}) != 1:
            raise ValueError("every panel of a BandDots names the same bands in the same order")

    def domain(self) -> tuple[float, float]:
        rows = [row for panel in self.panels for row in panel.rows]
        ends = [end for row in rows for end in (row.mean.low, row.mean.high, row.mean.value)]
        return extent([*ends, *(row.raw for row in rows if row.raw is not None)], pad=0.12)

    def axis_note(self) -> str:
        low, _ = self.domain()
        if low <= 0:
            return ""
        return f"Axis starts at {number(low, self.unit, reach=low / 4)}."

    def label(self) -> str:
        panels = []
        for panel in self.panels:
            rows = ", ".join(f"{row.label} {full_text(row.mean, self.unit)}" for row in panel.rows)
            panels.append(f"{panel.title}: {rows}")
        return "; ".join(panels)

    def svg(self, width: Width = "wide") -> SafeString:
        draw = self._wide if width == "wide" else self._narrow
        return draw(width)

    def _wide(self, width: Width) -> SafeString:
        full = WIDTHS[width]
        names = [text_width(row.label, bold=True) for row in self.panels[0].rows]
        first = min(max(112.0, max(names, default=0.0) + 16), 240.0)
        each = (full - first - 32 * (len(self.panels) - 1)) / len(self.panels)
        bottom = 32 + 58 * len(self.panels[0].rows)
        nodes: list[Node] = []
        for index, panel in enumerate(self.panels):
            left = first + index * (each + 32)
            nodes += [text(left, 14, bold(panel.title), f"  {panel.subtitle}")]
            place = Scale(*self.domain(), left, left + each)
            nodes += self._grid(place, 30, bottom)
            nodes += self._reference(panel, place, 30, bottom)
            for row, band in enumerate(panel.rows):
                y = 66 + 58 * row
                if index == 0:
                    nodes += [
                        text(0, y - 1, bold(band.label), cls="t"),
                        text(0, y + 15, n_text(band.mean.n)),
                    ]
                value, reach = self._words(band.mean)
                room = text_width(value, bold=True) + text_width(reach) + 4
                middle = inside(place(band.mean.value), room, left - 8, left + each + 8)
                nodes += [
                    self._band(band, place, y, hollow=panel.placebo),
                    text(middle, y - 11, bold(value), f" {reach}", cls="mid halo"),
                ]
        return picture(full, bottom + 24, self.label(), nodes, cls=FIGURE_CLASSES[width])

    def _narrow(self, width: Width) -> SafeString:
        full = WIDTHS[width]
        tall = 206 + 44 * (len(self.panels[0].rows) - 3)
        place = Scale(*self.domain(), 2, full - 4)
        nodes: list[Node] = []
        for index, panel in enumerate(self.panels):
            top = index * tall
            nodes += [text(2, top + 14, bold(panel.title), f"  {panel.subtitle}")]
            nodes += self._grid(place, top + 30, top + tall - 30)
            nodes += self._reference(panel, place, top + 30, top + tall - 30)
            for row, band in enumerate(panel.rows):
                y = top + 64 + 44 * row
                value, reach = self._words(band.mean)
                nodes += [
                    text(2, y - 13, bold(band.label), f"  {n_text(band.mean.n)}", cls="halo"),
                    self._band(band, place, y, hollow=panel.placebo),
                    text(full - 4, y - 13, bold(value), f" {reach}", cls="end-t halo"),
                ]
        return picture(full, len(self.panels) * tall - 6, self.label(), nodes, cls=FIGURE_CLASSES[width])

    def _words(self, mean: Estimate) -> tuple[str, str]:
        reach = reach_text(mean, self.unit)
        return value_text(mean, self.unit), reach if reach.startswith("±") else range_text(mean, self.unit)

    def _grid(self, place: Scale, top: float, bottom: float) -> list[Node]:
        nodes: list[Node] = []
        marks = ticks(place.low, place.high, 5)
        for index, value in enumerate(marks):
            x = place(value)
            words = tick(value, self.unit, step_of(marks), mark=index == 0)
            nodes += [
                vline(x, top, bottom, "ax" if value == 0 else "gl"),
                text(inside(x, text_width(words), 0, place.end + 4), bottom + 17, words, cls="mid"),
            ]
        return nodes

    def _reference(self, panel: BandPanel, place: Scale, top: float, bottom: float) -> list[Node]:
        if self.reference is None:
            return []
        return [vline(place(panel.rows[self.reference].mean.value), top, bottom, "lead dash")]

    def _band(self, band: BandRow, place: Scale, y: float, *, hollow: bool) -> Node:
        mean = band.mean
        marks = [across(place(mean.low), place(mean.high), y)]
        if band.raw is not None:
            marks.append(vline(place(band.raw), y + 8, y + 15, "w"))
        marks.append(point(band.tone, place(mean.value), y, hollow=hollow))
        return marked(band.tone, *marks, title=f"{band.label}: {full_text(mean, self.unit)}")

    def plotly(self) -> PlotlyFigure:
        data = []
        for index, panel in enumerate(self.panels):
            suffix = "" if index == 0 else str(index + 1)
            for band in panel.rows:
                data.append(
                    {
                        "type": "scatter",
                        "mode": "markers",
                        "name": plot.words(f"{panel.title}: {band.label}"),
                        "x": [plot.shown(band.mean.value, self.unit)],
                        "y": [plot.words(band.label)],
                        "xaxis": f"x{suffix}",
                        "yaxis": "y",
                        "error_x": plot.reach([band.mean], self.unit, band.tone),
                        "marker": {
                            "color": plot.color(band.tone),
                            "size": 11,
                            "symbol": plot.symbol(band.tone, hollow=panel.placebo),
                        },
                        "text": [full_text(band.mean, self.unit)],
                        "hovertemplate": "%{y}: %{text}<extra></extra>",
                    }
                )
                if band.raw is not None:
                    data.append(self._raw(band, f"x{suffix}"))
        share, low, high = 1 / len(self.panels), *self.domain()
        span = [plot.shown(low, self.unit), plot.shown(high, self.unit)]
        axes = {
            f"xaxis{'' if index == 0 else index + 1}": plot.value_axis(
                self.unit, panel.title, range=span, domain=[index * share, (index + 1) * share - 0.04]
            )
            for index, panel in enumerate(self.panels)
        }
        rows = plot.axis(autorange="reversed", type="category")
        return plot.figure(data, shapes=self._reference_shapes(), yaxis=rows, **axes)

    def _raw(self, band: BandRow, axis: str) -> dict[str, Any]:
        assert band.raw is not None
        return {
            "type": "scatter",
            "mode": "markers",
            "x": [plot.shown(band.raw, self.unit)],
            "y": [plot.words(band.label)],
            "xaxis": axis,
            "yaxis": "y",
            "marker": {"symbol": "line-ns-open", "color": plot.color(band.tone), "size": 9},
            "hovertemplate": "%{y}: %{x}, unadjusted<extra></extra>",
        }

    def _reference_shapes(self) -> list[dict[str, Any]]:
        if self.reference is None:
            return []
        means = [panel.rows[self.reference].mean.value for panel in self.panels]
        return [
            plot.dashed(
                xref=f"x{'' if index == 0 else index + 1}",
                x0=plot.shown(mean, self.unit),
                x1=plot.shown(mean, self.unit),
                yref="paper",
                y0=0,
                y1=1,
            )
            for index, mean in enumerate(means)
        ]

    def table(self) -> Table:
        first = self.panels[0]
        raw = any(band.raw is not None for band in first.rows)
        headers = ["Band", "n", *(["Unadjusted"] if raw else []), *(panel.title for panel in self.panels)]
        rows = []
        for index, band in enumerate(first.rows):
            cells = [band.label, "" if band.mean.n is None else count(band.mean.n)]
            if raw:
                cells.append("" if band.raw is None else number(band.raw, self.unit, reach=band.mean.reach))
            cells += [full_text(panel.rows[index].mean, self.unit) for panel in self.panels]
            rows.append(cells)
        return Table(headers, rows)
