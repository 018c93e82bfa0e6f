"""What results of every kind have in common, so that lists, cards and the overview draw them alike.

Every `Run.result` holds "kind", "reading", "facts" (with predictor_label and outcome_label), "findings"
and, where there is a figure, "link" and perhaps "placebo": the two whiskers of the overview.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

import msgspec

from .checks import Check
from .results import Interval

#: How a figure is written: "money", "count", "days" as business metrics are; "share" 0 to 1, differences in
#: points; "points" of NPS; "scale" the question's own; "sd" standard deviations.
FigureUnit = Literal["money", "count", "days", "share", "points", "scale", "sd"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A link or its placebo as a whisker: value and interval in `unit`."""

    value: float
    low: float
    high: float
    unit: FigureUnit

    @classmethod
    def of(cls, interval: Interval, unit: FigureUnit) -> "Figure":
        return cls(interval.value, interval.low, interval.high, unit)


@dataclass(frozen=True, slots=True)
class Findings:
    """Sentences of an operational or constituency result: the opening one, the paragraph under it, the short one
    of the overview and what stands under that, the title of the picture, the checks. `worth` is always empty:
    only what customers go on to do is given a worth.
    """

    lede: str
    then: str
    short: str
    foot: str
    title: str
    checks: list[Check]
    worth: str = ""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "Findings":
        return msgspec.convert(stored, cls)
