"""The verdict: the whisker of a difference against zero, scaled per row, and its words."""

from dataclasses import dataclass
from typing import Literal

from django.utils.safestring import SafeString

from . import plot
from .base import Chart, PlotlyFigure, Table, Width
from .marks import across, half_point
from .numbers import PLAIN, Estimate, Unit, range_text, value_text
from .scales import Scale
from .svg import el, picture, vline

State = Literal["real", "not_after_correction", "noise"]
READINGS: dict[State, str] = {
    "real": "real change",
    "not_after_correction": "not after correction",
    "noise": "noise",
}


@dataclass(frozen=True)
class Verdict(Chart):
    """A change between two periods; `better` is None where neither way is."""

    change: Estimate
    state: State
    better: bool | None = None
    unit: Unit = PLAIN

    @property
    def tone(self) -> str:
        if self.state == "noise":
            return "flat"
        if self.state == "not_after_correction" or self.better is None:
            return "half"
        return "up" if self.better else "down"

    @property
    def value(self) -> str:
        return value_text(self.change, self.unit.difference(), sign=True)

    @property
    def reading(self) -> str:
        return READINGS[self.state]

    @property
    def span(self) -> str:
        """`better, +2 to +14`; the word only where there is a change to judge."""
        interval = range_text(self.change, self.unit.difference(), sign=True).removesuffix(
            self.unit.difference().suffix
        )
        if self.state != "real" or self.better is None:
            return interval
        return f"{'better' if self.better else 'worse'}, {interval}"

    def label(self) -> str:
        return f"{self.value}, {self.reading}, {self.span}"

    def svg(self, width: Width = "wide") -> SafeString:
        ends = (self.change.low, self.change.high, self.change.value)
        most = max(abs(end) for end in ends) or 1.0
        place = Scale(-most, most, 3, 61)
        x = place(self.change.value)
        if self.state == "not_after_correction":
            dot = half_point(x, 8, 4)
        else:
            hollow = "pt o" if self.state == "noise" else "pt"
            dot = [el("circle", cls=hollow, cx=x, cy=8.0, r=4.0)]
        marks = [vline(32, 1, 15, "zero"), across(place(self.change.low), place(self.change.high), 8), *dot]
        return picture(64, 16, self.label(), marks, cls="", fixed=True)

    def plotly(self) -> PlotlyFigure:
        tone = {"up": "good", "down": "bad", "flat": "noise", "half": "text"}[self.tone]
        return plot.figure(
            [
                {
                    "type": "scatter",
                    "mode": "markers",
                    "x": [plot.shown(self.change.value, self.unit)],
                    "y": [0],
                    "error_x": plot.reach([self.change], self.unit, tone),
                    "marker": {"color": plot.color(tone), "size": 9},
                    "text": [self.label()],
                    "hovertemplate": "%{text}<extra></extra>",
                }
            ],
            xaxis=plot.value_axis(self.unit.difference(), zeroline=True),
            yaxis=plot.axis(visible=False),
        )

    def table(self) -> Table:
        return Table(["Change", "95% interval", "Reading"], [[self.value, self.span, self.reading]])
