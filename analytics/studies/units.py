"""Scores as sentences write them: shares in per cent and points, NPS in points, means on their own scale.

No decimals that the interval does not support: steps of at most a quarter of its half width, as pages have it (±4 is
written without any, ±1.9 with one).
"""

import math

from .results import Interval
from .words import MINUS, reach_of

_MOST = {"share": 1, "points": 1, "scale": 2, "sd": 2}


def amount(value: float, reach: float, unit: str) -> str:
    """With a minus where it is negative: "31", "−4.2", "5.64"."""
    factor = 100.0 if unit == "share" else 1.0
    digits = f"{abs(value) * factor:,.{_decimals(reach * factor, _MOST[unit])}f}"
    return f"{MINUS}{digits}" if value < 0 and any(one in digits for one in "123456789") else digits


def _decimals(reach: float, most: int) -> int:
    if reach <= 0:
        return most
    return max(0, min(most, math.ceil(-math.log10(reach / 4) - 1e-9)))


def signed(value: float, reach: float, unit: str) -> str:
    """ "+5.2", "−17", "0"."""
    digits = amount(value, reach, unit)
    bare = not any(one in digits for one in "123456789")
    return digits if bare or digits.startswith(MINUS) else f"+{digits}"


def full(interval: Interval, unit: str, *, bare: bool = False) -> str:
    """ "−17 points (−21 to −13)"; bare, for within brackets: "−17 points, −21 to −13"."""
    reach = reach_of(interval)
    value, low, high = (signed(end, reach, unit) for end in (interval.value, interval.low, interval.high))
    noun = {"share": " points", "points": " points", "sd": " standard deviations"}.get(unit, "")
    return f"{value}{noun}, {low} to {high}" if bare else f"{value}{noun} ({low} to {high})"


def plural(n: int, noun: str) -> str:
    """ "1 agent", "12 agents"."""
    return f"{n:,} {noun if n == 1 else noun + 's'}"
