"""What went into a run."""

import pandas as pd

from . import binning
from .link import Link
from .results import ControlUse, Facts
from .sections.associations import Associations


def facts(link: Link, associations: Associations | None) -> Facts:
    """`associations`: None where only the link was computed."""
    frame, settings, attitude, metric = link.frame, link.settings, link.attitude, link.metric
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
        tests=len(link.tested) if associations is None else associations.tests,
        declared=0 if associations is None else associations.declared,
        minimum_n=settings.minimum_n,
        level=settings.level,
        draws=settings.draws,
        seed=settings.seed,
        lookback_uncovered=int((frame["lookback_covered"] == 0).sum()),
        placebo_customers=int((frame["placebo_possible"] == 1).sum()),
        controls=[
            ControlUse(one.name, one.label, one.used, one.reason)
            for one in (link.design.controls if link.design else [])
        ],
        among=metric.among,
        binning=binning.words(frame, attitude),
    )


def _iso(moment: pd.Timestamp) -> str:
    return str(moment.isoformat(timespec="microseconds"))
