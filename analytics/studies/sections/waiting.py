"""Days from an answer until the next order or the cancellation: curves by band, log-rank test, Cox regression."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from analytics.frames import attitudes, metrics
from analytics.frames.attitudes import Attitude
from analytics.stats import survival as stats
from analytics.studies import design
from analytics.studies.design import FloatArray
from analytics.studies.interval import Interval

from .survival import BandCurve, Hazard, Step, Survival

ALPHA = 0.05
#: Customers of a band who must be followed for a day to be told of.
FEW = 10
_STEPS = (1, 2, 5, 7, 14, 30, 60, 90, 180, 365, 730, 1_825)
_COUNTS = 5
#: Log hazard ratios beyond this are as good as infinite, and stay numbers.
MOST = 600.0
SILENT = "those who did not answer"


@dataclass(frozen=True, slots=True)
class _Waits:
    """Whole days watched, whether it came (1) or was still awaited then (0), and days followed whatever came."""

    days: FloatArray
    came: FloatArray
    followed: FloatArray

    @classmethod
    def of(cls, frame: pd.DataFrame) -> "_Waits":
        """A day that has begun and is not over tells nothing: what comes within it is left to a later run."""
        followed = frame["followed_days"].to_numpy(dtype=np.float64)
        after = frame["next_days"].to_numpy(dtype=np.float64)
        came = after <= followed  # false where nothing came (NaN)
        return cls(np.where(came, after, followed), came.astype(np.float64), followed)

    def at(self, rows: Any) -> "_Waits":
        return _Waits(self.days[rows], self.came[rows], self.followed[rows])


def survival(
    returning: pd.DataFrame, asked: pd.DataFrame | None, settings: Any, progress: Callable[[float, str], None]
) -> Survival:
    """See `analytics.studies.sections.survival.compute`."""
    progress(0.0, "Following them until the next order")
    attitude = attitudes.attitude(settings.predictor)
    outcome = metrics.waiting(settings.outcome).name
    frame = returning[returning["followed_days"].to_numpy(dtype=np.float64) >= 1].reset_index(drop=True)
    band = frame["band"].to_numpy(dtype=object)
    sizes = [int((band == key).sum()) for key in attitude.bands]
    enough = [n >= settings.minimum_n for n in sizes]
    silent = _silent(asked)
    waits = _Waits.of(frame)
    groups = [waits.at(band == key) for key in attitude.bands]
    silence = _Waits.of(silent) if silent is not None and len(silent) else None
    times = _times([one for one, kept in zip(groups, enough, strict=True) if kept])
    curves = [
        _curve(key, noun, group, times if kept else [], settings.level)
        for key, noun, group, kept in zip(attitude.bands, attitude.nouns, groups, enough, strict=True)
    ]
    progress(0.3, "Following them until the next order")
    nonresponders = None
    if silence is not None:
        shown = times if len(silence.days) >= settings.minimum_n else []
        nonresponders = _curve("none", SILENT, silence, shown, settings.level)
    found = Survival(curves, nonresponders, outcome=outcome)
    why = _why_no_test(attitude, sizes, waits, settings.minimum_n)
    if why:
        return replace(found, why=why)
    test = stats.logrank(waits.days, waits.came, band)
    found = replace(found, logrank_statistic=test.statistic, logrank_p=test.p)
    progress(0.5, "Comparing how soon, at the same controls")
    try:
        return replace(found, **_hazards(frame, waits, attitude, settings, progress))
    except ValueError as error:
        return replace(found, why=f"No hazard ratios: {str(error).removeprefix('frame: ')}.")


def _why_no_test(attitude: Attitude, sizes: list[int], waits: _Waits, asked: int) -> str:
    few = [f"{n:,} {noun}" for n, noun in zip(sizes, attitude.nouns, strict=True) if n < asked]
    if few:
        return f"Not tested: only {' and '.join(few)} were followed for a day or more; this study asks for {asked:,}."
    if not waits.came.any():
        return "Not tested: it came for nobody yet."
    return ""


def _until(group: _Waits) -> float:
    """The last day to which `FEW` are followed, whatever came before."""
    return float(np.sort(group.followed)[-min(FEW, len(group.followed))])


def _times(groups: list[_Waits]) -> list[float]:
    """Days at which those still followed are counted: few, and round."""
    until = max((_until(group) for group in groups), default=0.0)
    step = next((one for one in _STEPS if until / one <= _COUNTS), _STEPS[-1])
    return [float(day) for day in range(0, int(until) + 1, step)] if groups else []


def _silent(asked: pd.DataFrame | None) -> pd.DataFrame | None:
    """The first delivered invitation of each customer, where it got no answer."""
    if asked is None or not len(asked):
        return None
    delivered = asked[asked["delivered"].to_numpy() == 1].sort_values(["asked_at"], kind="stable")
    first = delivered.drop_duplicates("customer", keep="first")
    silent = (first["answered"].to_numpy() == 0) & (first["followed_days"].to_numpy(dtype=np.float64) >= 1)
    found: pd.DataFrame = first[silent]
    return found


def _curve(band: str, noun: str, waits: _Waits, times: list[float], level: float) -> BandCurve:
    """Without `times`, how many there are and nothing that could be read as a curve."""
    n, events = len(waits.days), int(waits.came.sum())
    if not times:
        return BandCurve(band, noun, n, events, [], [], None, None, None)
    curve, until = stats.kaplan_meier(waits.days, waits.came, level=level), _until(waits)
    fell = np.flatnonzero((np.diff(curve.survival) < 0) & (curve.times[1:] <= until)) + 1
    steps = [Step(0.0, 1.0, None, None)] + [
        Step(float(curve.times[i]), float(curve.survival[i]), float(curve.low[i]), float(curve.high[i]))
        for i in fell
    ]
    at_risk = [(day, int((waits.days >= day).sum())) for day in times]
    return BandCurve(
        band, noun, n, events, steps, at_risk, curve.median, curve.median_low, curve.median_high, until
    )


def _hazards(
    frame: pd.DataFrame,
    waits: _Waits,
    attitude: Attitude,
    settings: Any,
    progress: Callable[[float, str], None],
) -> dict[str, Any]:
    """Cox regression on bands and controls, and the exact test that its ratios do not change with time."""
    columns = design.build(
        frame,
        bands=attitude.bands,
        controls=settings.controls,
        prefix="c_",
        outcome=waits.came,
        zeros_separate=True,
    )
    labels = [_label(name, attitude) for name in columns.names]  # what cannot be fitted is refused by them
    table = pd.DataFrame(columns.matrix, columns=labels).assign(days=waits.days, came=waits.came)
    fit = stats.cox(table, duration="days", event="came", level=settings.level)
    progress(0.8, "Asking whether the ratios change over time")
    tests = stats.proportional_hazards(table, duration="days", event="came")
    hazards = [
        Hazard(
            name,
            label,
            Interval(*(math.exp(min(one, MOST)) for one in (term.coefficient, term.low, term.high))),
            term.p,
            tests[label].p,
        )
        for name, label, term in zip(columns.names, labels, fit.terms.values(), strict=True)
    ]
    whole = tests["GLOBAL"].p
    return {
        "hazards": hazards,
        "concordance": fit.concordance,
        "ph_global_p": whole,
        "ph_violated": min(whole, hazards[0].ph_p or 0.0, hazards[1].ph_p or 0.0) < ALPHA,
    }


def _label(name: str, attitude: Attitude) -> str:
    """ "Promoters", "Segment gold", "Revenue above the middle"."""
    if name in ("band_high", "band_low"):
        noun = attitude.nouns[0 if name == "band_high" else 2]
        return noun[:1].upper() + noun[1:]
    known = next((one for one in sorted(metrics.METRICS, key=len, reverse=True) if name.startswith(one)), "")
    return f"{metrics.METRICS[known].label}{name[len(known) :]}" if known else name
