"""What went into a run."""

import pandas as pd

from analytics.frames import attitudes, metrics

from .design import Design
from .results import ControlUse, Facts
from .settings import Settings


def facts(frame: pd.DataFrame, settings: Settings, tests: int, columns: Design | None) -> Facts:
    """`columns` is None where nothing was adjusted."""
    attitude, metric = attitudes.attitude(settings.predictor), metrics.outcome(settings.outcome)
    answered = frame["answered_at"]
    assert metric.model is not None
    return Facts(
        predictor=settings.predictor,
        predictor_label=attitude.label,
        outcome=metric.name,
        outcome_label=metric.label,
        unit=metric.unit,
        currency=settings.currency if metric.unit == "money" else None,
        direction=metric.direction,
        model=metric.model,
        horizon_days=settings.horizon_days,
        lookback_days=settings.lookback_days,
        customers=len(frame),
        first_answer=_iso(answered.min()) if len(answered) else None,
        last_answer=_iso(answered.max()) if len(answered) else None,
        as_of=settings.as_of,
        tests=tests,
        declared=0,
        minimum_n=settings.minimum_n,
        level=settings.level,
        draws=settings.draws,
        seed=settings.seed,
        lookback_uncovered=int((frame["lookback_covered"] == 0).sum()),
        placebo_customers=int((frame["placebo_possible"] == 1).sum()),
        controls=[
            ControlUse(one.name, one.label, one.used, one.reason)
            for one in (columns.controls if columns else [])
        ],
    )


def _iso(moment: pd.Timestamp) -> str:
    return str(moment.isoformat(timespec="microseconds"))
