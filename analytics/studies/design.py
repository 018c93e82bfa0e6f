"""What a link holds fixed, as columns of a model.

Sums and counts enter as signed logarithms with one bend at the middle of those above zero, and with a
column for "none at all": spending before and after is closer to proportional than to additive, and those
who bought nothing are a kind of their own. Whatever cannot enter (constant, or repeating other columns) is
left out by name.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.frames import metrics

FloatArray = NDArray[np.float64]
RARE = 10  # customers below which a level or a kind does not get a column of its own
_REPEATS = 1e-7
BEND, NONE = " above the middle", " none"


@dataclass(frozen=True, slots=True)
class Control:
    """One control and what became of it. `reason` is empty where it entered."""

    name: str
    label: str
    used: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Design:
    """Treatment columns first (highest, lowest band against the middle one), then controls; no intercept."""

    matrix: FloatArray
    names: list[str]
    controls: list[Control] = field(default_factory=list)

    def ranked(self) -> pd.DataFrame:
        """The controls as rank correlations need them: without bends, which say nothing new about order."""
        kept = [i for i, name in enumerate(self.names) if i >= 2 and not name.endswith((BEND, NONE))]
        return pd.DataFrame({self.names[i]: self.matrix[:, i] for i in kept})


def build(
    frame: pd.DataFrame,
    *,
    bands: tuple[str, str, str],
    controls: Sequence[str],
    prefix: str,
    outcome: FloatArray,
    zeros_separate: bool,
) -> Design:
    """Columns for the link (prefix "c_") or its placebo ("p_").

    Args:
        bands: highest, middle, lowest; the middle is the reference.
        outcome: decides which levels must be merged, since a level without any outcome has no finite mean.
        zeros_separate: whether the model's mean cannot be 0 (log and logit links).
    """
    high, _, low = bands
    band = frame["band"].to_numpy(dtype=object)
    columns = held_fixed(
        frame, controls=controls, prefix=prefix, outcome=outcome, zeros_separate=zeros_separate
    )
    treatment = [(band == high).astype(np.float64), (band == low).astype(np.float64)]
    kept = independent(treatment, [column for _, _, column in columns])
    used = {columns[i][0] for i in kept}
    tried = {name for name, _, _ in columns}
    matrix = np.column_stack([*treatment, *(columns[i][2] for i in kept)])
    return Design(
        matrix,
        ["band_high", "band_low", *(columns[i][1] for i in kept)],
        [
            Control(
                name,
                metrics.control(name).label,
                name in used,
                "" if name in used else "repeats the others" if name in tried else "the same for everybody",
            )
            for name in controls
        ],
    )


def held_fixed(
    frame: pd.DataFrame, *, controls: Sequence[str], prefix: str, outcome: FloatArray, zeros_separate: bool
) -> list[tuple[str, str, FloatArray]]:
    """Every control's columns: (control, name of the column, column)."""
    columns: list[tuple[str, str, FloatArray]] = []
    for name in controls:
        metric = metrics.control(name)
        if metric.unit == "text":
            found = levels(frame[name].to_numpy(dtype=object), outcome, zeros_separate)
        elif metric.in_window:
            found = amounts(frame[prefix + name].to_numpy(dtype=np.float64))
        else:
            found = tenure(frame[name].to_numpy(dtype=np.float64))
        columns += [(name, f"{name}{suffix}", column) for suffix, column in found]
    return columns


def amounts(values: FloatArray) -> list[tuple[str, FloatArray]]:
    """Signed log of the amount over its mean, a bend, and none at all."""
    some = values != 0
    if not some.any() or np.ptp(values) == 0:
        return []
    size = np.abs(values) / np.abs(values[some]).mean()
    logged = np.sign(values) * np.log1p(size)
    found = [("", logged)]
    knot = float(np.median(logged[some]))
    above = np.maximum(0.0, logged - knot)
    if (above > 0).sum() >= RARE:
        found.append((BEND, above))
    if RARE <= some.sum() <= len(values) - RARE:
        found.append((NONE, (~some).astype(np.float64)))
    return found


def tenure(days: FloatArray) -> list[tuple[str, FloatArray]]:
    """Log of years, and unknown as a kind of its own."""
    unknown = np.isnan(days)
    if unknown.all():
        return []
    years = np.log1p(np.where(unknown, np.nanmedian(days), days) / 365.25)
    found = [("", years)] if np.ptp(years) > 0 else []
    if unknown.sum() >= RARE:
        found.append((" unknown", unknown.astype(np.float64)))
    return found


def levels(
    values: NDArray[np.object_], outcome: FloatArray, zeros_separate: bool
) -> list[tuple[str, FloatArray]]:
    """A column a level but the commonest; levels that are rare, or whose outcome does not vary, share one."""
    codes, names = pd.factorize(values, sort=True)
    counts = np.bincount(codes)
    common = int(counts.argmax())
    columns, rest = [], np.zeros(len(codes))
    for code, name in enumerate(names):
        if code == common:
            continue
        mask = codes == code
        if counts[code] < RARE or (zeros_separate and np.ptp(outcome[mask]) == 0):
            rest += mask
        else:
            columns.append((f" {name or 'unknown'}", mask.astype(np.float64)))
    if rest.sum() >= RARE and not (zeros_separate and np.ptp(outcome[rest > 0]) == 0):
        columns.append((" other", rest))
    return columns  # what is left of the rest stays with the commonest level


def independent(treatment: list[FloatArray], columns: list[FloatArray]) -> list[int]:
    """Which columns say something that those before them (and the bands) do not: the diagonal of R is its
    size.
    """
    if not columns:
        return []
    everything = np.column_stack([*treatment, *columns])
    centred = everything - everything.mean(axis=0)
    scale = np.sqrt((centred**2).sum(axis=0))
    varies = scale > 1e-12 * np.sqrt((everything**2).sum(axis=0))
    scaled = np.where(varies, centred / np.where(varies, scale, 1.0), 0.0)
    diagonal = np.abs(np.diag(np.linalg.qr(scaled, mode="r")))
    first = len(treatment)
    return [j for j in range(len(columns)) if first + j < len(diagonal) and diagonal[first + j] > _REPEATS]
