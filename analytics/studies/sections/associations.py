"""Every attitude beside every outcome: the shape."""

from dataclasses import dataclass, field

from analytics.studies.interval import Interval, Reading


@dataclass(frozen=True, slots=True)
class Pair:
    """One attitude beside one outcome, Spearman's ρ.

    raw: as observed. partial, p, q: given the controls and the outcome's own past; this is the test. n:
    customers followed. placebo: the same answers beside [t−h, t) given [t−h−w, t−h), on the placebo_n
    customers whose history allows it. difference: sign(link) × (link − placebo) on those. None, with `why`,
    where there is no figure.
    """

    attitude: str
    attitude_label: str
    outcome: str
    outcome_label: str
    n: int
    reading: Reading
    declared: bool = False
    raw: Interval | None = None
    partial: Interval | None = None
    p: float | None = None
    q: float | None = None
    placebo: Interval | None = None
    placebo_n: int = 0
    difference: Interval | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Associations:
    """All pairs, the study's own first.

    tests: primary (adjusted) tests of the run, the contrasts of the bands among them; declared: how many of
    them were declared beforehand, a Benjamini–Hochberg family of their own. left_out: attitudes beyond the
    number that one run correlates. untested: hypotheses that were declared and could not be tested.
    """

    pairs: list[Pair]
    tests: int
    declared: int
    method: str = "spearman"
    left_out: list[str] = field(default_factory=list)
    untested: list[str] = field(default_factory=list)
