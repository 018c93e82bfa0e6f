"""What a bench gives back."""

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass
class Figure:
    """`ours` and `baseline` in the same unit; `ratio` is how they are compared, `target` what it must reach."""

    name: str
    unit: str
    ours: float
    baseline: float
    ratio: float
    target: str
    reached: bool
    what: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def seconds(work: Callable[[], Any]) -> float:
    """Wall-clock time of one call, without the collector's pauses."""
    gc.collect()
    gc.disable()
    try:
        start = time.perf_counter()
        work()
        return time.perf_counter() - start
    finally:
        gc.enable()


def typical(work: Callable[[], Any], *, times: int) -> float:
    """Median of several calls, after one to warm up."""
    work()
    return statistics.median(seconds(work) for _ in range(times))
