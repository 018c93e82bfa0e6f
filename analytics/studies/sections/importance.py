"""The drivers of an attitude: R² shared out among the items answered with it, beside how well they go."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analytics.frames.item import Item
from analytics.stats import drivers as shares
from analytics.stats import intervals, regression
from analytics.studies.design import FloatArray, independent
from analytics.studies.interval import Interval

from .drivers import Driver, DriverMap, Quadrant
from .people import clusters
from .rated import items_of, own_of

DRAWS = 1_000
ALPHA = 0.05
#: Complete answers for each item, at least.
EACH = 5
#: An item that fewer of the respondents answered would cost the others their answers.
COVERED = 0.5
_QUADRANTS: dict[tuple[bool, bool], Quadrant] = {
    (True, False): "matters_badly",
    (True, True): "matters_well",
    (False, False): "less_badly",
    (False, True): "less_well",
}


@dataclass(frozen=True, slots=True)
class _Kept:
    """Items that take part, their answers (n × k), the attitude's, whose they are, and how many answered any."""

    items: list[Item]
    answers: FloatArray
    value: FloatArray
    groups: Any
    asked: int
    left_out: dict[str, str]


def drivers(frame: pd.DataFrame, settings: Any, progress: Callable[[float, str], None]) -> DriverMap:
    """See `analytics.studies.sections.drivers.compute`."""
    progress(0.0, "Weighing what goes with the answer")
    kept = _kept(frame)
    n, needed = len(kept.answers), max(settings.minimum_n, EACH * len(kept.items))
    if not kept.items or n < needed:
        return DriverMap(
            [], kept.asked, n, kept.asked - n, left_out=kept.left_out, why=_too_few(kept, n, needed)
        )
    if np.ptp(kept.value) == 0:
        why = f"Everybody who answered all items gave the same overall answer, {kept.value[0]:g}."
        return DriverMap([], kept.asked, n, kept.asked - n, left_out=kept.left_out, why=why)
    method = "shapley" if len(kept.items) <= shares.MOST_ITEMS else "relative_weights"
    table = pd.DataFrame(kept.answers, columns=[item.column for item in kept.items])
    try:
        found = shares.shares(
            table,
            kept.value,
            method="shapley" if method == "shapley" else "relative_weights",
            draws=DRAWS,
            seed=settings.seed,
            groups=kept.groups,
            level=settings.level,
            tick=lambda share: progress(0.9 * share, "Weighing what goes with the answer"),
        )
        fit = _regression(table, kept, settings.level)
    except ValueError as error:
        return DriverMap(
            [], kept.asked, n, kept.asked - n, method, left_out=kept.left_out, why=f"Not computed: {error}."
        )
    performed = {item.column: _performance(frame, item, settings.level) for item in kept.items}
    importance = found.r_squared.value / len(kept.items)
    performance = float(np.mean([one.value for one in performed.values()]))
    rows = [
        _driver(
            item,
            found.items[item.column],
            fit.terms[item.column],
            performed[item.column],
            importance,
            performance,
        )
        for item in kept.items
    ]
    return DriverMap(
        sorted(rows, key=lambda row: -row.importance.value),
        answers=kept.asked,
        n=n,
        lost=kept.asked - n,
        method=method,
        r_squared=_interval(found.r_squared),
        mean_importance=importance,
        mean_performance=performance,
        draws=DRAWS,
        left_out=kept.left_out,
    )


def _kept(frame: pd.DataFrame) -> _Kept:
    """Which items can take part, and the complete answers to them."""
    own, candidates = own_of(frame), items_of(frame)
    left_out: dict[str, str] = {}
    found = []
    for item in candidates:
        if own is not None and own.scale and item.scale == own.scale:
            left_out[item.label] = (
                f"part of the same scale as the answer itself, {own.scale_label or own.scale}"
            )
        else:
            found.append(item)
    value = frame["value"].to_numpy(dtype=np.float64)
    answers = frame[[item.column for item in found]].to_numpy(dtype=np.float64)
    any_answer = ~np.isnan(answers).all(axis=1) if found else np.zeros(len(frame), dtype=bool)
    asked = int(any_answer.sum())
    positions = []
    for position, item in enumerate(found):
        n = int((~np.isnan(answers[:, position])).sum())
        if n < COVERED * asked:
            left_out[item.label] = (
                f"answered by {n:,} of {asked:,}, so that it would cost most of the answers"
            )
        else:
            positions.append(position)
    rows = ~np.isnan(answers[:, positions]).any(axis=1) if positions else np.zeros(len(frame), dtype=bool)
    complete = answers[rows][:, positions]
    varying = [place for place in range(len(positions)) if len(complete) and np.ptp(complete[:, place]) > 0]
    for place in range(len(positions)):
        if place not in varying and len(complete):
            left_out[found[positions[place]].label] = "the same answer from everybody"
    apart = independent([], [complete[:, place] for place in varying])
    for rank, place in enumerate(varying):
        if rank not in apart:
            left_out[found[positions[place]].label] = "repeats the other items"
    last = [varying[rank] for rank in apart] if len(complete) else list(range(len(positions)))
    return _Kept(
        [found[positions[place]] for place in last],
        complete[:, last],
        value[rows],
        clusters(frame.loc[rows]),
        asked,
        left_out,
    )


def _too_few(kept: _Kept, n: int, needed: int) -> str:
    if not kept.items:
        return (
            "No rated item that varies was answered together with it. Items are ratings or matrix rows with a "
            "metric of their own, in the same survey."
        )
    return (
        f"{n:,} answered all of the {len(kept.items)} items; {needed:,} are needed: this study’s minimum, and at "
        f"least {EACH} an item."
    )


def _regression(table: pd.DataFrame, kept: _Kept, level: float) -> regression.Fit:
    """HC3; where a single answer decides a coefficient alone HC3 does not exist, and HC1 stands for it."""
    try:
        return regression.linear(kept.value, table, robust="HC3", groups=kept.groups, level=level)
    except ValueError as error:
        if "alone decides" not in str(error):
            raise
        return regression.linear(kept.value, table, robust="HC1", groups=kept.groups, level=level)


def _performance(frame: pd.DataFrame, item: Item, level: float) -> intervals.Estimate:
    answered = frame[item.column].to_numpy(dtype=np.float64)
    answered = answered[~np.isnan(answered)]
    return intervals.proportion(int((answered >= item.high - 1.0).sum()), len(answered), level=level)


def _driver(
    item: Item,
    share: intervals.Estimate,
    term: regression.Term,
    performed: intervals.Estimate,
    importance: float,
    performance: float,
) -> Driver:
    """Its quadrant by the values; clear where neither interval holds its mean."""
    clear = not share.low <= importance <= share.high and not performed.low <= performance <= performed.high
    return Driver(
        metric=item.metric,
        label=item.label,
        importance=_interval(share),
        coefficient=Interval(term.coefficient, term.low, term.high),
        p=term.p,
        significant=term.p < ALPHA,
        performance=_interval(performed),
        n=int(performed.n),
        quadrant=_QUADRANTS[share.value > importance, performed.value > performance],
        clear=clear,
    )


def _interval(found: intervals.Estimate) -> Interval:
    return Interval(found.value, found.low, found.high)
