"""The outcome over the measure: a regression spline with its band at the same controls, and plain bins.

Natural cubic spline, knots at fixed percentiles (5 of them; 4 where they would coincide): Harrell (2015), Regression
Modeling Strategies, section 2.4.6. The curve is drawn between two outer percentiles, and values beyond them count as
those: a ticket forgotten for a week would otherwise weigh more than all others together. Where the measure has few
values (transfers), a mean for each of them.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy import special

from analytics.frames.measures import MeasureUnit
from analytics.studies.clusters import Clusters
from analytics.studies.design import FloatArray
from analytics.studies.means import Family, fit
from analytics.studies.results import Interval

from .results import Bin, Curve, Point, Threshold
from .thresholds import Search, say

FEW = 6
GRID = 31
_ENDS = (0.025, 0.975)
_QUANTILES = ((0.05, 0.275, 0.5, 0.725, 0.95), (0.05, 0.35, 0.65, 0.95))


@dataclass(frozen=True, slots=True)
class Drawn:
    method: str
    knots: list[float]
    points: list[Point]
    statistic: float
    df: tuple[float, float]
    p: float


def draw(
    values: FloatArray,
    outcome: FloatArray,
    controls: FloatArray,
    family: Family,
    clusters: Clusters,
    *,
    minimum: int,
    level: float,
) -> Drawn:
    """Raises:
    ValueError: where no finite estimate exists.
    """
    present, counts = np.unique(values, return_counts=True)
    knots: list[float] = []
    if len(present) <= FEW:
        shown = present[counts >= minimum]
        if len(shown) < 2:
            raise ValueError("fewer than two values of the measure have enough contacts")
        kept = np.isin(values, shown)
        if not kept.all():
            clusters = clusters.at(np.flatnonzero(kept))
            values, outcome, controls = values[kept], outcome[kept], controls[kept]
        controls = controls[:, np.ptp(controls, axis=0) > 0] if controls.shape[1] else controls
        basis, states = _levels(values, shown), _levels(shown, shown)
    else:
        knots = _knots(values)
        ends = [float(one) for one in np.quantile(values, _ENDS)]
        shown = np.linspace(ends[0], ends[1], GRID)
        scale = knots[-1] - knots[0]
        basis, states = straightened(
            spline(np.clip(values, ends[0], ends[1]), knots, scale), spline(shown, knots, scale)
        )
    fitted = fit(outcome, basis, controls, family)
    scores = fitted.scores
    points = []
    for x, state in zip(shown, states, strict=True):
        mean, influence = fitted.mean(state, scores)
        interval = on_scale(mean, clusters.error(influence), clusters.df, level, family)
        points.append(Point(float(x), interval.value, interval.low, interval.high))
    beta, influence = fitted.coefficients()
    statistic, df, p = clusters.wald(beta, influence)
    return Drawn("spline" if knots else "levels", knots, points, statistic, df, p)


def shown(
    drawn: Drawn,
    values: FloatArray,
    outcome: FloatArray,
    found: Search,
    unit: MeasureUnit,
    clusters: Clusters,
    *,
    q: float,
    minimum: int,
    level: float,
    share: bool,
) -> Curve:
    """The curve with its bins and candidate thresholds, as the result holds it."""
    return Curve(
        method="spline" if drawn.method == "spline" else "levels",
        knots=drawn.knots,
        points=drawn.points,
        bins=bins(values, outcome, found.tried, unit, clusters, minimum=minimum, level=level, share=share),
        thresholds=[
            Threshold(one, say(one, unit), int((values <= one).sum()), int((values > one).sum()), t)
            for one, t in zip(found.tried, found.t, strict=True)
        ],
        statistic=drawn.statistic,
        df=drawn.df,
        p=drawn.p,
        q=q,
    )


def on_scale(value: float, se: float, df: float, level: float, family: Family) -> Interval:
    """Mean with Student's t interval; a share's is made on the logit scale, so that it stays between 0 and 1."""
    reach = float(special.stdtrit(df, 0.5 + level / 2)) * se
    if family == "binomial" and 0 < value < 1:
        middle, width = float(special.logit(value)), reach / (value * (1 - value))
        return Interval(value, float(special.expit(middle - width)), float(special.expit(middle + width)))
    return Interval(value, value - reach, value + reach)


def _knots(values: FloatArray) -> list[float]:
    for quantiles in _QUANTILES:
        found = np.unique(np.quantile(values, quantiles))
        if len(found) == len(quantiles):
            return [float(one) for one in found]
    middle = np.unique(values)
    return [float(one) for one in np.quantile(middle, (0.05, 0.5, 0.95))]


def spline(values: FloatArray, knots: list[float], scale: float) -> FloatArray:
    """Harrell's basis: the value itself and len(knots) − 2 cubics that are linear beyond the outer knots."""
    last, before = knots[-1], knots[-2]

    def cubed(knot: float) -> FloatArray:
        return np.asarray(np.maximum(values - knot, 0.0) ** 3)

    found = [values / scale]
    for knot in knots[:-2]:
        bend = (
            cubed(knot)
            - cubed(before) * (last - knot) / (last - before)
            + cubed(last) * (before - knot) / (last - before)
        )
        found.append(bend / scale**3)
    return np.column_stack(found)


