"""Importance against performance: each driver a cross of two intervals."""

from dataclasses import dataclass
from statistics import fmean

from django.utils.safestring import SafeString

from . import plot
from .base import FIGURE_CLASSES, WIDTHS, Chart, PlotlyFigure, Table, Tone, Width
from .drivers_labels import Box, place_labels
from .marks import across, marked, point, upright
from .numbers import RATIO, SHARE, Estimate, Unit, count, full_text, range_text, tick, value_text
from .scales import Scale, extent, step_of, ticks
from .svg import Node, bold, el, hline, picture, text, vline


@dataclass(frozen=True)
class Driver:
    label: str
    importance: Estimate
    performance: Estimate


@dataclass(frozen=True)
class DriversMap(Chart):
    drivers: tuple[Driver, ...]
    importance_label: str = "share of R²"
    performance_label: str = "satisfied with it (top two of five)"
    importance_unit: Unit = RATIO
    performance_unit: Unit = SHARE

    def means(self) -> tuple[float, float]:
        """Mean importance and mean performance: the dashed lines."""
        return (
            fmean(driver.importance.value for driver in self.drivers),
            fmean(driver.performance.value for driver in self.drivers),
        )

    def urgent(self, driver: Driver) -> bool:
        """Matters and goes badly, with both intervals clear of the means."""
        importance, performance = self.means()
        return driver.importance.low > importance and driver.performance.high < performance

    def words(self, driver: Driver) -> str:
        importance = value_text(driver.importance, self.importance_unit)
        span = range_text(driver.importance, self.importance_unit, mark=False, to=True)
        performance = full_text(driver.performance, self.performance_unit)
        return f"{driver.label}: {self.importance_label} {importance} ({span}), performance {performance}"

    def label(self) -> str:
        return "Importance against performance. " + "; ".join(self.words(driver) for driver in self.drivers)

    def svg(self, width: Width = "wide") -> SafeString:
        full, wide = float(WIDTHS[width]), width == "wide"
        top, bottom = (24.0, 414.0) if wide else (44.0, 302.0)
        if not self.drivers:
            return picture(full, bottom + 38, "No drivers", [], cls=FIGURE_CLASSES[width])
        left, right = 36.0, full - 14
        x = Scale(*self._domain("performance"), left + 8, right - 8)
        y = Scale(*self._domain("importance"), bottom, top + 20)
        nodes = [
            *self._grid(x, y, (left, right, top, bottom)),
            *self._quarters(x, y, (left, right, top, bottom), wide=wide),
            text(right, bottom + 34, f"{self.performance_label} →", cls="end-t"),
            text(0, 14 if wide else 12, f"↑ {self.importance_label}"),
        ]
        crosses = [
            Box(
                x(driver.performance.value),
                y(driver.importance.value),
                (x(driver.performance.low), x(driver.performance.high)),
                (y(driver.importance.high), y(driver.importance.low)),
            )
            for driver in self.drivers
        ]
        labels = [driver.label for driver in self.drivers]
        edges = (left, right + 6, top + 16, bottom - 2)
        places, fit = place_labels(labels, crosses, edges)
        height = bottom + 38
        if not fit:  # too close for names: numbers at the points, names below
            labels = [str(place) for place, _ in enumerate(labels, 1)]
            places, _ = place_labels(labels, crosses, edges)
            keys = self._key(height + 14, columns=3 if wide else 1)
            nodes += keys
            height += 18 * -(-len(keys) // (3 if wide else 1)) + 6
        for driver, cross in zip(self.drivers, crosses, strict=True):
            tone: Tone = "detractor" if self.urgent(driver) else "plain"
            nodes.append(
                marked(
                    tone,
                    across(*cross.across, cross.y, thin=True),
                    upright(cross.x, *cross.upright, thin=True),
                    point(tone, cross.x, cross.y),
                    title=self.words(driver),
                )
            )
        for driver, label, (label_x, label_y, end) in zip(self.drivers, labels, places, strict=True):
            weight = "b" if self.urgent(driver) else "t"
            cls = f"halo {weight}{' end-t' if end else ''}"
            nodes.append(text(label_x, label_y, label, cls=cls))
        return picture(full, height, self.label(), nodes, cls=FIGURE_CLASSES[width])

    def _key(self, top: float, columns: int) -> list[Node]:
        rows = -(-len(self.drivers) // columns)
        return [
            text(
                place // rows * 256,
                top + 18 * (place % rows),
                bold(str(place + 1)),
                f"  {driver.label}",
                cls="t",
            )
            for place, driver in enumerate(self.drivers)
        ]

    def _domain(self, axis: str) -> tuple[float, float]:
        items: list[Estimate] = [getattr(driver, axis) for driver in self.drivers]
        ends = [end for item in items for end in (item.low, item.high, item.value)]
        return extent([*ends, 0.0] if axis == "importance" and min(ends) >= 0 else ends, pad=0.06)

    def _grid(self, x: Scale, y: Scale, edges: tuple[float, float, float, float]) -> list[Node]:
        left, right, top, bottom = edges
        nodes: list[Node] = []
        marks = ticks(y.low, y.high, 4)
        for value in marks:
            words = tick(value, self.importance_unit, step_of(marks))
            nodes += [
                hline(left, right, y(value), "ax" if value == 0 else "gl"),
                text(left - 8, y(value) + 4, words, cls="end-t"),
            ]
        marks = ticks(x.low, x.high, 5)
        for index, value in enumerate(marks):
            words = tick(value, self.performance_unit, step_of(marks), mark=index == 0)
            nodes += [vline(x(value), top, bottom, "gl"), text(x(value), bottom + 17, words, cls="mid")]
        return nodes

    def _quarters(
        self, x: Scale, y: Scale, edges: tuple[float, float, float, float], *, wide: bool
    ) -> list[Node]:
        left, right, top, bottom = edges
        importance, performance = self.means()
        middle, level = x(performance), y(importance)
        path = f"M{middle:.1f} {top:.0f}V{bottom:.0f}M{left:.0f} {level:.1f}H{right:.0f}"
        corner = (
            text(min(middle + 8, right - 110), top + 12, "Matters, goes well")
            if middle + 118 <= right
            else text(right, top + 12, "Matters, goes well", cls="end-t")
        )
        nodes = [
            el("path", cls="ax dash", d=path),
            text(left + 8, top + 12, "Matters, goes badly", cls="b"),
            corner,
        ]
        if wide:
            nodes += [
                text(left + 8, bottom - 8, "Matters less, goes badly"),
                text(middle + 8, bottom - 8, "Matters less, goes well"),
            ]
        return nodes

    def plotly(self) -> PlotlyFigure:
        data = []
        for driver in self.drivers:
            tone: Tone = "detractor" if self.urgent(driver) else "plain"
            data.append(
                {
                    "type": "scatter",
                    "mode": "markers+text",
                    "x": [plot.shown(driver.performance.value, self.performance_unit)],
                    "y": [plot.shown(driver.importance.value, self.importance_unit)],
                    "error_x": plot.reach([driver.performance], self.performance_unit, tone, 1.25),
                    "error_y": plot.reach([driver.importance], self.importance_unit, tone, 1.25),
                    "marker": {"color": plot.color(tone), "size": 9, "symbol": plot.symbol(tone)},
                    "text": [plot.words(driver.label)],
                    "textposition": "top right",
                    "cliponaxis": False,
                    "textfont": {"color": plot.color("text")},
                    "customdata": [plot.words(self.words(driver))],
                    "hovertemplate": "%{customdata}<extra></extra>",
                }
            )
        shapes = []
        if self.drivers:
            importance, performance = self.means()
            level = plot.shown(importance, self.importance_unit)
            middle = plot.shown(performance, self.performance_unit)
            shapes = [
                plot.dashed(xref="paper", x0=0, x1=1, y0=level, y1=level),
                plot.dashed(yref="paper", x0=middle, x1=middle, y0=0, y1=1),
            ]
        return plot.figure(
            data,
            shapes=shapes,
            margin={"l": 48, "r": 96, "t": 24, "b": 40},
            xaxis=plot.value_axis(self.performance_unit, self.performance_label),
            yaxis=plot.value_axis(self.importance_unit, self.importance_label),
        )

    def table(self) -> Table:
        rows = []
        for driver in self.drivers:
            importance = value_text(driver.importance, self.importance_unit)
            span = range_text(driver.importance, self.importance_unit, mark=False, to=True)
            n = "" if driver.performance.n is None else count(driver.performance.n)
            rows.append(
                [
                    driver.label,
                    full_text(driver.performance, self.performance_unit),
                    f"{importance} ({span})",
                    n,
                ]
            )
        return Table(["Driver", "Performance", self.importance_label.capitalize(), "n"], rows)
