"""The product-limit curve. Ours, because lifelines neither keeps at-risk counts beside the curve nor has
the "log" interval that R reports by default, and takes two seconds to import."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from ._distributions import quantile
from ._input import FloatArray, IntArray, check_choice, check_level, check_same_length, flags, numbers
from .results import Estimate


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """A step function: ``survival[i]`` holds from ``times[i]`` until the next time.

    ``times`` starts at 0 and has every distinct observed time, in the durations' unit; ``at_risk`` are the
    rows still observed just before each. Medians are None where the curve (or its limit) stays above ½.
    """

    times: FloatArray
    survival: FloatArray
    low: FloatArray
    high: FloatArray
    at_risk: IntArray
    median: float | None
    median_low: float | None
    median_high: float | None
    n: int
    events: int
    dropped: int = 0
    level: float = 0.95

    def at(self, time: float) -> Estimate:
        """Survival at a time, with ``n`` the rows at risk then.

        Raises ValueError on a time before 0, or after the last observation while some still survive.
        """
        if not time >= 0:
            raise ValueError(f"time: must be 0 or more; got {time!r}")
        if time > self.times[-1] and self.survival[-1] > 0:
            raise ValueError(f"time: nobody was observed beyond {self.times[-1]:g}; got {time:g}")
        i = int(np.searchsorted(self.times, time, side="right")) - 1
        later = int(np.searchsorted(self.times, time, side="left"))
        risk = int(self.at_risk[later]) if later < len(self.times) else 0
        low, high = float(self.low[i]), float(self.high[i])
        return Estimate(float(self.survival[i]), low, high, risk, self.dropped, self.level)


def kaplan_meier(
    durations: Any, events: Any, *, level: float = 0.95, interval: Literal["log-log", "log"] = "log-log"
) -> Curve:
    """Kaplan–Meier survival of durations (0 or more, any unit); events 1 where it happened, 0 censored.

    S(t) = Π (1 − d/n), Kaplan & Meier (1958), JASA 53, 457–481. With Greenwood's variance v of log S the
    interval is S^exp(±z·√v/log S) ("log-log", Kalbfleisch & Prentice 2002, section 1.4) or S·exp(±z·√v)
    ("log", R's default). The median is the first time with S ≤ ½, its interval the times at which the
    limits get there (Brookmeyer & Crowley 1982, Biometrics 38, 29–41). Where S reaches 0 its variance does
    not exist: the lower limit is 0, the upper keeps its last value.
    Raises ValueError on negative or infinite durations, events other than 0 and 1, and without rows.
    """
    check_level(level)
    check_choice(interval, "interval", ("log-log", "log"))
    t, e, dropped = observed(durations, events)
    times, index = np.unique(np.concatenate([[0.0], t]), return_inverse=True)
    leaving = np.bincount(index[1:], minlength=len(times))
    deaths = np.bincount(index[1:], weights=e, minlength=len(times))
    at_risk = len(t) - np.concatenate([[0], np.cumsum(leaving)[:-1]])
    survival = np.cumprod(1.0 - deaths / at_risk)
    last = at_risk == deaths  # everyone left dies: S is 0 from here on
    terms = np.where(last, 0.0, deaths / (at_risk * np.where(last, 1.0, at_risk - deaths)))
    low, high = _limits(survival, np.sqrt(np.cumsum(terms)), quantile(level), interval)
    return Curve(
        times=times,
        survival=survival,
        low=low,
        high=high,
        at_risk=at_risk.astype(np.int64),
        median=_reached(times, survival),
        median_low=_reached(times, low),
        median_high=_reached(times, high),
        n=len(t),
        events=int(e.sum()),
        dropped=dropped,
        level=level,
    )


def observed(durations: Any, events: Any) -> tuple[FloatArray, FloatArray, int]:
    """Complete durations and events, and how many rows were left out."""
    t, e = numbers(durations, "durations"), flags(events, "events")
    rows = check_same_length(durations=t, events=e)
    kept = ~(np.isnan(t) | np.isnan(e))
    t, e = t[kept], e[kept]
    if not len(t):
        raise ValueError("durations: there is no row with a duration and an event flag")
    if (t < 0).any():
        raise ValueError("durations: must not be negative")
    return t, e, rows - len(t)


def _limits(
    survival: FloatArray, se: FloatArray, critical: float, interval: str
) -> tuple[FloatArray, FloatArray]:
    inside = (survival > 0) & (survival < 1)
    s = np.where(inside, survival, 0.5)
    if interval == "log":
        low, high = s * np.exp(-critical * se), np.minimum(1.0, s * np.exp(critical * se))
    else:
        theta = critical * se / np.log(s)  # negative, as log S is
        low, high = s ** np.exp(-theta), s ** np.exp(theta)
    low, high = np.where(inside, low, survival), np.where(inside, high, survival)
    gone = np.flatnonzero(survival <= 0)
    if len(gone) and gone[0] > 0:
        high[gone] = high[gone[0] - 1]
    return low, high


def _reached(times: FloatArray, curve: FloatArray) -> float | None:
    below = np.flatnonzero(curve <= 0.5 + 1e-12)  # 3/4 · 2/3 must count as ½
    return float(times[below[0]]) if len(below) else None