def straightened(basis: FloatArray, states: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The same curves by columns at right angles: where most values are short and a few long, the cubics differ in the
    fifth decimal only, and no fit finds its way between them."""
    middle = basis.mean(axis=0)
    turn = np.linalg.qr(basis - middle, mode="r") / np.sqrt(len(basis))
    found = [np.linalg.solve(turn.T, (one - middle).T).T for one in (basis, states)]
    return found[0], found[1]


def _levels(values: FloatArray, present: FloatArray) -> FloatArray:
    return np.column_stack([(values == one).astype(np.float64) for one in present[1:]])


def bins(
    values: FloatArray,
    outcome: FloatArray,
    edges: list[float],
    unit: MeasureUnit,
    clusters: Clusters,
    *,
    minimum: int,
    level: float,
    share: bool,
) -> list[Bin]:
    """Between the candidate thresholds; no figure where there are fewer than `minimum` contacts."""
    ends: list[float | None] = [None, *edges, None]
    found = []
    for low, high in pairwise(ends):
        inside = (values > (-np.inf if low is None else low)) & (values <= (np.inf if high is None else high))
        rows, n = np.flatnonzero(inside), int(inside.sum())
        seen = None
        if n >= minimum:
            seen = observed(outcome[rows], clusters.at(rows), level=level, share=share)
        found.append(Bin(low, high, _bin_words(low, high, unit), n, seen))
    return found


def observed(outcome: FloatArray, clusters: Clusters, *, level: float, share: bool) -> Interval:
    """Unadjusted mean; a share by Wilson's interval with the number that its clustered error is worth."""
    n, mean = len(outcome), float(outcome.mean())
    error = clusters.error((outcome - mean) / n)
    if not share:
        return on_scale(mean, error, clusters.df, level, "gaussian")
    worth = min(float(n), mean * (1 - mean) / error**2) if error > 0 else float(n)
    z = float(special.ndtri(0.5 + level / 2))
    middle = (mean + z * z / (2 * worth)) / (1 + z * z / worth)
    reach = z / (1 + z * z / worth) * np.sqrt(mean * (1 - mean) / worth + z * z / (4 * worth**2))
    return Interval(mean, max(0.0, min(mean, middle - reach)), min(1.0, max(mean, middle + reach)))


def _bin_words(low: float | None, high: float | None, unit: MeasureUnit) -> str:
    if low is None:
        return f"up to {say(high or 0.0, unit)}"
    if high is None:
        return f"over {say(low, unit)}"
    return f"over {say(low, unit)}, up to {say(high, unit)}"
