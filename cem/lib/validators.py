"""Validators that migrations name, so they live below every room."""

from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

currency_code = RegexValidator(r"^[A-Z]{3}$", "Use an ISO 4217 code, such as EUR.")


def time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(f"{name!r} is not an IANA time zone, such as Europe/Lisbon.")
