"""What went into an operational run."""

from collections.abc import Sequence

import pandas as pd

from analytics.frames.scored import scored
from analytics.studies.design import Control
from analytics.studies.results import ControlUse

from .results import Facts
from .settings import Settings


def facts(frame: pd.DataFrame, settings: Settings, *, tests: int, used: Sequence[Control]) -> Facts:
    """`used` is empty where nothing was adjusted."""
    outcome, answered, named = scored(settings.outcome), frame["answered_at"], frame["agent"].astype(str)
    return Facts(
        predictor=settings.predictor,
        predictor_label=settings.predictor_label,
        measure_unit=settings.measure_unit,
        plural=settings.plural,
        outcome=settings.outcome,
        outcome_label=outcome.label,
        unit=outcome.unit,
        verb=outcome.verb,
        direction=1,
        model=outcome.model,
        contacts=len(frame),
        customers=int(frame["customer"].nunique()),
        agents=int(named[named != ""].nunique()),
        without_agent=int((named == "").sum()),
        placebo_contacts=int(frame["previous"].notna().sum()),
        first_answer=_iso(answered.min()) if len(answered) else None,
        last_answer=_iso(answered.max()) if len(answered) else None,
        as_of=settings.as_of,
        tests=tests,
        declared=int(tests > 0 and settings.threshold is not None),
        minimum_n=settings.minimum_n,
        level=settings.level,
        draws=settings.draws,
        seed=settings.seed,
        controls=[ControlUse(one.name, one.label, one.used, one.reason) for one in used],
    )


def _iso(moment: pd.Timestamp) -> str:
    return str(moment.isoformat(timespec="microseconds"))
