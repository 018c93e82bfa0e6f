"""Await a condition, with a deadline; never a bare sleep."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(condition: Callable[[], T], *, seconds: float = 20, every: float = 0.05, what: str = "") -> T:
    """The first true value of `condition()`.

    Raises:
        AssertionError: when the deadline passes first.
    """
    end = time.monotonic() + seconds
    tick = threading.Event()
    while not (value := condition()):
        if time.monotonic() > end:
            raise AssertionError(f"after {seconds} s still waiting for {what or condition}")
        tick.wait(every)
    return value
