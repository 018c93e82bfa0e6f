"""Where the parts of a trend stand."""

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, cast

from django.utils.safestring import SafeString

from .base import FIGURE_CLASSES, WIDTHS, Tone, Width
from .marks import marked, text_width, upright
from .numbers import full_text, n_text, number, reach_text, tick, value_text
from .scales import Scale, day_number, short_day, step_of, ticks
from .svg import Node, bold, el, hline, picture, rect, text, vline

if TYPE_CHECKING:
    from datetime import date

    from .trend import Period, Trend


@dataclass(frozen=True)
class Room:
    """The drawing's edges, and how days and values find their place in it."""

    full: float
    left: float
    top: float
    bottom: float
    x: Scale
    y: Scale
    half: float  # half the step between two points

    @property
    def narrow(self) -> bool:
        return self.full < 500


def draw(trend: "Trend", width: Width) -> SafeString:
    full = float(WIDTHS[width])
    rows = _event_rows(trend, full)
    bottom = (228.0 if width == "wide" else 190.0) - 6 * bool(rows)
    height = bottom + 18 * (1 + max(rows, default=0)) * bool(rows) + 26
    room = _room(trend, full, bottom)
    nodes = [*_value_axis(trend, room), *_day_axis(trend, room, height - 4), *_level_lines(trend, room)]
    nodes += [node for period in trend.periods for node in _band(trend, period, room)]
    nodes += [_point(trend, day, room, index) for index, (day, _) in enumerate(trend.known())]
    nodes += [node for period in trend.periods for node in _period_head(trend, period, room)]
    nodes += [*_level_names(trend, room), *_events(trend, room, rows, height)]
    return picture(full, height, trend.label(), nodes, cls=FIGURE_CLASSES[width])


def _room(trend: "Trend", full: float, bottom: float) -> Room:
    days = [day_number(point.day) for point in trend.points]
    edges = [*days, *(day_number(period.start) for period in trend.periods if not days)]
    low, high = (min(edges), max(edges)) if edges else (0.0, 1.0)
    low_value, high_value = trend.domain()
    marks = ticks(low_value, high_value, 4)
    words = [tick(mark, trend.unit, step_of(marks)) for mark in marks]
    left = max(24.0, max(text_width(word) for word in words) + 8)
    steps = max(1, len(days) - 1)
    half = (full - left - 4) / (steps + 1) / 2
    inset = min(half, 30 if full > 500 else 10)
    x = Scale(low, high, left + inset, full - 4 - inset)
    half = (x.end - x.start) / steps / 2
    top = 36.0 if trend.periods else 12.0
    return Room(full, left, top, bottom, x, Scale(low_value, high_value, bottom, top), min(half, inset + 2))


def _value_axis(trend: "Trend", room: Room) -> list[Node]:
    nodes: list[Node] = []
    marks = ticks(room.y.low, room.y.high, 4)
    for value in marks:
        y = room.y(value)
        nodes += [
            hline(room.left, room.full - 4, y, "ax" if value == 0 else "gl"),
            text(room.left - 6, y + 4, tick(value, trend.unit, step_of(marks)), cls="end-t"),
        ]
    return nodes


def _day_axis(trend: "Trend", room: Room, y: float) -> list[Node]:
    """The first day and the periods' first points by name; others where there is room."""
    days = [point.day for point in trend.points]
    if not days:
        return []
    year = (days[-1] - days[0]).days > 400
    wanted = [days[0]]
    wanted += [next((day for day in days if day >= period.start), days[0]) for period in trend.periods]
    months = [day for last, day in pairwise(days) if day.month != last.month]
    shown: list[tuple[float, date]] = []
    for day in [*wanted, *months, *days]:
        gap = 62 + 26 * year + (10 if not room.narrow else -8)
        x = room.x(day_number(day))
        if all(abs(x - other) >= gap for other, _ in shown):
            shown.append((x, day))
    nodes = []
    for x, day in sorted(shown):
        label = f"{day:%b %Y}" if year else short_day(day)
        middle = min(x, room.full - text_width(label) / 2)
        nodes.append(text(middle, y, label, cls="mid"))
    return nodes


def _level_lines(trend: "Trend", room: Room) -> list[Node]:
    return [hline(room.left, room.full - 4, room.y(level.value), "lead dash") for level in trend.levels]


