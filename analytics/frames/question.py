"""What a frame is built for. Apart from the building, so that pages need not load what builds."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Question:
    """What a frame is built for. Periods are half-open, in UTC; None is open."""

    predictor: str
    outcome: str
    controls: tuple[str, ...]
    horizon_days: int
    lookback_days: int
    as_of: datetime
    answered_from: datetime | None = None
    answered_until: datetime | None = None
