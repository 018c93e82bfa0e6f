"""Repeats one run of a constituency study from its stored frame, with pandas, NumPy and SciPy alone.

    pip install pandas pyarrow scipy
    python repeat.py frame.parquet

It prints how customers' score changes with one point more of the employees', at the same controls, with the
interval of leaving out one unit at a time; the same of the score before (the placebo); link and placebo in standard
deviations and their difference; the line; and how far answers tell units apart: each beside what the run stored. It
ends with 1 where a figure disagrees by more than one part in a million of its interval's width.

The frame holds one row a unit and period; n is the number of units:
    felt, employees         mean and number of the employees' answers; felt_within: their sum of squares
    outcome, customers      the same of the customers' answers, with outcome_within
    previous, earlier       the customers' score of the two periods before (missing: none)
    size, region, period    what is held fixed
"""

from typing import Any

import numpy as np
import pandas as pd
from scipy import special, stats

from .common import RUN, Told, independent, start

# ---


def main(frame: pd.DataFrame, told: Told) -> None:
    stored = RUN["slope"]
    if stored is None:
        return
    x, y, before, earlier = (
        frame[name].to_numpy(dtype=float) for name in ("felt", "outcome", "previous", "earlier")
    )
    unit = np.unique(frame["unit"].astype(str), return_inverse=True)[1]
    told.number("units, n", len(np.unique(unit)), RUN["units"])
    held = controls(frame, "previous")
    rows = None
    if stored["before"]:
        rows = ~np.isnan(before)
        if "previous" in RUN["controls"]:
            rows &= ~np.isnan(earlier)
    values, covariance, df = jackknife(figures(frame, x, y, before, held, rows), unit)
    picked = np.eye(len(values))
    link, p = interval(picked[0], values, covariance, df)
    told.interval("one point more, the link", link, stored["after"])
    told.number("its p", p, stored["p"])
    told.number("employees' scores differ by (SD)", float(x.std()), stored["spread"])
    if rows is not None:
        sign = 1.0 if link[0] >= 0 else -1.0
        for name, key, weights in (
            ("one point more before, the placebo", "before", picked[4]),
            ("link in standard deviations", "link_sd", picked[5]),
            ("placebo in standard deviations", "placebo_sd", picked[6]),
            ("their difference", "difference_sd", sign * (picked[5] - picked[6])),
        ):
            told.interval(name, interval(weights, values, covariance, df)[0], stored[key])
    line(x, values, covariance, df, told)
    agreement(frame, told)


def controls(frame: pd.DataFrame, before: str) -> Any:
    units = frame["unit"].to_numpy(dtype=object)
    columns: list[Any] = []
    for name in RUN["controls"]:
        if name == "size":
            columns.append(np.log(np.maximum(frame["size"].to_numpy(dtype=float), 1.0)))
        elif name == "previous":
            columns.append(frame[before].to_numpy(dtype=float))
        else:
            columns += groups(frame[name].astype(str).to_numpy(dtype=object), units)
    kept = independent([frame["felt"].to_numpy(dtype=float)], columns)
    return np.column_stack(kept) if kept else np.empty((len(frame), 0))


def groups(values: Any, units: Any) -> list[Any]:
    """A column a group but the commonest; groups of a single unit share one."""
    names, codes = np.unique(values.astype(str), return_inverse=True)
    found, rest = [], np.zeros(len(codes))
    for code in range(len(names)):
        if code == int(np.bincount(codes).argmax()):
            continue
        mask = codes == code
        if len(np.unique(units[mask].astype(str))) < 2:
            rest += mask
        else:
            found.append(mask.astype(float))
    return [*found, rest] if rest.any() else found


def slope(y: Any, x: Any, held: Any) -> float:
    design = np.column_stack([x, np.ones(len(x)), held])
    return float(np.linalg.lstsq(design, y, rcond=None)[0][0])


def ratio(x: Any, y: Any) -> float:
    return float(x.std() / y.std()) if y.std() > 0 else 0.0


def figures(frame: pd.DataFrame, x: Any, y: Any, before: Any, held: Any, rows: Any) -> Any:
    """Slope, the same in standard deviations, both means; of the placebo's rows: its slope, and both in SD."""
    ahead = back = np.empty((len(x), 0))
    if rows is not None:
        part = frame[rows]
        ahead, back = (np.zeros((len(x), one.shape[1])) for one in _pair(part))
        ahead[rows], back[rows] = _pair(part)

    def found(kept: Any) -> Any:
        b = slope(y[kept], x[kept], held[kept])
        values = [b, b * ratio(x[kept], y[kept]), x[kept].mean(), y[kept].mean()]
        if rows is not None:
            both = kept[rows[kept]]
            c = slope(before[both], x[both], back[both])
            d = slope(y[both], x[both], ahead[both])
            values += [c, d * ratio(x[both], y[both]), c * ratio(x[both], before[both])]
        return np.array(values)

    return found


def _pair(part: pd.DataFrame) -> tuple[Any, Any]:
    return controls(part, "previous"), controls(part, "earlier")


def jackknife(compute: Any, unit: Any) -> tuple[Any, Any, float]:
    """CV3: every figure again without one unit at a time."""
    everything = np.arange(len(unit))
    values, count = compute(everything), int(unit.max()) + 1
    away = np.array([compute(everything[unit != one]) for one in range(count)]) - values
    return values, (count - 1) / count * away.T @ away, float(count - 1)


def interval(
    weights: Any, values: Any, covariance: Any, df: float
) -> tuple[tuple[float, float, float], float]:
    value = float(weights @ values)
    se = float(np.sqrt(max(0.0, float(weights @ covariance @ weights))))
    if se == 0.0:
        return (value, value, value), 1.0
    reach = float(special.stdtrit(df, 0.5 + RUN["level"] / 2)) * se
    return (value, value - reach, value + reach), float(2 * special.stdtr(df, -abs(value / se)))


def line(x: Any, values: Any, covariance: Any, df: float, told: Told) -> None:
    b, _, x_mean, y_mean = values[:4]
    grid = np.linspace(float(x.min()), float(x.max()), len(RUN["line"]))
    for one, at in zip(RUN["line"], grid, strict=True):
        gradient = np.zeros(len(values))
        gradient[[0, 2, 3]] = (at - x_mean, -b, 1.0)
        se = float(np.sqrt(max(0.0, float(gradient @ covariance @ gradient))))
        reach = float(special.stdtrit(df, 0.5 + RUN["level"] / 2)) * se
        value = float(y_mean + b * (at - x_mean))
        told.interval(f"line at {one['x']:g}", (value, value - reach, value + reach), one)


def agreement(frame: pd.DataFrame, told: Told) -> None:
    """ICC(1) and ICC(2) from each cell's number, mean and sum of squares."""
    for stored in RUN["agreement"]:
        mean = {"employees": "felt", "customers": "outcome"}[stored["who"]]
        n, means, within = (
            frame[name].to_numpy(dtype=float) for name in (stored["who"], mean, f"{mean}_within")
        )
        total, cells = float(n.sum()), len(n)
        between = float(n @ (means - float(n @ means) / total) ** 2) / (cells - 1)
        inside = float(within.sum()) / (total - cells)
        size = total / cells
        told.number(
            f"{stored['who']}, ICC(1)", (between - inside) / (between + (size - 1) * inside), stored["icc1"]
        )
        told.number(f"{stored['who']}, ICC(2)", (between - inside) / between, stored["icc2"])
        p = float(stats.f.sf(between / inside, cells - 1, total - cells))
        told.number(f"{stored['who']}, p", p, stored["p"])


if __name__ == "__main__":
    start(main)
