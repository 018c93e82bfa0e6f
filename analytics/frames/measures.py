"""Measures of contacts that a study can start from: known ones, and those an organization has registered."""

from dataclasses import dataclass
from typing import Literal

MeasureUnit = Literal["seconds", "days", "count", "share", "plain"]


@dataclass(frozen=True, slots=True)
class Measure:
    """A key of `Interaction.measures`. `plural`: as a sentence has contacts with it, "waits", "deliveries"."""

    key: str
    label: str
    plural: str
    unit: MeasureUnit


KNOWN: dict[str, Measure] = {
    one.key: one
    for one in (
        Measure("wait_seconds", "Wait", "waits", "seconds"),
        Measure("handle_seconds", "Handling time", "handling times", "seconds"),
        Measure("transfers", "Transfers", "contacts", "count"),
        Measure("resolved_first_contact", "Resolved at first contact", "contacts", "share"),
        Measure("days_late", "Days late", "deliveries", "days"),
    )
}


def measures() -> dict[str, Measure]:
    """By key: the organization's own before the known ones. One query."""
    from analytics.models import Measure as Registered

    own = {
        one.key: Measure(one.key, one.label, one.plural, one.unit)  # type: ignore[arg-type]
        for one in Registered.objects.order_by("key")
    }
    return {**KNOWN, **own}


def measure(key: str) -> Measure:
    """The measure a study starts from.

    Raises:
        ValueError: naming what is not one, and what is.
    """
    known = measures()
    if key not in known:
        raise ValueError(
            f"predictor: {key!r} is not a measure of contacts. Choose one of {', '.join(sorted(known))}, "
            "or register it as a measure with its name and unit."
        )
    return known[key]
