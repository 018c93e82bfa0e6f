"""From values to places: linear scales, nice ticks, ticks of a calendar."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight line from a domain to pixels."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        span = self.high - self.low
        share = 0.5 if span == 0 else (value - self.low) / span
        return self.start + share * (self.end - self.start)


def step_for(span: float, most: int) -> float:
    """The smallest of 1, 2, 2.5, 5 × 10ⁿ that needs at most `most` steps."""
    rough = span / max(1, most)
    power = 10.0 ** math.floor(math.log10(rough))
    for factor in (1, 2, 2.5, 5, 10):
        if power * factor >= rough * (1 - 1e-9):
            return power * factor
    return power * 10


def ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Round values inside the domain."""
    if not high > low:
        return [low]
    step = step_for(high - low, most)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    places = max(0, 2 - math.floor(math.log10(step)))
    return [round(index * step, places) + 0.0 for index in range(first, last + 1)]


def step_of(marks: list[float]) -> float:
    """The distance between neighbours of a list of ticks."""
    return abs(marks[1] - marks[0]) if len(marks) > 1 else abs(marks[0]) or 1.0


def extent(values: Iterable[float], *, pad: float = 0.04, zero: bool = False) -> tuple[float, float]:
    """A domain that holds every value with a little air; zero joins when it is near or asked for."""
    found = list(values)
    if not found:
        return 0.0, 1.0
    low, high = min(found), max(found)
    span = high - low
    if zero or (low > 0 and low < 0.35 * span):
        low = min(low, 0.0)
    if zero or (high < 0 and -high < 0.35 * span):
        high = max(high, 0.0)
    span = (high - low) or abs(high) or 1.0
    return (low if low == 0 else low - pad * span), (high if high == 0 else high + pad * span)


def day_number(day: date) -> float:
    return float(day.toordinal())


def short_day(day: date, *, year: bool = False) -> str:
    return f"{day.day} {day:%b}" + (f" {day.year}" if year else "")


def period_label(start: date, end: date) -> str:
    """`25 May – 22 Aug`."""
    return f"{short_day(start)} – {short_day(end)}"


def month_starts(start: date, end: date, every: int) -> list[date]:
    """First days of every first, third … month of the calendar, inside the two days."""
    found = []
    month = date(start.year, start.month, 1)
    while month <= end:
        if month >= start and (month.month - 1) % every == 0:
            found.append(month)
        month = (month + timedelta(days=32)).replace(day=1)
    return found
