"""Families of tests. All primary (adjusted) tests of a run are one: the contrasts of the bands and every pair of
attitude and outcome. Hypotheses declared before the first run are another, since they were not looked for."""

from collections.abc import Sequence

import numpy as np

from analytics.stats import association


def q_values(p_values: Sequence[float], declared: Sequence[bool]) -> list[float]:
    """Benjamini–Hochberg q of each test within its family."""
    p, own = np.asarray(p_values, dtype=np.float64), np.asarray(declared, dtype=bool)
    q = np.full(len(p), np.nan)
    for family in (own, ~own):
        if family.any():
            q[family] = association.false_discovery(p[family])
    return [float(one) for one in q]
