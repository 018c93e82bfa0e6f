"""Design matrices: covariates to columns of numbers, the same way at fitting and at prediction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ._input import BoolArray, FloatArray, labels, missing, numbers

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Coding:
    """How one covariate becomes columns: as it is (``levels`` None) or dummies of all but the first level."""

    name: str
    levels: tuple[Any, ...] | None = None

    @property
    def columns(self) -> list[str]:
        if self.levels is None:
            return [self.name]
        return [f"{self.name}[{level}]" for level in self.levels[1:]]


def column_names(codings: tuple[Coding, ...]) -> list[str]:
    return [column for coding in codings for column in coding.columns]


def learn(table: pd.DataFrame, name: str) -> tuple[Coding, ...]:
    """Coding of each column of complete rows; a categorical with a single level is refused by name."""
    codings = []
    for i, key in enumerate(table.columns):
        column = table.iloc[:, i]
        if _is_numeric(column):
            codings.append(Coding(str(key)))
            continue
        levels = tuple(labels(column, f"{name}[{key}]")[1])
        if len(levels) < 2:
            raise ValueError(f"{name}: column {key!r} is constant")
        codings.append(Coding(str(key), levels))
    return tuple(codings)


def encode(table: pd.DataFrame, codings: tuple[Coding, ...], name: str) -> FloatArray:
    """Rows × columns, without intercept; NaN where missing. Columns are found by name.

    Raises ValueError on a column that is absent and on a level that was not there at fitting.
    """
    blocks = []
    for coding in codings:
        if coding.name not in table.columns:
            raise ValueError(f"{name}: has no column {coding.name!r}")
        column, where = table[coding.name], f"{name}[{coding.name}]"
        if coding.levels is None:
            blocks.append(numbers(column, where)[:, None])
            continue
        codes, levels = labels(column, where)
        position = {level: i for i, level in enumerate(coding.levels)}
        for level in levels:
            if level not in position:
                raise ValueError(f"{where}: level {level!r} was not there when the model was fitted")
        lookup = np.array([position[level] for level in levels] + [-1], dtype=np.int64)
        dummies = np.eye(len(coding.levels))[:, 1:]
        dummies = np.vstack([dummies, np.full((1, dummies.shape[1]), np.nan)])
        blocks.append(dummies[lookup[codes]])
    return np.hstack(blocks) if blocks else np.empty((len(table), 0))


def fresh(table: pd.DataFrame, name: str) -> tuple[FloatArray, list[str]]:
    """Design of complete rows together with its column names."""
    codings = learn(table, name)
    return encode(table, codings, name), column_names(codings)


def missing_rows(table: pd.DataFrame) -> BoolArray:
    """True where any column is missing."""
    result = np.zeros(len(table), dtype=np.bool_)
    for i in range(table.shape[1]):
        result |= missing(table.iloc[:, i].to_numpy())
    return result


def check_present(table: pd.DataFrame, name: str) -> None:
    """Refuse, by name, a column without a single value: it would silently drop every row."""
    for i, key in enumerate(table.columns):
        if len(table) and missing(table.iloc[:, i].to_numpy()).all():
            raise ValueError(f"{name}: column {key!r} is missing throughout")


def check_rank(design: FloatArray, names: list[str], name: str) -> None:
    """Refuse, by name, a column that is constant or a linear function of the ones before it."""
    if not design.shape[1]:
        return
    centred = design - design.mean(axis=0)
    scale = np.sqrt((centred**2).sum(axis=0))
    size = np.sqrt((design**2).sum(axis=0))
    for j in map(int, np.flatnonzero(scale <= 1e-12 * size)):
        raise ValueError(f"{name}: column {names[j]!r} is constant")
    # A column's part that is orthogonal to its predecessors is the diagonal of R.
    diagonal = np.abs(np.diag(np.linalg.qr(centred / scale, mode="r")))
    for j in range(design.shape[1]):
        if j >= len(diagonal) or diagonal[j] < 1e-8:
            raise ValueError(f"{name}: column {names[j]!r} is a linear function of the other columns")


def _is_numeric(column: pd.Series[Any]) -> bool:
    """Numbers stay numbers, also as objects (Decimal); booleans, text and categories are levels."""
    import pandas as pd

    if isinstance(column.dtype, pd.CategoricalDtype) or pd.api.types.is_bool_dtype(column.dtype):
        return False
    if pd.api.types.is_numeric_dtype(column.dtype):
        return True
    if column.dtype != object:
        return False
    present = column.to_numpy()[~missing(column.to_numpy())]
    return all(hasattr(v, "__float__") and not isinstance(v, (str, bytes, bool, np.bool_)) for v in present)
