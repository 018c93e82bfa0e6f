"""Where answers were cut that have no bands of their own, in words."""

import pandas as pd

from analytics.frames.attitudes import Attitude


def words(frame: pd.DataFrame, attitude: Attitude) -> str:
    """ "Cut at thirds of the answers: low 0 to 6, middle 7, high 8 to 10."; empty for bands that are fixed."""
    if not attitude.is_cut or not len(frame):
        return ""
    band, value = frame["band"].astype(str), frame["value"]
    parts = []
    for key in reversed(attitude.bands):
        answers = value[band == key]
        if len(answers):
            low, high = float(answers.min()), float(answers.max())
            parts.append(f"{key} {low:g}" + (f" to {high:g}" if high > low else ""))
    return f"Cut at thirds of the answers: {', '.join(parts)}."
