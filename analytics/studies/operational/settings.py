"""An operational study's settings as one run used them: written into the run, read back from it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from analytics.frames.measures import Measure
from analytics.frames.questions import Operational as Question
from analytics.studies.settings import DRAWS, LEVEL, moment

#: What `Study.options` may hold, with what it means.
OPTIONS = {"threshold": "a value of the measure, declared before any answer was looked at"}


@dataclass(frozen=True, slots=True)
class Settings:
    """Moments are ISO 8601 text; None is open. threshold: None lets the run choose one, cross-fitted."""

    predictor: str
    predictor_label: str
    plural: str
    measure_unit: str
    outcome: str
    controls: tuple[str, ...]
    minimum_n: int
    time_zone: str
    as_of: str
    seed: int
    threshold: float | None = None
    answered_from: str | None = None
    answered_until: str | None = None
    draws: int = DRAWS
    level: float = LEVEL
    kind: str = "operational"

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "controls": list(self.controls)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Settings":
        return cls(**{**stored, "controls": tuple(stored["controls"])})

    @property
    def measure(self) -> Measure:
        return Measure(self.predictor, self.predictor_label, self.plural, self.measure_unit)  # type: ignore[arg-type]

    def question(self) -> Question:
        """What the frame is built for."""
        return Question(
            measure=self.predictor,
            outcome=self.outcome,
            controls=self.controls,
            time_zone=self.time_zone,
            as_of=datetime.fromisoformat(self.as_of),
            answered_from=moment(self.answered_from),
            answered_until=moment(self.answered_until),
        )
