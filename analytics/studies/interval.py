"""What every section of a result is made of: figures with intervals, and readings."""

from dataclasses import dataclass
from typing import Literal

Reading = Literal[
    "stands",
    "matched_by_placebo",
    "not_separable_from_placebo",
    "noise",
    "insufficient_evidence",
    "no_placebo_possible",
]
#: In words, as badges and tables show them.
READINGS: dict[str, str] = {
    "stands": "stands",
    "matched_by_placebo": "matched by its placebo",
    "not_separable_from_placebo": "not separable from its placebo",
    "noise": "noise",
    "insufficient_evidence": "insufficient evidence",
    "no_placebo_possible": "no placebo possible",
}


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure and the two ends of its interval."""

    value: float
    low: float
    high: float

    @property
    def is_clear_of_zero(self) -> bool:
        return self.low > 0 or self.high < 0
