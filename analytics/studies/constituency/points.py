"""A point a unit, for the picture: means of its periods with the intervals of the answers in them."""

import numpy as np
import pandas as pd
from scipy import special

from analytics.studies.results import Interval

from .results import UnitRow

#: Where a score ends, whatever its interval.
_ENDS = {"share": (0.0, 1.0), "points": (-100.0, 100.0)}


def points(frame: pd.DataFrame, level: float, unit: str) -> list[UnitRow]:
    """By name of the unit. `unit`: that of the customers' score."""
    found = []
    low, high = _ENDS.get(unit, (-np.inf, np.inf))
    for _, part in frame.groupby(frame["unit"].astype(str), sort=True):
        felt, outcome = _mean(part, "employees", "felt", level), _mean(part, "customers", "outcome", level)
        found.append(
            UnitRow(
                unit=str(part["unit"].iloc[0]),
                name=str(part["name"].iloc[-1]),
                region=str(part["region"].iloc[-1]),
                periods=len(part),
                employees=int(part["employees"].sum()),
                customers=int(part["customers"].sum()),
                predictor=felt.value,
                outcome=outcome.value,
                predictor_interval=felt,
                outcome_interval=Interval(outcome.value, max(low, outcome.low), min(high, outcome.high)),
            )
        )
    return sorted(found, key=lambda one: (one.name, one.unit))


def _mean(part: pd.DataFrame, counted: str, mean: str, level: float) -> Interval:
    """Student's t; its error squared is Σ s²/n over the number of periods squared."""
    n, means, within = (part[name].to_numpy(dtype=np.float64) for name in (counted, mean, f"{mean}_within"))
    error = float(np.sqrt((within / (n * np.maximum(n - 1, 1))).sum())) / len(part)
    reach = float(special.stdtrit(max(1.0, float((n - 1).sum())), 0.5 + level / 2)) * error
    value = float(means.mean())
    return Interval(value, value - reach, value + reach)
