"""Whether people of one unit answer alike: ICC(1) and ICC(2) of a unit's answers in one period.

As `stats.reliability.intraclass` has them, from each cell's number, mean and sum of squares, since frames do
not hold single people's answers.
"""

from typing import Literal

import numpy as np
from scipy import stats

from analytics.studies.design import FloatArray

from .results import Agreement


def agreement(
    who: Literal["employees", "customers"], n: FloatArray, means: FloatArray, within: FloatArray
) -> Agreement | None:
    """None where there are fewer than two cells, or nothing varies."""
    total, cells = float(n.sum()), len(n)
    if cells < 2 or total <= cells:
        return None
    grand = float(n @ means) / total
    between = float(n @ (means - grand) ** 2) / (cells - 1)
    inside = float(within.sum()) / (total - cells)
    if between <= 1e-24 or inside <= 1e-24:
        return None
    size = total / cells
    return Agreement(
        who=who,
        icc1=(between - inside) / (between + (size - 1) * inside),
        icc2=(between - inside) / between,
        cells=cells,
        n=int(total),
        size=size,
        p=float(stats.f.sf(between / inside, cells - 1, total - cells)),
    )


def column(values: object) -> FloatArray:
    return np.asarray(values, dtype=np.float64)
