"""A study's settings as one run used them: written into the run, read back from it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from analytics.frames.question import Question

DRAWS = 400
LEVEL = 0.95
SHARE = 0.1  # "one in ten"
#: What every attitude is correlated with, unless the study names others.
OUTCOMES = ("revenue", "orders", "contacts", "repurchased")


@dataclass(frozen=True, slots=True)
class Settings:
    """Moments are ISO 8601 text; None is open."""

    predictor: str
    outcome: str
    controls: tuple[str, ...]
    horizon_days: int
    lookback_days: int
    minimum_n: int
    currency: str
    as_of: str
    seed: int
    answered_from: str | None = None
    answered_until: str | None = None
    draws: int = DRAWS
    level: float = LEVEL
    share: float = SHARE
    outcomes: tuple[str, ...] = OUTCOMES
    #: Hypotheses declared before the first run, as "nps>revenue".
    declared: tuple[str, ...] = ()
    kind: str = "financial"

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), **{name: list(getattr(self, name)) for name in _LISTS}}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Settings":
        return cls(**{**stored, **{name: tuple(stored[name]) for name in _LISTS if name in stored}})

    def is_declared(self, predictor: str, outcome: str) -> bool:
        return f"{predictor}>{outcome}" in self.declared

    def question(self) -> Question:
        """What the frame is built for."""
        return Question(
            predictor=self.predictor,
            outcome=self.outcome,
            controls=self.controls,
            horizon_days=self.horizon_days,
            lookback_days=self.lookback_days,
            as_of=datetime.fromisoformat(self.as_of),
            answered_from=moment(self.answered_from),
            answered_until=moment(self.answered_until),
        )


#: Fields that JSON holds as lists.
_LISTS = ("controls", "outcomes", "declared")


def moment(text: str | None) -> datetime | None:
    """As settings store one."""
    return None if text is None else datetime.fromisoformat(text)
