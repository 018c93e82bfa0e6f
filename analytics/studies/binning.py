"""Where answers were cut that have no bands of their own, in words."""

import pandas as pd

from analytics.frames.attitudes import Attitude


def words(frame: pd.DataFrame, attitude: Attitude) -> str:
    """ "Cut at thirds of the answers: low 0 to 6, middle 7, high 8 to 10."; empty for bands that are fixed."""
    if not attitude.is_cut or not len(frame):
        return ""
    ends = frame.groupby("band", observed=True)["value"].agg(["min", "max"])
    parts = []
    for key in reversed(attitude.bands):
        if key in ends.index:
            low, high = float(ends["min"][key]), float(ends["max"][key])
            parts.append(f"{key} {low:g}" + (f" to {high:g}" if high > low else ""))
    return f"Cut at thirds of the answers: {', '.join(parts)}."
