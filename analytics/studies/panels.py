"""The bands of one window: as observed, tested, and at the same controls."""

import numpy as np
import pandas as pd

from analytics.frames.attitudes import Attitude
from analytics.stats import bands, intervals

from .adjusted import Adjusted
from .design import FloatArray
from .results import BandRow, Omnibus, Panel


def panel(
    outcome: FloatArray,
    band: pd.Categorical,
    attitude: Attitude,
    model: Adjusted,
    level: float,
    *,
    tested: bool,
) -> Panel:
    """Best band first; `tested` adds the omnibus test, which only the link's window needs."""
    rows = []
    for position, (key, noun) in enumerate(zip(attitude.bands, attitude.nouns, strict=True)):
        values = outcome[band == key]
        mean = intervals.mean(values, level=level)
        median = float(np.median(values))
        rows.append(
            BandRow(
                key, noun, len(values), mean.value, median, mean.low, mean.high, model.mean(position, level)
            )
        )
    return Panel(len(outcome), rows, _omnibus(outcome, band, level) if tested else None)


def _omnibus(outcome: FloatArray, band: pd.Categorical, level: float) -> Omnibus:
    """Welch's test; Kruskal's where a band does not vary at all."""
    try:
        compared = bands.compare(outcome, band, test="welch", level=level)
    except ValueError:
        compared = bands.compare(outcome, band, test="kruskal", level=level)
    return Omnibus(compared.test, compared.statistic, compared.df, compared.p, compared.effect_size)


def counts(band: pd.Categorical, attitude: Attitude) -> list[BandRow]:
    """How many there are in each band, without any figure."""
    found = np.bincount(band.codes[band.codes >= 0], minlength=3)
    return [
        BandRow(key, noun, int(found[position]), None, None, None, None)
        for position, (key, noun) in enumerate(zip(attitude.bands, attitude.nouns, strict=True))
    ]
