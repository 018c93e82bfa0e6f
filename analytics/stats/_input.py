"""Cleaning what comes in: one place where lists, arrays and pandas objects become arrays of numbers.

Missing is None, NaN, NaT or pandas' NA. Infinite is never missing: it is refused, because it is always
a fault upstream. Rows are matched by position; a pandas index is ignored.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

FloatArray: TypeAlias = NDArray[np.float64]
IntArray: TypeAlias = NDArray[np.int64]
BoolArray: TypeAlias = NDArray[np.bool_]


def check_level(level: float) -> None:
    """Refuse a confidence level outside (0, 1); 95 for 95 % is the usual slip."""
    if not 0.0 < level < 1.0:
        raise ValueError(f"level: must lie between 0 and 1, such as 0.95; got {level!r}")


def check_choice(value: object, name: str, choices: tuple[object, ...]) -> None:
    if value not in choices:
        raise ValueError(f"{name}: must be one of {', '.join(map(repr, choices))}; got {value!r}")


def check_same_length(**columns: Any) -> int:
    """Common length of the columns; the first one that differs is named."""
    if not columns:
        return 0
    (first, reference), *others = columns.items()
    for name, column in others:
        if len(column) != len(reference):
            raise ValueError(f"{name}: has {len(column)} rows where {first} has {len(reference)}")
    return len(reference)


def check_broadcast(**columns: Any) -> None:
    """As `check_same_length`, where a single number may stand for a whole column."""
    check_same_length(**{name: column for name, column in columns.items() if np.ndim(column)})


def check_varies(values: FloatArray, name: str) -> None:
    """Refuse what does not vary. Judged against the size of the numbers: 0.1 + 0.2 is not variation."""
    spread = float(np.ptp(values)) if len(values) else 0.0
    if spread <= 1e-12 * float(np.max(np.abs(values), initial=0.0)):
        raise ValueError(f"{name}: is constant, so nothing can be computed from it")


def scalar(value: Any, name: str) -> float:
    """A finite number of zero or more, as a count is."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise ValueError(f"{name}: must be a number; got {value!r}") from None
    if not math.isfinite(number):
        raise ValueError(f"{name}: must be finite; got {value!r}")
    if number < 0:
        raise ValueError(f"{name}: must not be negative; got {value!r}")
    return number


def numbers(values: Any, name: str) -> FloatArray:
    """One column of numbers, missing as NaN. Decimals and booleans count as numbers, text never does."""
    array = _one_dimensional(values, name)
    if array.dtype.kind in "biuf":
        result = array.astype(np.float64)
    elif array.dtype == object:
        result = _from_objects(array, name)
    else:
        raise ValueError(f"{name}: must be numbers; got {array.dtype}")
    if np.isinf(result).any():
        raise ValueError(f"{name}: holds an infinite value")
    return result


def flags(values: Any, name: str) -> FloatArray:
    """One column of 0 and 1, missing as NaN."""
    result = numbers(values, name)
    if not np.isin(result[~np.isnan(result)], (0.0, 1.0)).all():
        raise ValueError(f"{name}: must hold only 0 and 1")
    return result


def labels(values: Any, name: str) -> tuple[IntArray, list[Any]]:
    """(codes, levels): −1 is missing; a pandas Categorical keeps its order, anything else is sorted.

    Levels nobody has are left out.
    """
    import pandas as pd

    if isinstance(values, pd.Series) and isinstance(values.dtype, pd.CategoricalDtype):
        values = values.array
    if isinstance(values, pd.Categorical):
        values = values.remove_unused_categories()
        return np.asarray(values.codes, dtype=np.int64), list(values.categories)
    array = _one_dimensional(values, name)
    if array.dtype == object:
        array = array.copy()
        array[missing(array)] = None  # NaN and NaT do not compare, and so do not sort
    codes, found = pd.factorize(array, use_na_sentinel=True)
    levels = list(found)
    try:
        order = sorted(range(len(levels)), key=lambda i: levels[i])
    except TypeError:  # mixed types have no order of their own
        order = sorted(range(len(levels)), key=lambda i: str(levels[i]))
    rank = np.empty(len(levels) + 1, dtype=np.int64)
    rank[order] = np.arange(len(levels))
    rank[-1] = -1
    return rank[codes], [levels[i] for i in order]


def missing(array: NDArray[Any]) -> BoolArray:
    import pandas as pd

    return np.asarray(pd.isna(array), dtype=np.bool_)


def frame(values: Any, name: str) -> pd.DataFrame:
    """Columns of covariates as a frame with text names and a plain index.

    A DataFrame, a mapping of name to column, a Series, a 1-D array (named ``x0``) or a 2-D array
    (``x0``, ``x1`` …, one column a covariate).
    """
    import pandas as pd

    if isinstance(values, pd.DataFrame):
        table = values.reset_index(drop=True)
    elif isinstance(values, pd.Series):
        table = pd.DataFrame({"x0" if values.name is None else values.name: values.array})
    elif isinstance(values, Mapping):
        columns = {key: _without_index(column) for key, column in values.items()}
        if columns:
            check_same_length(**{f"{name}[{key}]": column for key, column in columns.items()})
        table = pd.DataFrame(columns)
    else:
        array = np.asarray(values)
        if array.ndim == 1:
            array = array[:, None]
        if array.ndim != 2:
            raise ValueError(f"{name}: must have one or two dimensions; got {array.ndim}")
        table = pd.DataFrame(array, columns=[f"x{i}" for i in range(array.shape[1])])
        if array.dtype == object:
            table = table.infer_objects()
    table.columns = pd.Index([str(column) for column in table.columns])
    if table.columns.has_duplicates:
        twice = table.columns[table.columns.duplicated()][0]
        raise ValueError(f"{name}: has two columns called {twice!r}")
    return table


def matrix(values: Any, name: str) -> tuple[FloatArray, list[str]]:
    """Numeric columns only: (array of rows × columns with NaN where missing, column names)."""
    table = frame(values, name)
    names = list(table.columns)
    if not names:
        raise ValueError(f"{name}: has no columns")
    columns = [numbers(table.iloc[:, i], f"{name}[{key}]") for i, key in enumerate(names)]
    for key, column in zip(names, columns, strict=True):
        if len(column) and np.isnan(column).all():
            raise ValueError(f"{name}: column {key!r} is missing throughout")
    return np.column_stack(columns), names


def _without_index(column: Any) -> Any:
    import pandas as pd

    return column.array if isinstance(column, pd.Series) else column


def _one_dimensional(values: Any, name: str) -> NDArray[Any]:
    array = np.asarray(values if hasattr(values, "__array__") else _as_list(values, name))
    if array.ndim != 1:
        raise ValueError(f"{name}: must have one dimension; got {array.ndim}")
    if array.dtype.kind in "US" and not isinstance(values, np.ndarray):
        array = np.asarray(_as_list(values, name), dtype=object)  # else None and NaN turn into text
    return array


def _as_list(values: Any, name: str) -> list[Any]:
    if isinstance(values, str) or not hasattr(values, "__iter__"):
        raise ValueError(f"{name}: must be a column of values; got {values!r}")
    return list(values)


def _from_objects(array: NDArray[Any], name: str) -> FloatArray:
    result = np.full(len(array), np.nan)
    for i in np.flatnonzero(~missing(array)):
        if isinstance(array[i], (str, bytes)):
            raise ValueError(f"{name}: must be numbers; got {array[i]!r}")
        try:
            result[i] = float(array[i])
        except (TypeError, ValueError):
            raise ValueError(f"{name}: must be numbers; got {array[i]!r}") from None
    return result
