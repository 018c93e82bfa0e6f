"""Intervals of the scores, small and exact, for `feedback.scoring` alone.

The same formulas as `analytics.stats.intervals` (which this room may not import; a test holds them equal),
on counts instead of arrays, and fast enough for a page with hundreds of figures.
"""

import math
from functools import lru_cache

NORMAL = 1.959963984540054


@lru_cache(4096)
def t_quantile(df: float) -> float:
    from scipy import special

    return float(special.stdtrit(df, 0.975))


def t_two_sided(statistic: float, df: float) -> float:
    from scipy import special

    return float(min(1.0, 2.0 * special.stdtr(df, -abs(statistic))))


def two_sided(z: float) -> float:
    """Two-sided p of a standard normal statistic."""
    return math.erfc(abs(z) / math.sqrt(2.0))


def net_variance(promoters: float, passives: float, detractors: float) -> float:
    """Variance of one answer scored 1, 0 or −1."""
    n = promoters + passives + detractors
    return max(0.0, (promoters + detractors) / n - ((promoters - detractors) / n) ** 2)


def nps(promoters: float, passives: float, detractors: float) -> tuple[float, float, float]:
    """Score as observed, in points, with the adjusted-Wald interval (¾, 1½ and ¾ added for it alone).

    Source: Rocks (2016), The American Statistician 70(4), 365–372.
    """
    value = (promoters - detractors) / (promoters + passives + detractors)
    up, middle, down = promoters + 0.75, passives + 1.5, detractors + 0.75
    n = up + middle + down
    margin = NORMAL * math.sqrt(net_variance(up, middle, down) / n)
    low = min(value, max(-1.0, (up - down) / n - margin))
    high = max(value, min(1.0, (up - down) / n + margin))
    return 100.0 * value, 100.0 * low, 100.0 * high


def share(successes: float, n: float) -> tuple[float, float, float]:
    """Share from 0 to 1 with Wilson's score interval. Source: Wilson (1927), JASA 22, 209–212."""
    value, z2 = successes / n, NORMAL**2
    centre = value + z2 / (2.0 * n)
    margin = math.sqrt(z2 * (value * (1.0 - value) + z2 / (4.0 * n)) / n)
    low, high = (centre - margin) / (1.0 + z2 / n), (centre + margin) / (1.0 + z2 / n)
    return value, max(0.0, min(low, value)), min(1.0, max(high, value))


def mean(value: float, variance: float, n: float) -> tuple[float, float, float]:
    """Mean with Student's t interval, from moments; n at least 2."""
    margin = t_quantile(n - 1.0) * math.sqrt(variance / n)
    return value, value - margin, value + margin
