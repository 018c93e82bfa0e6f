"""What went into a constituency run."""

from collections.abc import Sequence

import pandas as pd

from analytics.frames.scored import scored
from analytics.studies.design import Control
from analytics.studies.results import ControlUse

from .results import Facts
from .settings import Settings


def facts(frame: pd.DataFrame, settings: Settings, *, tests: int, used: Sequence[Control]) -> Facts:
    """`used` is empty where nothing was adjusted."""
    outcome, periods, units = scored(settings.outcome), frame["period"], frame["unit"].astype(str)
    possible = frame["previous"].notna()
    if "previous" in settings.controls:
        possible &= frame["earlier"].notna()
    return Facts(
        predictor=settings.predictor,
        predictor_label=settings.predictor_label,
        outcome=settings.outcome,
        outcome_label=outcome.label,
        unit=outcome.unit,
        direction=1,
        model="gaussian",
        period=settings.period,
        when=settings.when,
        units=int(units.nunique()),
        unit_periods=len(frame),
        placebo_units=int(units[possible].nunique()),
        placebo_unit_periods=int(possible.sum()),
        employee_answers=int(frame["employees"].sum()),
        customer_answers=int(frame["customers"].sum()),
        first_period=_iso(periods.min()) if len(periods) else None,
        last_period=_iso(periods.max()) if len(periods) else None,
        as_of=settings.as_of,
        tests=tests,
        declared=0,
        minimum_n=settings.minimum_n,
        minimum_employees=settings.minimum_employees,
        minimum_customers=settings.minimum_customers,
        level=settings.level,
        seed=settings.seed,
        controls=[ControlUse(one.name, one.label, one.used, one.reason) for one in used],
    )


def _iso(moment: pd.Timestamp) -> str:
    return str(moment.isoformat(timespec="microseconds"))
