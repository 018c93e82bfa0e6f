"""Kaplan–Meier curves: steps with their bands, named at their ends, and how many are still followed."""

from dataclasses import dataclass

from django.utils.safestring import SafeString

from . import plot
from .base import FIGURE_CLASSES, WIDTHS, Chart, PlotlyFigure, Table, Tone, Width
from .marks import CLASSES, marked, spread, text_width
from .numbers import SHARE, Estimate, Unit, bare, count, full_text, number, tick
from .scales import Scale, extent, step_of, ticks
from .svg import Node, el, hline, num, picture, points, text

STATED = 0.025  # an axis of shares starts below the lowest band by this much


@dataclass(frozen=True)
class SurvivalStep:
    """From `time` on, the share that has not yet had the event."""

    time: float
    share: Estimate


@dataclass(frozen=True)
class SurvivalCurve:
    """`at_risk` says how many are followed at the times of the axis. `end`: how far it is drawn; None is to the end of
    the picture."""

    label: str
    tone: Tone
    steps: tuple[SurvivalStep, ...]
    at_risk: tuple[tuple[float, int], ...] = ()
    end: float | None = None

    @property
    def last(self) -> Estimate:
        return self.steps[-1].share


@dataclass(frozen=True)
class SurvivalCurves(Chart):
    curves: tuple[SurvivalCurve, ...]
    title: str = "Still customers"
    time_label: str = "days after the answer"
    unit: Unit = SHARE

    @property
    def horizon(self) -> float:
        """The last step, or the last count of those followed, whichever is later."""
        times = [step.time for curve in self.curves for step in curve.steps]
        times += [time for curve in self.curves for time, _ in curve.at_risk]
        times += [curve.end for curve in self.curves if curve.end is not None]
        return max(times, default=1.0) or 1.0

    def domain(self) -> tuple[float, float]:
        ends = [end for curve in self.curves for step in curve.steps for end in (step.share.low, 1.0)]
        low, _ = extent(ends, pad=STATED)
        return max(0.0, low), 1.0

    def axis_note(self) -> str:
        low, _ = self.domain()
        return f"Axis starts at {number(low, self.unit, reach=0.04)}." if low > 0 else ""

    def label(self) -> str:
        ends = [f"{curve.label} {self._at_end(curve)}" for curve in self.curves if curve.steps]
        return f"{self.title}: {'; '.join(ends)}"

    def end_of(self, curve: SurvivalCurve) -> float:
        return self.horizon if curve.end is None else curve.end

    def _at_end(self, curve: SurvivalCurve) -> str:
        return f"{full_text(curve.last, self.unit)} at {bare(self.end_of(curve), 0)} {self.time_label}"

    def svg(self, width: Width = "wide") -> SafeString:
        full, wide = float(WIDTHS[width]), width == "wide"
        widest = max([text_width(curve.label, bold=True) for curve in self.curves], default=0)
        right = full - (max(96.0, widest + 34) if wide else 20)
        left = 44.0
        top, bottom = 14.0, 220.0 if wide else 176.0
        x = Scale(0, self.horizon, left, right)
        y = Scale(*self.domain(), bottom, top)
        nodes = [
            *self._axes(x, y, bottom),
            *(node for curve in self.curves for node in self._curve(curve, x, y)),
        ]
        below = bottom + 38
        if wide:
            nodes += self._names(x, y, right)
        followed = any(curve.at_risk for curve in self.curves)
        if followed:
            nodes.append(text(0, below + 14, "Still followed"))
        if followed or not wide:
            each = 18 if wide else 38
            for row, curve in enumerate(self.curves):
                nodes += self._at_risk(curve, x, below + 34 + row * each, wide=wide)
            below += 20 + len(self.curves) * each
        return picture(full, below + 4, self.label(), nodes, cls=FIGURE_CLASSES[width])

    def _times(self) -> list[float]:
        counted = sorted({time for curve in self.curves for time, _ in curve.at_risk})
        return counted or ticks(0, self.horizon, 5)

    def _axes(self, x: Scale, y: Scale, bottom: float) -> list[Node]:
        nodes: list[Node] = []
        marks = ticks(y.low, y.high, 4)
        for value in marks:
            nodes += [
                hline(x.start, x.end, y(value), "gl"),
                text(x.start - 6, y(value) + 4, tick(value, self.unit, step_of(marks)), cls="end-t"),
            ]
        nodes.append(hline(x.start, x.end, bottom, "ax"))
        nodes += [text(x(time), bottom + 17, bare(time, 0), cls="mid") for time in self._times()]
        nodes.append(text(x.end, bottom + 33, f"{self.time_label} →", cls="end-t"))
        return nodes

    def _curve(self, curve: SurvivalCurve, x: Scale, y: Scale) -> list[Node]:
        if not curve.steps:
            return []
        ends = [step.time for step in curve.steps[1:]] + [self.end_of(curve)]
        path = f"M{num(x(curve.steps[0].time))} {num(y(curve.steps[0].share.value))}"
        upper: list[tuple[float, float]] = []
        lower: list[tuple[float, float]] = []
        for step, end in zip(curve.steps, ends, strict=True):
            path += f"V{num(y(step.share.value))}H{num(x(end))}"
            upper += [(x(step.time), y(step.share.high)), (x(end), y(step.share.high))]
            lower += [(x(step.time), y(step.share.low)), (x(end), y(step.share.low))]
        title = f"{curve.label}: {self._at_end(curve)}"
        band = el("polygon", cls="area", points=points(upper + lower[::-1]))
        return [marked(curve.tone, band, el("path", cls="line", d=path), title=title)]

    def _names(self, x: Scale, y: Scale, right: float) -> list[Node]:
        curves = [curve for curve in self.curves if curve.steps]
        wanted = [y(curve.last.value) for curve in curves]
        places = spread(wanted, 32, y.end + 8, y.start - 22)
        nodes: list[Node] = []
        for curve, place in zip(curves, places, strict=True):
            nodes += [
                text(right + 6, place + 2, curve.label, cls="b"),
                text(right + 6, place + 16, full_text(curve.last, self.unit)),
            ]
        return nodes

    def _at_risk(self, curve: SurvivalCurve, x: Scale, y: float, *, wide: bool) -> list[Node]:
        """Counts under their times; the name beside them, or above with its value where it is narrow."""
        if wide:
            nodes = [text(x.end + 30, y, curve.label)]
            return nodes + [text(x(time), y, count(n), cls="mid") for time, n in curve.at_risk]
        nodes = [hline(0, 14, y - 4, f"line {CLASSES[curve.tone]}"), text(20, y, curve.label, cls="b")]
        if curve.steps:
            nodes.append(text(x.end, y, full_text(curve.last, self.unit), cls="end-t t"))
        return nodes + [text(x(time), y + 17, count(n), cls="mid") for time, n in curve.at_risk]

    def plotly(self) -> PlotlyFigure:
        data = []
        for curve in self.curves:
            shares = [step.share for step in curve.steps]
            times = [step.time for step in curve.steps]
            if curve.steps and curve.end is not None:
                shares, times = [*shares, curve.last], [*times, curve.end]
            low = [plot.shown(share.low, self.unit) for share in shares]
            high = [plot.shown(share.high, self.unit) for share in shares]
            line = {"shape": "hv", "width": 0, "color": plot.color(curve.tone, 0.14)}
            edge = {"type": "scatter", "mode": "lines", "x": times, "line": line, "hoverinfo": "skip"}
            data += [
                {**edge, "y": low},
                {**edge, "y": high, "fill": "tonexty", "fillcolor": plot.color(curve.tone, 0.14)},
                {
                    "type": "scatter",
                    "mode": "lines",
                    "name": plot.words(curve.label),
                    "x": times,
                    "y": [plot.shown(share.value, self.unit) for share in shares],
                    "line": {"shape": "hv", "width": 2, "color": plot.color(curve.tone)},
                    "text": [full_text(share, self.unit) for share in shares],
                    "hovertemplate": "%{fullData.name}, %{x}: %{text}<extra></extra>",
                },
            ]
        span = [plot.shown(end, self.unit) for end in self.domain()]
        return plot.figure(
            data,
            xaxis=plot.axis(self.time_label, range=[0, self.horizon]),
            yaxis=plot.value_axis(self.unit, self.title, range=span),
            annotations=[
                plot.note(
                    curve.label,
                    x=self.end_of(curve),
                    y=plot.shown(curve.last.value, self.unit),
                    xanchor="left",
                )
                for curve in self.curves
                if curve.steps
            ],
            margin={"l": 48, "r": 96, "t": 24, "b": 40},
        )

    def table(self) -> Table:
        rows = []
        for curve in self.curves:
            followed = dict(curve.at_risk)
            for step in curve.steps:
                n = followed.get(step.time, step.share.n)
                rows.append(
                    [
                        curve.label,
                        bare(step.time, 0),
                        full_text(step.share, self.unit),
                        "" if n is None else count(n),
                    ]
                )
        return Table(["Group", self.time_label.capitalize(), f"{self.title}, 95% interval", "Followed"], rows)
