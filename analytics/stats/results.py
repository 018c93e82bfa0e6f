"""Results shared by several modules. A result of one module only is defined in that module."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its interval.

    ``n`` rows stand behind it (a weighted figure: Kish's effective number); ``dropped`` were left out
    because a value was missing. ``se`` and ``p`` (two-sided, against 0) are None where the method has none.
    """

    value: float
    low: float
    high: float
    n: float
    dropped: int = 0
    level: float = 0.95
    se: float | None = None
    p: float | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """First less second, with interval, z statistic and two-sided p. ``n``: rows of both together."""

    value: float
    low: float
    high: float
    statistic: float
    p: float
    n: float = 0
    dropped: int = 0
    level: float = 0.95


@dataclass(frozen=True, slots=True)
class Test:
    """A chi-square test: statistic, p, degrees of freedom, rows used and rows left out."""

    statistic: float
    p: float
    df: float = 1.0
    n: int = 0
    dropped: int = 0

    __test__ = False  # keeps pytest from collecting a class with this name
