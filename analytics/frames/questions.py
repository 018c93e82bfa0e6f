"""What operational and constituency frames are built for. Apart from the building, so that pages need not load what
builds."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

#: What a study may hold fixed: its label, and the column of the customer where it is a fact about them.
OPERATIONAL_CONTROLS: dict[str, tuple[str, str]] = {
    "channel": ("Channel", ""),
    "touchpoint": ("Touchpoint", ""),
    "hour": ("Hour of the day", ""),
    "previous": ("Previous answer", ""),
    "segment": ("Segment", "c.segment"),
    "country": ("Country", "c.country"),
    "language": ("Language", "c.language"),
}
OPERATIONAL_DEFAULTS = ("channel", "touchpoint", "hour", "previous")


@dataclass(frozen=True, slots=True)
class Operational:
    """What a frame is built for. Periods are half-open, in UTC; None is open."""

    measure: str
    outcome: str
    controls: tuple[str, ...]
    time_zone: str
    as_of: datetime
    answered_from: datetime | None = None
    answered_until: datetime | None = None


def operational_control(name: str) -> str:
    """The label of something a study may hold fixed.

    Raises:
        ValueError: naming what may not, and what may.
    """
    if name not in OPERATIONAL_CONTROLS:
        raise ValueError(
            f"controls: {name!r} cannot be held fixed. Choose from {', '.join(OPERATIONAL_CONTROLS)}."
        )
    return OPERATIONAL_CONTROLS[name][0]


CONSTITUENCY_CONTROLS = {
    "size": "Size of the unit",
    "region": "Region",
    "previous": "Previous customers’ score",
    "period": "Period",
}
CONSTITUENCY_DEFAULTS = ("size", "region", "previous", "period")
Period = Literal["month", "quarter"]
When = Literal["same", "next"]


@dataclass(frozen=True, slots=True)
class Constituency:
    """What a frame is built for. The employees' answers are those from … until (half-open); None is open."""

    predictor: str
    outcome: str
    period: Period
    when: When
    needs_previous: bool
    minimum_employees: int
    minimum_customers: int
    time_zone: str
    as_of: datetime
    answered_from: datetime | None = None
    answered_until: datetime | None = None


def constituency_control(name: str) -> str:
    """The label of something a study may hold fixed.

    Raises:
        ValueError: naming what may not, and what may.
    """
    if name not in CONSTITUENCY_CONTROLS:
        raise ValueError(
            f"controls: {name!r} cannot be held fixed. Choose from {', '.join(CONSTITUENCY_CONTROLS)}."
        )
    return CONSTITUENCY_CONTROLS[name]
