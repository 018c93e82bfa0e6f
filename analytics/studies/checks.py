"""Checks on a link, in words."""

from dataclasses import dataclass
from typing import Literal

from .results import Result, Told
from .words import cap, days, full, listed


@dataclass(frozen=True, slots=True)
class Check:
    """One check on the link, in words; "none" where it could not be made."""

    name: str
    state: Literal["passed", "caution", "none"]
    words: str

    @property
    def word(self) -> str:
        return "not possible" if self.state == "none" else self.state

    @property
    def mark(self) -> str:
        return {"passed": "✓", "caution": "!", "none": "–"}[self.state]

    @property
    def tag(self) -> str:
        """The tone of its tag: favourable, caution or neither."""
        return {"passed": "good", "caution": "warn", "none": ""}[self.state]


def checks(result: Told) -> list[Check]:
    result = Result.of(result)
    facts = result.facts
    if result.reading == "insufficient_evidence":
        return []
    found = [_placebo_check(result)]
    smallest = min(result.after.rows, key=lambda row: row.n)
    found.append(
        Check(
            "Cell size",
            "passed",
            f"Smallest band {smallest.n:,} ({smallest.noun}); this study asks for {facts.minimum_n:,}.",
        )
    )
    if "among" in result.why:
        found.append(Check("Whom it is about", "caution", result.why["among"]))
    if facts.lookback_uncovered:
        found.append(
            Check(
                "History",
                "caution",
                f"For {facts.lookback_uncovered:,} of {facts.customers:,} customers the data begin within "
                f"the {days(facts.lookback_days)} before their answer, so what came before is understated.",
            )
        )
    left_out = [f"{one.label.lower()} ({one.reason})" for one in facts.controls if not one.used]
    if left_out:
        found.append(Check("Controls", "caution", f"Left out: {listed(left_out)}."))
    return found


def _placebo_check(result: Result) -> Check:
    high, low = result.contrast("highest_middle"), result.contrast("lowest_middle")
    if high is None or low is None or high.before is None or low.before is None:
        return Check("Placebo", "none", result.why.get("placebo", "History is too short for a placebo."))
    text = (
        f"{cap(high.first_noun)} {full(high.before, result)}, {low.first_noun} {full(low.before, result)} "
        f"against {high.second_noun} before the answer."
    )
    return Check("Placebo", "passed" if result.reading == "stands" else "caution", text)
