"""One stream of random numbers for each stage of each block, so that changing a stage disturbs no other."""

from zlib import crc32

import numpy as np


def stream(seed: int, block: int, stage: str) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, block, crc32(stage.encode())])))


def sigmoid(x: np.ndarray) -> np.ndarray:
    return np.asarray(1.0 / (1.0 + np.exp(-x)))


def within_groups(group: np.ndarray) -> np.ndarray:
    """0, 1, 2 … within each run of equal values of a sorted array."""
    if not len(group):
        return np.zeros(0, dtype=np.int64)
    starts = np.r_[True, group[1:] != group[:-1]]
    index = np.arange(len(group))
    return np.asarray(index - np.maximum.accumulate(np.where(starts, index, 0)))
