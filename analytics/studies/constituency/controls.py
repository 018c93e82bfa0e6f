"""What a constituency link holds fixed, as columns of a model."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.frames.questions import CONSTITUENCY_CONTROLS as CONTROLS
from analytics.studies.design import Control, FloatArray, independent


def columns(frame: pd.DataFrame, controls: Sequence[str], *, before: str) -> tuple[FloatArray, list[Control]]:
    """(rows × k, what became of each control).

    Args:
        before: the column of the customers' score before the outcome's: "previous" for the link, "earlier" for
            its placebo.
    """
    found: list[tuple[str, FloatArray]] = []
    units = frame["unit"].to_numpy(dtype=object)
    for name in controls:
        if name == "size":
            found.append((name, np.log(np.maximum(frame["size"].to_numpy(dtype=np.float64), 1.0))))
        elif name == "previous":
            found.append((name, frame[before].to_numpy(dtype=np.float64)))
        elif name == "region":
            found += [(name, one) for one in _groups(frame["region"].to_numpy(dtype=object), units)]
        else:
            found += [(name, one) for one in _groups(frame["period"].astype(str).to_numpy(object), units)]
    kept = independent([frame["felt"].to_numpy(dtype=np.float64)], [column for _, column in found])
    used, tried = {found[i][0] for i in kept}, {name for name, column in found if np.ptp(column) > 0}
    matrix = np.column_stack([found[i][1] for i in kept]) if kept else np.empty((len(frame), 0))
    return matrix, [
        Control(name, CONTROLS[name], name in used, _why(name in used, name in tried)) for name in controls
    ]


def _groups(values: NDArray[np.object_], units: NDArray[np.object_]) -> list[FloatArray]:
    """A column a group but the commonest; groups of a single unit share one, since they say nothing of others."""
    names, codes = np.unique(values.astype(str), return_inverse=True)
    size = [len(np.unique(units[codes == code])) for code in range(len(names))]
    common = int(np.bincount(codes).argmax())
    found, rest = [], np.zeros(len(codes))
    for code, many in enumerate(size):
        if code == common:
            continue
        if many < 2:
            rest += codes == code
        else:
            found.append((codes == code).astype(np.float64))
    return [*found, rest] if rest.any() else found


def _why(used: bool, varies: bool) -> str:
    return "" if used else "repeats the others" if varies else "the same for every team"
