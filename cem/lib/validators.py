"""Validators that migrations name, so they live below every room."""

import re
from datetime import date
from typing import Any
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

currency_code = RegexValidator(r"^[A-Z]{3}$", "Use an ISO 4217 code, such as EUR.")
hex_colour = RegexValidator(r"^#[0-9a-f]{6}$", "Write the colour as #rrggbb, such as #12654d.")

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00")


def time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(f"{name!r} is not an IANA time zone, such as Europe/Lisbon.")


def business_hours(value: Any) -> None:
    """`{"monday": [["09:00", "12:30"], ["13:30", "17:00"]], …}`; a day that is left out is closed."""
    if not isinstance(value, dict) or (unknown := set(value) - set(WEEKDAYS)):
        raise ValidationError(f"Business hours are given by weekday ({', '.join(WEEKDAYS)}), not {value!r}.")
    del unknown
    for day, spans in value.items():
        last = ""
        if not isinstance(spans, list):
            raise ValidationError(f"{day}: a list of [from, until] is needed.")
        for span in spans:
            if not (isinstance(span, list) and len(span) == 2 and all(isinstance(end, str) for end in span)):
                raise ValidationError(f"{day}: {span!r} is not [from, until].")
            start, end = span
            if not (_CLOCK.fullmatch(start) and _CLOCK.fullmatch(end)):
                raise ValidationError(f"{day}: write times as 09:00, up to 24:00.")
            if not last <= start < end:
                raise ValidationError(
                    f"{day}: {start}–{end} ends before it starts or overlaps the one before it."
                )
            last = end


def case_hours(value: Any) -> None:
    """`{"high": 4, "normal": 24}`: priority → whole hours, 1 to 2,000 of them."""
    if not isinstance(value, dict) or not set(value) <= {"high", "normal", "low"}:
        raise ValidationError(f"Deadlines are given by priority (high, normal, low), not {value!r}.")
    for priority, hours in value.items():
        if not isinstance(hours, int) or isinstance(hours, bool) or not 1 <= hours <= 2_000:
            raise ValidationError(f"{priority}: choose 1 to 2,000 whole hours, not {hours!r}.")


def holidays(value: Any) -> None:
    """`[{"day": "2026-12-25", "name": "Christmas"}, …]`, each day once, in order."""
    if not isinstance(value, list):
        raise ValidationError("Holidays are a list of days.")
    days = []
    for one in value:
        if not (isinstance(one, dict) and set(one) == {"day", "name"} and isinstance(one["name"], str)):
            raise ValidationError(f"{one!r} is not a day with a name.")
        try:
            days.append(date.fromisoformat(str(one["day"])))
        except ValueError:
            raise ValidationError(f"{one['day']!r} is no date; write 2026-12-25.") from None
    if days != sorted(set(days)):
        raise ValidationError("Each holiday stands once, in the order of the calendar.")
