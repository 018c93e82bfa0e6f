"""Paths through events: which event follows which, and how far cases get along given steps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ._input import check_same_length, labels, missing

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["funnel", "transitions"]


def transitions(case: Any, event: Any, time: Any) -> pd.DataFrame:
    """Counts of each event being followed directly by another within a case (session, customer).

    Three columns of n rows; events of a case are ordered by time, ties by the order given. Returns a frame
    (origin, target, count), most frequent first, then by name; the directly-follows graph of process mining
    (van der Aalst 2016, Process Mining, section 6.2). ``.attrs["dropped"]``: rows with a missing value.
    Raises ValueError on columns of different lengths or times that do not order.
    """
    import pandas as pd

    ordered, dropped = _ordered(case, event, time)
    same = ordered["case"].to_numpy()[1:] == ordered["case"].to_numpy()[:-1]
    pairs = pd.DataFrame(
        {"origin": ordered["event"].to_numpy()[:-1][same], "target": ordered["event"].to_numpy()[1:][same]}
    )
    counted = pairs.groupby(["origin", "target"], sort=True, observed=True).size().reset_index(name="count")
    result = counted.sort_values("count", ascending=False, kind="stable", ignore_index=True)
    result.attrs["dropped"] = dropped
    return result


def funnel(case: Any, event: Any, time: Any, *, steps: Sequence[Any]) -> pd.Series[int]:
    """How many cases reached each step after all the steps before it; other events may lie between.

    Columns, order and ``.attrs["dropped"]`` as in `transitions`. A step has to come after the previous one
    (a later row; at equal times the order given decides). Returns cases by step, in the steps' order.
    Raises ValueError without steps and on a step named twice.
    """
    import pandas as pd

    if isinstance(steps, str) or not len(steps):
        raise ValueError("steps: must be a sequence of at least one event")
    if len(set(steps)) != len(steps):
        raise ValueError("steps: names a step twice")
    ordered, dropped = _ordered(case, event, time)
    codes = ordered["case"].to_numpy(dtype=np.int64)
    events = ordered["event"].to_numpy()
    rows = np.arange(len(codes))
    beyond = len(codes)
    reached = np.full(int(codes.max(initial=-1)) + 1, -1, dtype=np.int64)  # row of the last step reached
    counts = []
    for step in steps:
        candidates = np.flatnonzero((events == step) & (rows > reached[codes]))
        following = np.full(len(reached), beyond, dtype=np.int64)
        np.minimum.at(following, codes[candidates], candidates)
        reached = following
        counts.append(int((reached < beyond).sum()))
    result = pd.Series(counts, index=pd.Index(list(steps), name="step"), name="cases", dtype="int64")
    result.attrs["dropped"] = dropped
    return result


def _ordered(case: Any, event: Any, time: Any) -> tuple[pd.DataFrame, int]:
    import pandas as pd

    codes, _ = labels(case, "case")
    named, levels = labels(event, "event")
    moments = pd.Series(time if hasattr(time, "__array__") else list(time)).reset_index(drop=True)
    rows = check_same_length(case=codes, event=named, time=moments)
    kept = (codes >= 0) & (named >= 0) & ~missing(moments.to_numpy())
    table = pd.DataFrame({"case": codes, "time": moments})[kept]
    table["event"] = pd.Series(np.array([*levels, None], dtype=object)[named])[kept]
    if table["time"].dtype == object:
        try:
            table["time"].sort_values()
        except TypeError:
            raise ValueError("time: holds values that have no order among themselves") from None
    table = table.sort_values(["case", "time"], kind="stable", ignore_index=True)
    return table, int(rows - kept.sum())
