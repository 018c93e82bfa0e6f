"""The line in a ledger's row: a trend, its interval as an area, its last point."""

from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString

from . import plot
from .base import Chart, PlotlyFigure, Table, Width
from .numbers import PLAIN, Estimate, Unit, count, full_text
from .scales import Scale, short_day
from .svg import el, picture, points


@dataclass(frozen=True)
class Spark(Chart):
    """`days` and `estimates` go together; None where a week has too few answers."""

    title: str
    days: tuple[date, ...]
    estimates: tuple[Estimate | None, ...]
    unit: Unit = PLAIN

    def known(self) -> list[tuple[int, Estimate]]:
        return [(place, estimate) for place, estimate in enumerate(self.estimates) if estimate is not None]

    def label(self) -> str:
        known = self.known()
        if not known:
            return f"{self.title}: not enough answers"
        first, last = known[0][1], known[-1][1]
        return f"{self.title}: first {full_text(first, self.unit)}, last {full_text(last, self.unit)}"

    def svg(self, width: Width = "wide") -> SafeString:
        known = self.known()
        if not known:
            return picture(148, 32, self.label(), [], cls="spark ki")
        across = Scale(0, max(1, len(self.estimates) - 1), 2, 140)
        low = min(estimate.low for _, estimate in known)
        high = max(estimate.high for _, estimate in known)
        up = Scale(low, high, 29, 3)
        upper = [(across(place), up(estimate.high)) for place, estimate in known]
        lower = [(across(place), up(estimate.low)) for place, estimate in reversed(known)]
        middle = [(across(place), up(estimate.value)) for place, estimate in known]
        return picture(
            148,
            32,
            self.label(),
            [
                el("polygon", cls="area", points=points(upper + lower)),
                el("polyline", cls="line", points=points(middle)),
                el("circle", cls="pt", cx=middle[-1][0], cy=middle[-1][1], r=3.5),
            ],
            cls="spark ki",
        )

    def plotly(self) -> PlotlyFigure:
        known = self.known()
        estimates = [estimate for _, estimate in known]
        return plot.figure(
            [
                {
                    "type": "scatter",
                    "mode": "lines+markers",
                    "x": [self.days[place].isoformat() for place, _ in known],
                    "y": [plot.shown(estimate.value, self.unit) for estimate in estimates],
                    "error_y": plot.reach(estimates, self.unit, "plain", 1.25),
                    "line": {"color": plot.color("plain")},
                    "text": [full_text(estimate, self.unit) for estimate in estimates],
                    "hovertemplate": "%{x}: %{text}<extra></extra>",
                }
            ],
            yaxis=plot.value_axis(self.unit),
        )

    def table(self) -> Table:
        rows = []
        for day, estimate in zip(self.days, self.estimates, strict=True):
            shown = "not enough answers" if estimate is None else full_text(estimate, self.unit)
            n = "" if estimate is None or estimate.n is None else count(estimate.n)
            rows.append([short_day(day, year=True), shown, n])
        return Table(["Week of", self.title, "n"], rows)
