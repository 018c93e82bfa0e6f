"""What is missing where contacts are too few, and how long it takes at the pace of the period."""

import numpy as np
import pandas as pd

from analytics.studies.design import FloatArray

from .results import Shortfall
from .settings import Settings


def shortfalls(values: FloatArray, answered: pd.Series, settings: Settings) -> list[Shortfall]:
    """Of all contacts where they could not fill two sides; else of the smaller side."""
    n, asked = len(values), 2 * settings.minimum_n
    noun = "answered contacts"
    if n >= asked:
        at = float(np.median(values)) if settings.threshold is None else settings.threshold
        above = int((values > at).sum())
        n, asked, noun = min(above, n - above), settings.minimum_n, "contacts on one side"
    days = (answered.max() - answered.min()).total_seconds() / 86_400 if len(answered) > 1 else 0.0
    missing = max(1, asked - n)
    pace = int(np.ceil(missing * days / n)) if n and days > 0 else None
    return [Shortfall(noun, n, asked, missing, pace)]
