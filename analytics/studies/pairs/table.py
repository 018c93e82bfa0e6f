"""All pairs of a run: correlated first, read when the whole family of tests is known."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analytics.frames import metrics
from analytics.studies import design, readings
from analytics.studies.design import FloatArray
from analytics.studies.interval import Interval, Reading
from analytics.studies.sections.associations import Associations, Pair
from analytics.studies.settings import Settings
from feedback import scoring

from .ranks import IntArray, Rho, codes, spearman

Progress = Callable[[float, str], None]
WORDS = "Correlating every attitude with every outcome"


@dataclass(frozen=True, slots=True)
class Correlated:
    """A pair with its test (`p` None where there is none), not yet read."""

    attitude: str
    outcome: str
    n: int
    declared: bool
    raw: Interval | None = None
    partial: Interval | None = None
    p: float | None = None
    placebo: Interval | None = None
    placebo_n: int = 0
    link_there: Interval | None = None
    difference: Interval | None = None
    why: str = ""


def correlate(
    answers: Mapping[str, pd.DataFrame], settings: Settings, progress: Progress = lambda share, words: None
) -> list[Correlated]:
    """Every attitude's answers beside every outcome, the study's own pair first; one frame in memory at a time."""
    found: list[Correlated] = []
    outcomes = [name for name in settings.outcomes if metrics.outcome(name).model is not None]
    outcomes.sort(key=lambda name: name != settings.outcome)
    names = sorted(answers, key=lambda name: name != settings.predictor)
    for number, attitude in enumerate(names):
        progress(number / len(names), WORDS)
        one = _Attitude(attitude, answers[attitude], settings)
        for step, outcome in enumerate(outcomes):
            progress((number + step / len(outcomes)) / len(names), WORDS)
            found.append(one.beside(outcome))
    return found


def read(
    found: Sequence[Correlated],
    q_values: Sequence[float],
    settings: Settings,
    *,
    left_out: Sequence[str] = (),
    others: tuple[int, int] = (0, 0),
) -> Associations:
    """The section, once q is known.

    Args:
        q_values: of those that have a test, in their order.
        others: other tests of the run, and how many of these were declared beforehand.
    """
    q = iter(q_values)
    pairs = [_pair(one, next(q) if one.p is not None else None) for one in found]
    tested = [one for one in found if one.p is not None]
    names = {f"{one.attitude}>{one.outcome}" for one in tested}
    return Associations(
        pairs=pairs,
        tests=len(tested) + others[0],
        declared=sum(one.declared for one in tested) + others[1],
        left_out=[scoring.label(name) for name in left_out],
        untested=[_hypothesis(one) for one in settings.declared if one not in names],
    )


def _hypothesis(declared: str) -> str:
    attitude, _, outcome = declared.partition(">")
    return f"{scoring.label(attitude)} → {metrics.outcome(outcome).label}"


def _pair(one: Correlated, q: float | None) -> Pair:
    reading: Reading = "insufficient_evidence"
    if q is not None and one.partial is not None:
        both = None
        if one.placebo is not None and one.link_there is not None and one.difference is not None:
            both = readings.Beside(one.link_there, one.placebo, one.difference)
        reading = readings.read(q, _sign(one.partial.value), both)
    return Pair(
        attitude=one.attitude,
        attitude_label=scoring.label(one.attitude),
        outcome=one.outcome,
        outcome_label=metrics.outcome(one.outcome).label,
        n=one.n,
        reading=reading,
        declared=one.declared,
        raw=one.raw,
        partial=one.partial,
        p=one.p,
        q=q,
        placebo=one.placebo,
        placebo_n=one.placebo_n,
        difference=one.difference,
        why=one.why,
    )


def _sign(value: float) -> float:
    return 1.0 if value >= 0 else -1.0


class _Attitude:
    """One attitude's answers; what outcomes share is made once."""

    def __init__(self, name: str, frame: pd.DataFrame, settings: Settings) -> None:
        self.name, self.frame, self.settings = name, frame, settings
        #: As many customers as three bands ask for together.
        self.minimum = 3 * settings.minimum_n
        self.value = codes(frame["value"].to_numpy(dtype=np.float64))
        self._columns: dict[tuple[str, str], list[IntArray]] = {}

    def beside(self, outcome: str) -> Correlated:
        label, level = metrics.outcome(outcome).label, self.settings.level
        after, before = (self._values(f"{window}_{outcome}") for window in ("o", "b"))
        known = ~np.isnan(after)
        rows = np.flatnonzero(known)
        start = Correlated(self.name, outcome, len(rows), self.settings.is_declared(self.name, outcome))
        if len(rows) < self.minimum:
            missing = self.minimum - len(rows)
            return replace(
                start,
                why=f"{len(rows):,} customers followed; an association asks for {self.minimum:,}, as many as three "
                f"bands. {missing:,} more would suffice.",
            )
        x, y = self.value[rows], codes(after[rows])
        if x.min() == x.max() or y.min() == y.max():
            what = (
                "Everybody gave the same answer"
                if x.min() == x.max()
                else f"{label} is the same for everybody"
            )
            return replace(start, why=f"{what}, so there is nothing to correlate.")
        raw, link = spearman(x, y), spearman(x, y, self._controls(outcome, "c_", rows))
        observed = raw.interval(level)[0] if raw else None
        if link is None:
            return replace(
                start, raw=observed, why="The controls decide one of the two, so nothing is left of it."
            )
        partial, p = link.interval(level)
        tested = replace(start, raw=observed, partial=partial, p=p)
        possible = known & ~np.isnan(before) & (self.frame["placebo_possible"].to_numpy() == 1)
        return self._placebo(tested, outcome, np.flatnonzero(possible), (rows, link), after, before)

    def _placebo(
        self,
        tested: Correlated,
        outcome: str,
        rows: np.ndarray,
        whole: tuple[np.ndarray, Rho],
        after: FloatArray,
        before: FloatArray,
    ) -> Correlated:
        """The same answers beside what came before them, and the link on the same customers."""
        if not metrics.outcome(outcome).has_placebo:
            return replace(
                tested, why=f"No placebo: {metrics.outcome(outcome).label.lower()} cannot be drawn backwards."
            )
        if len(rows) < self.minimum:
            return replace(
                tested,
                placebo_n=len(rows),
                why=f"No placebo: history reaches back far enough for {len(rows):,} customers, of {self.minimum:,}.",
            )
        x, link = self.value[rows], whole[1]
        found: Rho | None = link
        if len(rows) < len(whole[0]):
            found = spearman(x, codes(after[rows]), self._controls(outcome, "c_", rows))
        backwards = spearman(x, codes(before[rows]), self._controls(outcome, "p_", rows))
        if found is None or backwards is None:
            return replace(tested, why="No placebo: before the answer there is nothing to correlate.")
        level = self.settings.level
        return replace(
            tested,
            placebo=backwards.interval(level)[0],
            placebo_n=len(rows),
            link_there=found.interval(level)[0],
            difference=found.less(backwards, _sign(link.value), level),
        )

    def _values(self, column: str) -> FloatArray:
        return self.frame[column].to_numpy(dtype=np.float64)

    def _controls(self, outcome: str, prefix: str, rows: np.ndarray) -> list[IntArray]:
        """What the study holds fixed and the outcome's own past, as ranks need them."""
        own = [outcome] if metrics.outcome(outcome).is_control else []
        found: list[IntArray] = []
        for name in dict.fromkeys([*self.settings.controls, *own]):
            if (name, prefix) not in self._columns:
                self._columns[name, prefix] = self._coded(name, prefix)
            found += self._columns[name, prefix]
        return found if len(rows) == len(self.frame) else [column[rows] for column in found]

    def _coded(self, name: str, prefix: str) -> list[IntArray]:
        columns = design.held_fixed(
            self.frame, controls=[name], prefix=prefix, outcome=np.empty(0), zeros_separate=False
        )
        ends = (design.BEND, design.NONE)  # they say nothing new about order
        return [codes(column) for _, title, column in columns if not title.endswith(ends)]
