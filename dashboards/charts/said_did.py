"""What one customer said above what she did, on one line of days; a silence is a stretch of its own."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.safestring import SafeString

from . import plot
from .base import FIGURE_CLASSES, WIDTHS, Chart, PlotlyFigure, Table, Tone, Width
from .marks import point, text_width
from .numbers import Unit, bare, exact, money
from .scales import Scale, day_number, month_starts, short_day
from .svg import Node, bold, el, group, hline, picture, points, rect, text, vline


@dataclass(frozen=True)
class Answer:
    day: date
    score: int
    tone: Tone


@dataclass(frozen=True)
class Order:
    day: date
    amount: Decimal


@dataclass(frozen=True)
class SaidDid(Chart):
    """`usual_gap` in days, where there were orders enough to know it."""

    start: date
    end: date
    answers: tuple[Answer, ...]
    orders: tuple[Order, ...]
    currency: str = "EUR"
    usual_gap: int | None = None
    measure: str = "NPS"
    top_score: int = 10

    @property
    def unit(self) -> Unit:
        return money(self.currency)

    @property
    def silence(self) -> int | None:
        """Days since the last order, where that is longer than usual."""
        if not self.orders or self.usual_gap is None:
            return None
        days = (self.end - max(order.day for order in self.orders)).days
        return days if days > self.usual_gap else None

    def label(self) -> str:
        scores = ", ".join(f"{answer.score} on {short_day(answer.day, year=True)}" for answer in self.answers)
        words = f"{self.measure} answers: {scores or 'none'}. {len(self.orders)} orders"
        words += f" since {short_day(self.start, year=True)}"
        if self.silence is not None:
            words += f"; {self.silence} days without an order, usual gap {self.usual_gap}"
        return words

    def svg(self, width: Width = "wide") -> SafeString:
        full, wide = float(WIDTHS[width]), width == "wide"
        silent = self.silence is not None
        left = 64.0 if wide else 0.0
        right = full - ((84 if silent else 12) if wide else (50 if silent else 8))
        x = Scale(day_number(self.start), day_number(self.end), left + 6, right - 4)
        top = 14.0 if wide else 26.0
        score = Scale(0, self.top_score, top + 62, top)
        nodes = [hline(left, right, score(value), "gl") for value in (self.top_score, 0)]
        nodes.append(hline(left, right, 170, "ax"))
        nodes += self._names(left, score, wide=wide)
        nodes += self._answers(x, score)
        nodes += self._orders(x, right, wide=wide)
        nodes += self._months(x, wide=wide)
        return picture(full, 196, self.label(), nodes, cls=FIGURE_CLASSES[width])

    def _names(self, left: float, score: Scale, *, wide: bool) -> list[Node]:
        symbol = self.unit.prefix.strip()
        if not wide:
            return [
                text(0, 12, bold("Said"), f"  {self.measure}, 0 to {self.top_score}"),
                text(0, 118, bold("Did"), f"  orders, {symbol}", cls="halo"),
            ]
        return [
            text(0, 18, "Said", cls="b"),
            text(0, 34, self.measure),
            text(left - 8, score(self.top_score) + 4, str(self.top_score), cls="end-t"),
            text(left - 8, score(0) + 4, "0", cls="end-t"),
            text(0, 126, "Did", cls="b"),
            text(0, 142, f"orders, {symbol}"),
        ]

    def _answers(self, x: Scale, score: Scale) -> list[Node]:
        places = [(x(day_number(answer.day)), score(answer.score)) for answer in self.answers]
        nodes: list[Node] = []
        if len(places) > 1:
            nodes.append(el("polyline", cls="lead dash", points=points(places)))
        named = self._named([place for place, _ in places])
        for index, (answer, (place, level)) in enumerate(zip(self.answers, places, strict=True)):
            title = f"{self.measure} {answer.score}, {short_day(answer.day, year=True)}"
            nodes.append(group(point(answer.tone, place, level, radius=5), title=title))
            if index in named:
                nodes.append(text(place + 12, level + 4, str(answer.score), cls="b halo"))
        return nodes

    def _named(self, places: list[float]) -> set[int]:
        """The last answer's score, and before it those with room for theirs."""
        named: list[int] = []
        for index in reversed(range(len(places))):
            if not named or places[named[-1]] - places[index] >= 34:
                named.append(index)
        return set(named)

    def _orders(self, x: Scale, right: float, *, wide: bool) -> list[Node]:
        if not self.orders:
            return []
        amounts = [float(order.amount) for order in self.orders]
        most = max(*amounts, 1.0)
        named = set(sorted(range(len(amounts)), key=lambda place: -amounts[place])[: 2 if wide else 1])
        nodes: list[Node] = []
        for place, order in enumerate(self.orders):
            middle, height = x(day_number(order.day)), max(2.0, 62 * amounts[place] / most)
            title = f"{exact(order.amount, self.unit)}, {short_day(order.day, year=True)}"
            nodes.append(group(rect(middle - 3, 170 - height, 6, height, "bar ki", 1), title=title))
            shown = bare(amounts[place], 0)
            if place in named and amounts[place] >= 0.3 * most:
                start = middle - 8 - text_width(shown) < x.start
                nodes.append(
                    text(
                        middle + 8 if start else middle - 8,
                        180 - height,
                        shown,
                        cls="b halo" if start else "end-t b halo",
                    )
                )
        if self.silence is not None:
            last = x(day_number(max(order.day for order in self.orders)))
            nodes.append(hline(last + 7, right - 4, 164, "w kd"))
            if wide:
                nodes += [
                    text(right + 4, 160, f"{self.silence} days", cls="b"),
                    text(right + 4, 175, "silent, usual"),
                    text(right + 4, 190, f"gap is {self.usual_gap}"),
                ]
            else:
                nodes.append(text(right + 1, 168, f"{self.silence} days", cls="b"))
        return nodes

    def _months(self, x: Scale, *, wide: bool) -> list[Node]:
        span = (self.end - self.start).days / 30
        every = next((step for step in (1, 2, 3, 6, 12) if span / step <= (7 if wide else 3.5)), 12)
        nodes: list[Node] = []
        year = None
        for month in month_starts(self.start, self.end, every):
            place = x(day_number(month))
            label = f"{month:%b}" if month.year == year else f"{month:%b %Y}"
            year = month.year
            middle = max(place, text_width(label) / 2)
            nodes += [vline(place, 170, 175, "ax"), text(middle, 189, label, cls="mid")]
        return nodes

    def plotly(self) -> PlotlyFigure:
        said = {
            "type": "scatter",
            "mode": "lines+markers+text",
            "x": [answer.day.isoformat() for answer in self.answers],
            "y": [answer.score for answer in self.answers],
            "line": {"color": plot.color("control"), "width": 1, "dash": "dash"},
            "marker": {
                "color": [plot.color(answer.tone) for answer in self.answers],
                "symbol": [plot.symbol(answer.tone) for answer in self.answers],
                "size": 12,
            },
            "text": [str(answer.score) for answer in self.answers],
            "textposition": "middle right",
            "hovertemplate": f"%{{x}}: {plot.words(self.measure)} %{{y}}<extra></extra>",
        }
        did = {
            "type": "bar",
            "x": [order.day.isoformat() for order in self.orders],
            "y": [float(order.amount) for order in self.orders],
            "yaxis": "y2",
            "width": 86_400_000 * max(1, (self.end - self.start).days // 120),
            "marker": {"color": plot.color("plain")},
            "text": [plot.words(exact(order.amount, self.unit)) for order in self.orders],
            "textposition": "none",
            "hovertemplate": "%{x}: %{text}<extra></extra>",
        }
        return plot.figure(
            [said, did],
            xaxis=plot.axis(type="date", anchor="y2", range=[self.start.isoformat(), self.end.isoformat()]),
            yaxis=plot.axis(self.measure, domain=[0.6, 1], range=[-0.5, self.top_score + 0.5]),
            yaxis2=plot.value_axis(self.unit, "Orders", domain=[0, 0.5], rangemode="tozero"),
        )

    def table(self) -> Table:
        said = [(answer.day, self.measure, str(answer.score)) for answer in self.answers]
        did = [(order.day, "Order", exact(order.amount, self.unit)) for order in self.orders]
        rows = [[short_day(day, year=True), what, value] for day, what, value in sorted(said + did)]
        return Table(["Day", "What", "Value"], rows)