def _level_names(trend: "Trend", room: Room) -> list[Node]:
    """Drawn last, so that their halo keeps them readable over the whiskers."""
    return [
        text(
            room.full - 4,
            room.y(level.value) - 4,
            f"{level.label} {number(level.value, trend.unit)}",
            cls="end-t halo t",
        )
        for level in trend.levels
    ]


def _stretch(trend: "Trend", period: "Period", room: Room) -> tuple[float, float]:
    """From half a step before its first point to half a step after its last."""
    inside = [point.day for point in trend.points if period.start <= point.day <= period.end]
    first, last = (inside[0], inside[-1]) if inside else (period.start, period.end)
    left, right = room.x(day_number(first)) - room.half + 2, room.x(day_number(last)) + room.half - 2
    return max(left, room.left), min(right, room.full)


def _tone(trend: "Trend", period: "Period") -> str:
    return "ki" if period is trend.periods[-1] else "km"


def _band(trend: "Trend", period: "Period", room: Room) -> list[Node]:
    left, right = _stretch(trend, period, room)
    tone = _tone(trend, period)
    high, low = room.y(period.mean.high), room.y(period.mean.low)
    return [
        rect(left, high, right - left, low - high, f"area {tone}"),
        hline(left, right, room.y(period.mean.value), f"w {tone}"),
    ]


def _point(trend: "Trend", day: "date", room: Room, index: int) -> Node:
    estimate = trend.known()[index][1]
    x = room.x(day_number(day))
    return marked(
        cast(Tone, trend.tone_of(day)),
        upright(x, room.y(estimate.high), room.y(estimate.low), thin=True),
        el("circle", cls="pt", cx=x, cy=room.y(estimate.value), r=3.0 if room.narrow else 4.0),
        title=f"{short_day(day)}: {full_text(estimate, trend.unit)} {n_text(estimate.n)}".strip(),
    )


def _period_head(trend: "Trend", period: "Period", room: Room) -> list[Node]:
    left, right = _stretch(trend, period, room)
    reach = reach_text(period.mean, trend.unit)
    value = f"{value_text(period.mean, trend.unit)} {reach}"
    n = n_text(period.mean.n)
    used = text_width(value, bold=True)
    choices = [", ".join(filter(None, (period.words, n))), n, ""]
    rest = next(words for words in choices if used + 8 + text_width(words) <= right - left or not words)
    parts: list[Node | str] = [bold(value)]
    if rest:
        parts.append(f"  {rest}")
    return [hline(left, right, 22, f"line {_tone(trend, period)}"), text(left, 14, *parts)]


def _event_spans(trend: "Trend", room: Room) -> list[tuple[float, bool, float, float]]:
    """For each event: its line, whether its words stand left of it, and the words' two ends."""
    spans = []
    for event in trend.events:
        x = min(max(room.x(day_number(event.day)), room.left), room.full - 2)
        width = text_width(event.words)
        leftward = x + 6 + width > room.full and x - 6 - width >= 0
        spans.append((x, leftward, x - 6 - width if leftward else x, x if leftward else x + 6 + width))
    return spans


def _event_rows(trend: "Trend", full: float) -> list[int]:
    """Events whose words would meet stand in rows under each other."""
    if not trend.events:
        return []
    taken: list[tuple[int, float, float]] = []
    rows = []
    for _, _, start, end in _event_spans(trend, _room(trend, full, 200)):
        row = 0
        while any(place == row and start < right + 8 and left < end + 8 for place, left, right in taken):
            row += 1
        taken.append((row, start, end))
        rows.append(row)
    return rows


def _events(trend: "Trend", room: Room, rows: list[int], height: float) -> list[Node]:
    nodes: list[Node] = []
    lines = [vline(span[0], 32, height - 24, "lead dash") for span in _event_spans(trend, room)]
    for event, row, (x, leftward, start, _) in zip(
        trend.events, rows, _event_spans(trend, room), strict=True
    ):
        y = room.bottom + 18 + 18 * row
        if leftward:
            nodes.append(text(x - 6, y, event.words, cls="halo t end-t"))
        else:
            nodes.append(
                text(
                    max(0, min(start + 6, room.full - text_width(event.words))), y, event.words, cls="halo t"
                )
            )
    return lines + nodes
