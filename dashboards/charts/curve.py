"""A smooth curve with its band over a measure, the points it was drawn through, and thresholds."""

from dataclasses import dataclass

from django.utils.safestring import SafeString

from . import plot
from .base import FIGURE_CLASSES, WIDTHS, Chart, PlotlyFigure, Table, Tone, Width
from .drivers_labels import Box, place_labels
from .marks import across, inside, marked, point, text_width, upright
from .numbers import PLAIN, SHARE, Estimate, Unit, full_text, n_text, number, range_text, tick, value_text
from .scales import Scale, extent, step_of, ticks
from .svg import Node, el, hline, num, picture, points, text, vline

Span = tuple[float, float]


@dataclass(frozen=True)
class CurvePoint:
    """The curve at one value of the measure."""

    x: float
    y: Estimate


@dataclass(frozen=True)
class CurveDot:
    """What was observed: a bin or a unit. A dot without an interval of its own is hollow."""

    label: str
    x: float
    y: float
    x_span: Span | None = None
    y_span: Span | None = None
    n: int | None = None


@dataclass(frozen=True)
class Threshold:
    x: float
    label: str


@dataclass(frozen=True)
class Curve(Chart):
    line: tuple[CurvePoint, ...]
    dots: tuple[CurveDot, ...]
    x_label: str
    y_label: str
    thresholds: tuple[Threshold, ...] = ()
    x_unit: Unit = PLAIN
    y_unit: Unit = SHARE
    #: Whether the dots are named in the picture, where their names fit; the table names them in any case.
    named: bool = False

    def _x_domain(self) -> tuple[float, float]:
        ends = [one.x for one in self.line] + [end for dot in self.dots for end in (dot.x_span or (dot.x,))]
        return extent([*ends, *(one.x for one in self.thresholds)], pad=0.02)

    def _y_domain(self) -> tuple[float, float]:
        ends = [end for one in self.line for end in (one.y.low, one.y.high)]
        ends += [end for dot in self.dots for end in (dot.y, *(dot.y_span or ()))]
        return extent(ends, pad=0.06)

    def axis_note(self) -> str:
        low, _ = self._y_domain()
        return f"Axis starts at {number(low, self.y_unit, reach=abs(low) / 5 or 1.0)}." if low > 0 else ""

    def label(self) -> str:
        told = f"{self.y_label} by {self.x_label}"
        if self.line:
            first, last = self.line[0], self.line[-1]
            told += (
                f": {full_text(first.y, self.y_unit)} at {self._at(first.x)}, "
                f"{full_text(last.y, self.y_unit)} at {self._at(last.x)}"
            )
        return told

    def words(self, dot: CurveDot) -> str:
        n = f", {n_text(dot.n)}" if dot.n is not None else ""
        return f"{dot.label}: {self._value(dot)} at {self._at(dot.x)}{n}"

    def _value(self, dot: CurveDot) -> str:
        if dot.y_span is None:
            return number(dot.y, self.y_unit)
        return full_text(Estimate(dot.y, *dot.y_span), self.y_unit)

    def _at(self, x: float) -> str:
        low, high = self._x_domain()
        return number(x, self.x_unit, reach=(high - low) / 5)

    def svg(self, width: Width = "wide") -> SafeString:
        full, wide = float(WIDTHS[width]), width == "wide"
        bottom = 268.0 if wide else 214.0
        top = 44.0 if self.thresholds else 26.0
        low, high = self._y_domain()
        marks = ticks(low, high, 4)
        left = max(24.0, *(text_width(tick(mark, self.y_unit, step_of(marks))) + 8 for mark in marks))
        x = Scale(*self._x_domain(), left + 6, full - 8)
        y = Scale(low, high, bottom, top)
        nodes = [*self._axes(x, y, left, full), *self._thresholds(x, y, full), *self._line(x, y)]
        nodes += [self._dot(dot, x, y) for dot in self.dots]
        if self.named:
            nodes += self._names(x, y, left, full)
        return picture(full, bottom + 38, self.label(), nodes, cls=FIGURE_CLASSES[width])

    def _axes(self, x: Scale, y: Scale, left: float, full: float) -> list[Node]:
        nodes: list[Node] = [text(0, 12, f"↑ {self.y_label}")]
        marks = ticks(y.low, y.high, 4)
        for value in marks:
            nodes += [
                hline(left, full, y(value), "ax" if value == 0 else "gl"),
                text(left - 8, y(value) + 4, tick(value, self.y_unit, step_of(marks)), cls="end-t"),
            ]
        marks = ticks(x.low, x.high, 6 if full > 500 else 4)
        for index, value in enumerate(marks):
            words = tick(value, self.x_unit, step_of(marks), mark=index == 0)
            place = inside(x(value), text_width(words), left, full)
            nodes.append(text(place, y.start + 17, words, cls="mid"))
        nodes.append(hline(left, full, y.start, "ax"))
        nodes.append(text(full, y.start + 34, f"{self.x_label} →", cls="end-t"))
        return nodes

    def _thresholds(self, x: Scale, y: Scale, full: float) -> list[Node]:
        nodes: list[Node] = []
        for one in self.thresholds:
            place = inside(x(one.x), text_width(one.label, bold=True), 0, full)
            nodes += [
                vline(x(one.x), y.end - 8, y.start, "lead dash"),
                text(place, y.end - 14, one.label, cls="mid b"),
            ]
        return nodes

    def _line(self, x: Scale, y: Scale) -> list[Node]:
        if not self.line:
            return []
        upper = [(x(one.x), y(one.y.high)) for one in self.line]
        lower = [(x(one.x), y(one.y.low)) for one in self.line]
        path = "M" + "L".join(f"{num(x(one.x))} {num(y(one.y.value))}" for one in self.line)
        band = el("polygon", cls="area", points=points(upper + lower[::-1]))
        return [marked("plain", band, el("path", cls="line", d=path), title=self.label())]

    def _dot(self, dot: CurveDot, x: Scale, y: Scale) -> Node:
        tone: Tone = "plain"
        parts: list[Node] = []
        if dot.x_span is not None:
            parts.append(across(x(dot.x_span[0]), x(dot.x_span[1]), y(dot.y), thin=True))
        if dot.y_span is not None:
            parts.append(upright(x(dot.x), y(dot.y_span[0]), y(dot.y_span[1]), thin=dot.x_span is not None))
        parts.append(point(tone, x(dot.x), y(dot.y), radius=4, hollow=dot.y_span is None))
        return marked(tone, *parts, title=self.words(dot))

    def _names(self, x: Scale, y: Scale, left: float, full: float) -> list[Node]:
        crosses = [
            Box(
                x(dot.x),
                y(dot.y),
                (x((dot.x_span or (dot.x, dot.x))[0]), x((dot.x_span or (dot.x, dot.x))[1])),
                (y((dot.y_span or (dot.y, dot.y))[1]), y((dot.y_span or (dot.y, dot.y))[0])),
            )
            for dot in self.dots
        ]
        places, fit = place_labels([dot.label for dot in self.dots], crosses, (left, full, y.end, y.start))
        if not fit:
            return []
        return [
            text(place_x, place_y, dot.label, cls="halo t end-t" if ends else "halo t")
            for dot, (place_x, place_y, ends) in zip(self.dots, places, strict=True)
        ]

    def plotly(self) -> PlotlyFigure:
        xs = [plot.shown(one.x, self.x_unit) for one in self.line]
        edge = {
            "type": "scatter",
            "mode": "lines",
            "x": xs,
            "hoverinfo": "skip",
            "line": {"width": 0, "color": plot.color("plain", 0.14)},
        }
        data: list[dict[str, object]] = []
        if self.line:
            data = [
                {**edge, "y": [plot.shown(one.y.low, self.y_unit) for one in self.line]},
                {
                    **edge,
                    "y": [plot.shown(one.y.high, self.y_unit) for one in self.line],
                    "fill": "tonexty",
                    "fillcolor": plot.color("plain", 0.14),
                },
                {
                    "type": "scatter",
                    "mode": "lines",
                    "x": xs,
                    "y": [plot.shown(one.y.value, self.y_unit) for one in self.line],
                    "line": {"width": 2, "color": plot.color("plain")},
                    "text": [full_text(one.y, self.y_unit) for one in self.line],
                    "hovertemplate": "%{x}: %{text}<extra></extra>",
                },
            ]
        for dot in self.dots:
            across_, up = dot.x_span or (dot.x, dot.x), dot.y_span or (dot.y, dot.y)
            data.append(
                {
                    "type": "scatter",
                    "mode": "markers",
                    "x": [plot.shown(dot.x, self.x_unit)],
                    "y": [plot.shown(dot.y, self.y_unit)],
                    "error_x": plot.reach([Estimate(dot.x, *across_)], self.x_unit, "plain", 1.25),
                    "error_y": plot.reach([Estimate(dot.y, *up)], self.y_unit, "plain", 1.25),
                    "marker": {
                        "color": plot.color("plain"),
                        "size": 8,
                        "symbol": plot.symbol("plain", hollow=dot.y_span is None),
                    },
                    "text": [plot.words(self.words(dot))],
                    "hovertemplate": "%{text}<extra></extra>",
                }
            )
        places = [(plot.shown(one.x, self.x_unit), one.label) for one in self.thresholds]
        return plot.figure(
            data,
            xaxis=plot.value_axis(self.x_unit, self.x_label),
            yaxis=plot.value_axis(self.y_unit, self.y_label),
            shapes=[plot.dashed(yref="paper", x0=x, x1=x, y0=0, y1=1) for x, _ in places],
            annotations=[plot.note(words, x=x, yref="paper", y=1, yanchor="bottom") for x, words in places],
        )

    def table(self) -> Table:
        """The dots where there are any, else the curve."""
        if not self.dots:
            rows = [
                [self._at(one.x), value_text(one.y, self.y_unit), range_text(one.y, self.y_unit)]
                for one in self.line
            ]
            return Table([self.x_label.capitalize(), self.y_label, "95% interval"], rows)
        rows = [
            [
                dot.label,
                self._at(dot.x),
                self._value(dot),
                "" if dot.n is None else n_text(dot.n).removeprefix("n\u202f"),
            ]
            for dot in self.dots
        ]
        return Table(["", self.x_label.capitalize(), self.y_label, "n"], rows)
