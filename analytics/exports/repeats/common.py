"""What every repeating script begins with."""

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

#: Written into the script; here only so that the pieces can be read and checked apart.
RUN: dict[str, Any] = {}

# ---
RARE = 10
#: How far a figure may be off: this share of its interval's width, or of itself where it has none.
AGREE = 1e-6


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")


class Told:
    """What the run stored, compared figure by figure."""

    def __init__(self) -> None:
        self.same = 0
        self.different = 0

    def interval(self, words: str, found: tuple[float, float, float], stored: Any) -> None:
        told = (stored["value"], stored["low"], stored["high"])
        width = max(told[2] - told[1], 1e-12)
        self._note(
            f"{words}: {found[0]:.6f} ({found[1]:.6f} to {found[2]:.6f})",
            f"{told[0]:.6f} ({told[1]:.6f} to {told[2]:.6f})",
            all(abs(one - other) <= AGREE * width for one, other in zip(found, told, strict=True)),
        )

    def number(self, words: str, found: float, stored: float) -> None:
        within = AGREE * max(abs(stored), 1e-12)
        self._note(f"{words}: {found:.6g}", f"{stored:.6g}", abs(found - stored) <= within)

    def _note(self, found: str, stored: str, same: bool) -> None:
        self.same, self.different = self.same + same, self.different + (not same)
        say(f"  {found}, stored {stored} {'same' if same else 'DIFFERENT'}")

    def end(self) -> int:
        total = self.same + self.different
        if not total:
            say("The run stored no figure, so there is nothing to compare.")
        elif self.different:
            say(f"{self.different} of {total} figures differ.")
        else:
            say(f"Everything agrees: {total} figures.")
        return 1 if self.different else 0


def levels(values: Any, y: Any, apart: bool) -> list[Any]:
    """A column a level but the commonest; rare ones share one, and so do those whose outcome does not vary where
    the model's mean cannot reach its ends (`apart`).
    """
    codes, names = pd.factorize(values, sort=True)
    counts = np.bincount(codes)
    found, rest = [], np.zeros(len(codes))
    for code in range(len(names)):
        if code == int(counts.argmax()):
            continue
        mask = codes == code
        if counts[code] < RARE or (apart and np.ptp(y[mask]) == 0):
            rest += mask
        else:
            found.append(mask.astype(float))
    if rest.sum() >= RARE and not (apart and np.ptp(y[rest > 0]) == 0):
        found.append(rest)
    return found


def independent(first: list[Any], columns: list[Any]) -> list[Any]:
    """Without columns that repeat earlier ones: the diagonal of R is what each adds."""
    if not columns:
        return []
    everything = np.column_stack([*first, *columns])
    centred = everything - everything.mean(axis=0)
    scale = np.sqrt((centred**2).sum(axis=0))
    varies = scale > 1e-12 * np.sqrt((everything**2).sum(axis=0))
    scaled = np.where(varies, centred / np.where(varies, scale, 1.0), 0.0)
    diagonal = np.abs(np.diag(np.linalg.qr(scaled, mode="r")))
    start = len(first)
    return [
        column for j, column in enumerate(columns) if start + j < len(diagonal) and diagonal[start + j] > 1e-7
    ]


def start(main: Callable[[pd.DataFrame, Told], None]) -> None:
    """Read the frame that the command line names and say how it went; ends with 1 where figures differ."""
    if len(sys.argv) != 2:
        sys.exit(f"Give the frame: python {sys.argv[0]} frame.parquet")
    told = Told()
    frame = pd.read_parquet(sys.argv[1])
    say(f"{RUN['study']}, run {RUN['number']}: {len(frame):,} rows")
    main(frame, told)
    sys.exit(told.end())
