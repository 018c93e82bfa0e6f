"""Bootstrap sums of second moments: rows drawn with replacement, many draws at once, no row copied."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from . import _sandwich
from ._input import FloatArray, IntArray

BLOCK = 16_384  # units whose moments are held at once
MOST_NUMBERS = 1_000_000  # doubles held at once by one chunk of draws (8 MB)


def sums(
    table: FloatArray,
    codes: IntArray | None,
    *,
    draws: int,
    seed: int,
    tick: Callable[[float], None] = lambda share: None,
) -> FloatArray:
    """Draws × pairs: products of every pair of (1, columns…), summed over as many units as there are, drawn
    with replacement. A unit is a row, or all rows of a code (0 …, each at least once).

    Units are walked in blocks. How many of a draw fall into a block is drawn first, then which, so that the
    draws are exactly multinomial and memory does not grow with units × pairs.
    """
    from threadpoolctl import threadpool_limits  # comes with scikit-learn

    whole = None if codes is None else _sandwich.sum_by(moments(table), codes, int(codes.max()) + 1)
    units = len(table) if whole is None else len(whole)
    starts = list(range(0, units, BLOCK))
    rng = np.random.default_rng(seed)
    sizes = np.array([min(BLOCK, units - start) for start in starts])
    taken = (
        rng.multinomial(units, sizes / units, size=draws) if len(starts) > 1 else np.full((draws, 1), units)
    )
    found = np.zeros((draws, (table.shape[1] + 1) * (table.shape[1] + 2) // 2))
    chunk = max(1, min(draws, MOST_NUMBERS // int(sizes[0])))
    buffer = np.empty(chunk * int(sizes[0]))  # one buffer: fresh pages cost more than drawing
    # One thread: on a busy machine BLAS threads waiting for each other made this twenty times slower.
    with threadpool_limits(1, user_api="blas"):
        for block, (start, size) in enumerate(zip(starts, sizes, strict=True)):
            part = moments(table[start : start + size]) if whole is None else whole[start : start + size]
            for first in range(0, draws, chunk):
                last = min(first + chunk, draws)
                weights = buffer[: (last - first) * size].reshape(last - first, size)
                for row, count in zip(weights, taken[first:last, block], strict=True):
                    row[:] = np.bincount(rng.integers(0, size, size=count, dtype=np.int32), minlength=size)
                found[first:last] += weights @ part
                tick((block + last / draws) / len(starts))
    return found


def moments(table: FloatArray) -> FloatArray:
    """Products of every pair of (1, columns…), a row each: rows × pairs."""
    full = np.column_stack([np.ones(len(table)), table])
    first, second = np.triu_indices(full.shape[1])
    return np.asarray(full[:, first] * full[:, second], dtype=np.float64)
