"""One simulated organization, studied: what was found beside what was planted."""

import math
from dataclasses import dataclass

ALPHA = 0.05


@dataclass(frozen=True)
class Found:
    """Tests in the order of the study's own; `value`, `truth` and `naive` are of the first.

    naive_discovered: whether the test that a naive analyst would make calls it significant. naive_covered: whether
    the naive interval holds the truth, where there is one.
    """

    covered: tuple[bool, ...]
    discovered: tuple[bool, ...]
    is_null: tuple[bool, ...]
    reading: str
    value: float
    truth: float
    naive: float
    naive_discovered: bool = False
    naive_covered: bool | None = None

    @property
    def false_share(self) -> float:
        false = sum(found and null for found, null in zip(self.discovered, self.is_null, strict=True))
        return false / max(1, sum(self.discovered))


def error_of(share: float, n: int) -> float:
    """Monte Carlo standard error of a share."""
    return math.sqrt(max(share * (1 - share), 1e-9) / n)
