"""A constituency study's settings as one run used them: written into the run, read back from it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from analytics.frames.questions import Constituency as Question
from analytics.frames.questions import Period, When
from analytics.studies.settings import LEVEL, moment

#: What `Study.options` may hold: the choices, the default first.
OPTIONS: dict[str, tuple[str, ...]] = {"period": ("quarter", "month"), "when": ("same", "next")}
#: Employees answering below which nothing about a unit is shown, whatever the study asks for.
EMPLOYEES = 5
CUSTOMERS = 5


@dataclass(frozen=True, slots=True)
class Settings:
    """Moments are ISO 8601 text; None is open. minimum_n: fewest units."""

    predictor: str
    predictor_label: str
    outcome: str
    controls: tuple[str, ...]
    minimum_n: int
    time_zone: str
    as_of: str
    seed: int
    period: Period = "quarter"
    when: When = "same"
    minimum_employees: int = EMPLOYEES
    minimum_customers: int = CUSTOMERS
    answered_from: str | None = None
    answered_until: str | None = None
    level: float = LEVEL
    kind: str = "constituency"

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "controls": list(self.controls)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Settings":
        return cls(**{**stored, "controls": tuple(stored["controls"])})

    def question(self) -> Question:
        """What the frame is built for."""
        return Question(
            predictor=self.predictor,
            outcome=self.outcome,
            period=self.period,
            when=self.when,
            needs_previous="previous" in self.controls,
            minimum_employees=self.minimum_employees,
            minimum_customers=self.minimum_customers,
            time_zone=self.time_zone,
            as_of=datetime.fromisoformat(self.as_of),
            answered_from=moment(self.answered_from),
            answered_until=moment(self.answered_until),
        )
