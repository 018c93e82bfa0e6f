"""Who answered, in sentences, and what weights change."""

from analytics.studies.results import Facts, Interval
from analytics.studies.sections.nonresponse import NonResponse, Weights
from analytics.studies.words import MINUS, amount, listed, reach_of, span

#: More and less of each figure before the occasion: "had …".
_HAD = {
    "revenue": ("spent more", "spent less"),
    "orders": ("ordered more often", "ordered less often"),
    "contacts": ("been in touch more often", "been in touch less often"),
    "tenure_days": ("been customers for longer", "been customers for less long"),
}


def nonresponse(found: NonResponse) -> str:
    """How many of those eligible are followed."""
    stages = {stage.key: stage.customers for stage in found.stages}
    eligible = stages.get("eligible", 0)
    if not eligible:
        return found.why
    share = f"{100 * stages['followed'] / eligible:.0f}%"
    return f"Of {eligible:,} eligible customers {stages['followed']:,} ({share}) answered and are followed."


def gaps(found: NonResponse) -> str:
    """In what those who answered differed beforehand, as far as the intervals are clear of 0."""
    if not found.gaps:
        return "Who was asked, who answered, who was followed"
    clear = [
        _HAD[one.metric][one.difference.value < 0] for one in found.gaps if one.difference.is_clear_of_zero
    ]
    if not clear:
        return "Those who answered did not clearly differ beforehand from those who were asked and silent"
    return f"Beforehand, those who answered had {listed(clear)} than those who were asked and silent"


def weighted(found: Weights, facts: Facts) -> str:
    """The first difference with and without weights. Weights know only what was known beforehand."""
    if not found.differences:
        return ""
    one = found.differences[0]
    return (
        f"Weighted to speak for all eligible customers, {one.first_noun} less {one.second_noun} come to "
        f"{_full(one.weighted, facts)}; unweighted to {_full(one.unweighted, facts)}. Weights even out what was known "
        "before the occasion; silence that depends on the answer itself stays as it is."
    )


def _full(found: Interval, facts: Facts) -> str:
    unit, currency = facts.unit, facts.currency
    sign = MINUS if found.value < 0 else "+"
    return f"{sign}{amount(found.value, reach_of(found), unit, currency)} ({span(found, unit, currency)})"
