"""What an operational link holds fixed, as columns of a model."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analytics.frames.questions import OPERATIONAL_CONTROLS as CONTROLS
from analytics.studies.design import RARE, Control, FloatArray, independent, levels


def columns(
    frame: pd.DataFrame, controls: Sequence[str], *, before: str, outcome: FloatArray, shares: bool
) -> tuple[FloatArray, list[Control]]:
    """(n × k, what became of each control).

    Args:
        before: the column of the customer's answer before the outcome's: "previous" for the link, "earlier"
            for its placebo.
        outcome: decides which levels must be merged where the model is of shares.
    """
    found: list[tuple[str, FloatArray]] = []
    for name in controls:
        if name == "previous":
            found += [(name, column) for column in _answers(frame[before].to_numpy(dtype=np.float64))]
        elif name == "hour":
            turn = 2 * np.pi * frame["hour"].to_numpy(dtype=np.float64) / 24
            # Two waves a day: enough for a morning and an evening peak, smooth across midnight.
            found += [(name, wave(k * turn)) for k in (1, 2) for wave in (np.sin, np.cos)]
        else:
            values = frame[name].to_numpy(dtype=object)
            found += [(name, column) for _, column in levels(values, outcome, shares)]
    kept = independent([], [column for _, column in found])
    used, tried = {found[i][0] for i in kept}, {name for name, column in found if np.ptp(column) > 0}
    matrix = np.column_stack([found[i][1] for i in kept]) if kept else np.empty((len(frame), 0))
    return matrix, [
        Control(name, CONTROLS[name][0], name in used, _why(name in used, name in tried)) for name in controls
    ]


def _answers(values: FloatArray) -> list[FloatArray]:
    """The answer, and none given before as a kind of its own."""
    none = np.isnan(values)
    if none.all():
        return []
    found = [np.where(none, np.nanmean(values), values)]
    return [*found, none.astype(np.float64)] if none.sum() >= RARE else found


def _why(used: bool, varies: bool) -> str:
    return "" if used else "repeats the others" if varies else "the same for every contact"
