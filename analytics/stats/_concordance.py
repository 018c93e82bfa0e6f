"""Harrell's C without a loop over rows: lifelines walks a tree row by row, which takes most of a large Cox model."""

from __future__ import annotations

import numpy as np

from ._input import FloatArray, IntArray


def concordance(durations: FloatArray, events: FloatArray, risk: FloatArray) -> float | None:
    """Share of comparable pairs in which the one to whom it happened first had the higher risk; tied risks count half.

    A pair is comparable where it happened to one before the other was last seen; who was last seen at that same
    moment counts as later, two to whom it happened at one moment do not compare. None without such a pair.
    Source: Harrell et al. (1982), JAMA 247, 2543–2546; ties as in lifelines.
    """
    dead = events == 1.0
    level = np.unique(risk, return_inverse=True)[1].astype(np.int64)
    # Later places compare with earlier ones: at one time those to whom it happened stand before those last seen.
    place = 2 * np.unique(durations, return_inverse=True)[1].astype(np.int64) + ~dead
    order = np.lexsort((level, place))
    place, level, dead = place[order], level[order], dead[order]
    pairs = int((len(place) - np.searchsorted(place, place[dead], side="right")).sum())
    if not pairs:
        return None
    return (_lower_and_later(level, dead) + _alike_and_later(level, place, dead) / 2) / pairs


def _alike_and_later(level: IntArray, place: IntArray, dead: np.ndarray) -> int:
    """Pairs of one risk, the first of them dead, at different places."""
    key = level * (int(place.max()) + 1) + place
    order = np.argsort(key, kind="stable")
    last = np.searchsorted(level[order], level[dead], side="right")
    return int((last - np.searchsorted(key[order], key[dead], side="right")).sum())


def _lower_and_later(level: IntArray, dead: np.ndarray) -> int:
    """Pairs of a dead row and one behind it of lower risk. (Rows of one place stand by rising risk: none among them.)

    Merge sort from below: at each width the sorted right half of every block is searched for the left half's rows.
    """
    size = 1 << max(1, (len(level) - 1).bit_length())
    keys = np.full(size, 2 * (int(level.max()) + 1), dtype=np.int64)  # what fills up is never lower
    keys[: len(level)] = 2 * level + dead
    span, found, width = int(keys.max()) + 2, 0, 1
    while width < size:
        blocks = keys.reshape(-1, 2 * width)
        own = np.arange(len(blocks), dtype=np.int64)[:, None]
        left, right = blocks[:, :width], (blocks[:, width:] + own * span).ravel()
        counts = np.searchsorted(right, (left - left % 2 + own * span).ravel(), side="left")
        counts -= np.repeat(own[:, 0] * width, width)
        found += int(counts[(left % 2 == 1).ravel()].sum())
        keys = np.sort(blocks, axis=1, kind="stable").ravel()  # two sorted runs: a merge
        width *= 2
    return found
