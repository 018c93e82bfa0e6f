"""Real change or noise: one family of all headline figures, corrected together."""

from collections.abc import Sequence
from dataclasses import dataclass

from analytics.stats.association import false_discovery
from dashboards.charts import Estimate, Unit, Verdict
from dashboards.charts.verdict import State

LEVEL = 0.05


@dataclass(frozen=True, slots=True)
class Change:
    """The difference between two periods; `p` of the unpooled test of no difference."""

    difference: Estimate
    p: float
    unit: Unit
    higher_is_better: bool | None = True


def judge(changes: Sequence[Change | None]) -> list[Verdict | None]:
    """A verdict for each change, Benjamini–Hochberg over those that there are.

    The family is fixed by the caller before anything is hidden, so that hiding a row changes no verdict.
    """
    known = [change for change in changes if change is not None]
    corrected = iter(false_discovery([change.p for change in known])) if known else iter(())
    verdicts: list[Verdict | None] = []
    for change in changes:
        if change is None:
            verdicts.append(None)
            continue
        q = float(next(corrected))
        state: State = "real" if q < LEVEL else "not_after_correction" if change.p < LEVEL else "noise"
        better = None
        if change.higher_is_better is not None:
            better = (change.difference.value > 0) == change.higher_is_better
        verdicts.append(Verdict(change.difference, state, better, change.unit))
    return verdicts
