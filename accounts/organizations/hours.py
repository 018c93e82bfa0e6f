"""Time as an organization works: business hours and holidays in its zone.

Without business hours every hour counts. A day's spans are wall-clock times, so on the days when clocks change a
span is an hour shorter or longer, as it is for the people who work in it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from accounts.models import CasePriority, Organization
from cem.lib.validators import WEEKDAYS

#: Hours until a case is due, where an organization says nothing else.
CASE_HOURS = {CasePriority.HIGH: 4, CasePriority.NORMAL: 24, CasePriority.LOW: 72}
_DAY = timedelta(days=1)
_NOTHING = timedelta(0)


@dataclass(frozen=True)
class WorkingTime:
    """When an organization works. `spans` by weekday from Monday, in minutes of the day; None: always."""

    zone: ZoneInfo
    spans: tuple[tuple[tuple[int, int], ...], ...] | None
    holidays: frozenset[date]

    def after(self, start: datetime, duration: timedelta) -> datetime:
        """The moment at which `duration` of working time has passed since `start`; in UTC.

        Of nothing it is `start` itself. A duration that ends with a span ends there, not at the next one's start.
        """
        if duration < _NOTHING:
            raise ValueError("Working time is counted forwards: give a duration that is not negative.")
        start = start.astimezone(UTC)
        if duration == _NOTHING or self.spans is None:
            return start + duration
        left = duration
        for begin, end in self._from(start):
            begin = max(begin, start)
            if end - begin >= left:
                return begin + left
            left -= end - begin
        raise AssertionError("unreachable: the spans have no end")

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much working time lies between two moments; nothing where `end` is not after `start`."""
        start, end = start.astimezone(UTC), end.astimezone(UTC)
        if end <= start:
            return _NOTHING
        if self.spans is None:
            return end - start
        passed = _NOTHING
        for begin, until in self._from(start):
            if begin >= end:
                break
            passed += min(until, end) - max(begin, start)
        return passed

    def _from(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Spans that end after `start`, in order, for ever; in UTC, none empty and none overlapping."""
        day = start.astimezone(self.zone).date() - _DAY
        while True:
            for begin, end in self.spans[day.weekday()] if self.spans and day not in self.holidays else ():
                opens, closes = self._moment(day, begin), self._moment(day, end)
                if opens < closes and closes > start:
                    yield opens, closes
            day += _DAY

    def _moment(self, day: date, minutes: int) -> datetime:
        """A wall-clock time as a moment: the first of two where clocks go back, the change itself where they skip
        it."""
        day += _DAY * (minutes // 1440)
        wall = datetime.combine(day, time(minutes % 1440 // 60, minutes % 60), self.zone)
        early, late = wall.replace(fold=1).astimezone(UTC), wall.astimezone(UTC)
        if early >= late or wall.utcoffset() == wall.replace(fold=1).utcoffset():
            return late
        offset = early.astimezone(self.zone).utcoffset()
        while late - early > timedelta(seconds=1):
            middle = early + (late - early) / 2
            if middle.astimezone(self.zone).utcoffset() == offset:
                early = middle
            else:
                late = middle
        return late.replace(microsecond=0)


def working_time(organization: Organization) -> WorkingTime:
    hours = organization.business_hours
    spans = tuple(
        tuple((_minutes(start), _minutes(end)) for start, end in hours.get(day, [])) for day in WEEKDAYS
    )
    return WorkingTime(
        zone=organization.tz,
        spans=spans if any(spans) else None,
        holidays=frozenset(date.fromisoformat(one["day"]) for one in organization.holidays),
    )


def case_hours(organization: Organization) -> dict[CasePriority, int]:
    """Priority → hours of working time until a case is due."""
    return {
        priority: organization.case_hours.get(priority.value, hours) for priority, hours in CASE_HOURS.items()
    }


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)
