"""A measure over time: every point with its interval, the periods' means as bands, events in words."""

from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString

from .base import Chart, PlotlyFigure, Table, Width
from .numbers import PLAIN, Estimate, Unit, count, full_text
from .scales import extent, period_label, short_day


@dataclass(frozen=True)
class TrendPoint:
    """`estimate` is None where there were too few answers: a gap, never a faint number."""

    day: date
    estimate: Estimate | None


@dataclass(frozen=True)
class Period:
    """A stretch of days with its own mean; the last one given is the one under discussion."""

    start: date
    end: date
    mean: Estimate
    label: str = ""

    @property
    def words(self) -> str:
        return self.label or period_label(self.start, self.end)


@dataclass(frozen=True)
class Event:
    """Something that happened; the picture does not say that it did anything."""

    day: date
    label: str

    @property
    def words(self) -> str:
        return f"{self.label}, {short_day(self.day)}"


@dataclass(frozen=True)
class Level:
    """A target or a control limit: one dashed line with its name."""

    value: float
    label: str


@dataclass(frozen=True)
class Trend(Chart):
    title: str
    points: tuple[TrendPoint, ...]
    periods: tuple[Period, ...] = ()
    events: tuple[Event, ...] = ()
    levels: tuple[Level, ...] = ()
    unit: Unit = PLAIN

    def known(self) -> list[tuple[date, Estimate]]:
        return [(point.day, point.estimate) for point in self.points if point.estimate is not None]

    def domain(self) -> tuple[float, float]:
        estimates = [estimate for _, estimate in self.known()] + [period.mean for period in self.periods]
        ends = [end for item in estimates for end in (item.low, item.high, item.value)]
        return extent([*ends, *(level.value for level in self.levels)])

    def tone_of(self, day: date) -> str:
        """Grey for an earlier period, ink for the last one."""
        if len(self.periods) > 1 and day < self.periods[-1].start:
            return "noise"
        return "plain"

    def label(self) -> str:
        parts = [f"{period.words}: {full_text(period.mean, self.unit)}" for period in self.periods]
        known = self.known()
        if not parts and known:
            parts = [f"{short_day(day)}: {full_text(item, self.unit)}" for day, item in (known[0], known[-1])]
        parts += [event.words for event in self.events]
        return f"{self.title} over time with 95% intervals. {'; '.join(parts) or 'Not enough answers'}"

    def svg(self, width: Width = "wide") -> SafeString:
        from .trend_svg import draw

        return draw(self, width)

    def plotly(self) -> PlotlyFigure:
        from .trend_plot import figure

        return figure(self)

    def table(self) -> Table:
        rows = []
        for point in self.points:
            estimate = point.estimate
            rows.append(
                [
                    short_day(point.day, year=True),
                    "not enough answers" if estimate is None else full_text(estimate, self.unit),
                    "" if estimate is None or estimate.n is None else count(estimate.n),
                ]
            )
        for period in self.periods:
            n = "" if period.mean.n is None else count(period.mean.n)
            rows.append([period.words, full_text(period.mean, self.unit), n])
        return Table(["From", f"{self.title}, 95% interval", "n"], rows)
