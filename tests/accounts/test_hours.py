"""Working time: holidays and changes of clocks right, monotone, and adding up."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import CasePriority, Organization
from accounts.organizations.hours import WorkingTime, case_hours, working_time

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = [["09:00", "12:30"], ["13:30", "17:00"]]
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday")


def office(
    zone: str = "Europe/Berlin", *holidays: str, hours: dict[str, list[list[str]]] | None = None
) -> WorkingTime:
    """Seven hours a day, Monday to Friday."""
    return working_time(
        Organization(
            time_zone=zone,
            business_hours=dict.fromkeys(WEEK, OFFICE) if hours is None else hours,
            holidays=[{"day": day, "name": ""} for day in holidays],
        )
    )


def at(text: str, zone: ZoneInfo = BERLIN) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-02T09:00", 1, "2026-11-02T10:00"),
        ("2026-11-02T12:00", 1, "2026-11-02T14:00"),  # over lunch
        ("2026-11-02T12:00", 0.5, "2026-11-02T12:30"),  # ends with the span, not after lunch
        ("2026-11-02T05:00", 1, "2026-11-02T10:00"),  # before it opens
        ("2026-11-02T16:00", 2, "2026-11-03T10:00"),  # over night
        ("2026-11-06T16:00", 2, "2026-11-09T10:00"),  # over the weekend
        ("2026-11-07T12:00", 7, "2026-11-09T17:00"),  # on a Saturday
        ("2026-12-24T16:00", 4, "2026-12-28T12:00"),  # over two holidays and a weekend
        ("2026-11-02T09:00", 24, "2026-11-05T12:00"),
    ],
)
def test_a_duration_ends_where_people_would_say(start: str, hours: float, end: str) -> None:
    found = office("Europe/Berlin", "2026-12-25", "2026-12-26").after(at(start), timedelta(hours=hours))
    assert found == at(end)
    assert found.tzinfo is UTC


def test_without_hours_every_hour_counts() -> None:
    for hours in ({}, {"monday": []}):
        always = office("Europe/Berlin", "2026-12-25", hours=hours)
        assert always.after(at("2026-12-24T12:00"), timedelta(hours=24)) == at("2026-12-25T12:00")
        assert always.between(at("2026-03-28T12:00"), at("2026-03-29T12:00")) == timedelta(hours=23)


def test_round_the_clock_counts_the_hours_that_there_are() -> None:
    """The day on which clocks go forward has 23 hours, the one on which they go back 25."""
    whole = office(hours={day: [["00:00", "24:00"]] for day in (*WEEK, "saturday", "sunday")})
    for day, hours in (("2026-03-29", 23), ("2026-10-25", 25), ("2026-11-02", 24)):
        start = at(f"{day}T00:00")
        end = at(f"{date.fromisoformat(day) + timedelta(days=1)}T00:00")
        assert whole.between(start, end) == timedelta(hours=hours)
        assert whole.after(start, timedelta(hours=hours)) == end


def test_spans_around_a_skipped_hour_neither_overlap_nor_leave_a_hole() -> None:
    """02:00–03:00 does not exist on 29 March; 02:00–03:00 exists twice on 25 October."""
    night = office(hours={"sunday": [["01:00", "02:30"], ["02:30", "04:00"]]})
    spring, autumn = datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)
    assert night.between(spring, spring + timedelta(hours=12)) == timedelta(hours=2)
    assert night.after(spring, timedelta(hours=1)) == datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert night.after(spring, timedelta(hours=2)) == datetime(2026, 3, 29, 2, tzinfo=UTC)
    before = autumn - timedelta(hours=6)
    assert night.between(before, autumn + timedelta(hours=12)) == timedelta(hours=4)
    inside = office(hours={"sunday": [["02:10", "02:50"]]})
    assert inside.between(spring, spring + timedelta(hours=12)) == timedelta(0), "a span that does not exist"


ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "UTC",
)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))
durations = st.integers(0, 200 * 60).map(lambda minutes: timedelta(minutes=minutes))


@st.composite
def calendars(draw: st.DrawFn) -> WorkingTime:
    hours = {}
    for day in draw(st.sets(st.sampled_from((*WEEK, "saturday", "sunday")), max_size=7)):
        ends = sorted(draw(st.sets(st.integers(0, 96), min_size=2, max_size=6)))
        pairs = zip(ends[::2], ends[1::2], strict=False)
        hours[day] = [[f"{a // 4:02}:{a % 4 * 15:02}", f"{b // 4:02}:{b % 4 * 15:02}"] for a, b in pairs]
    holidays = draw(st.sets(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=10))
    return office(draw(st.sampled_from(ZONES)), *(day.isoformat() for day in holidays), hours=hours)


@settings(max_examples=150, deadline=None)
@given(calendars(), moments, durations, durations)
def test_it_adds_up_and_never_goes_back(
    calendar: WorkingTime, start: datetime, first: timedelta, second: timedelta
) -> None:
    middle = calendar.after(start, first)
    whole = calendar.after(start, first + second)
    assert calendar.after(middle, second) == whole, "in two goes as in one"
    assert start <= middle <= whole, "monotone in the duration"
    assert calendar.between(start, whole) == first + second, "the inverse"
    later = start + timedelta(minutes=47)
    assert calendar.after(later, first) >= middle, "monotone in the start"
    assert calendar.between(start, middle) + calendar.between(middle, whole) == calendar.between(start, whole)
    assert whole - start >= first + second, "never sooner than by the clock"
    assert calendar.between(whole, start) == timedelta(0)


def test_counting_backwards_is_refused() -> None:
    with pytest.raises(ValueError, match="forwards"):
        office().after(at("2026-11-02T09:00"), timedelta(hours=-1))


def test_hours_by_priority_fall_back_to_the_products_own() -> None:
    found = case_hours(Organization(case_hours={"high": 2}))
    assert found == {CasePriority.HIGH: 2, CasePriority.NORMAL: 24, CasePriority.LOW: 72}
