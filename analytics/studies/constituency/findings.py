"""A constituency result in sentences, made from its numbers and never stronger than they are (look.md, Writing).

Tend to, goes with: teams were not made to feel as they do at random, so nothing here says that feeling did anything.
"""

from collections.abc import Mapping
from typing import Any

from analytics.studies.checks import Check
from analytics.studies.told import Findings
from analytics.studies.units import full, plural
from analytics.studies.words import listed, reach_of

from .results import Link, Result

ASSOCIATION = "It remains an association: teams do not feel as they do at random."
_MORE = {
    "csat": ("more satisfied customers", "less satisfied customers"),
    "nps": ("customers with a higher NPS", "customers with a lower NPS"),
    "ces": ("customers who find it easier", "customers who find it less easy"),
}


def write(told: Result | Mapping[str, Any]) -> Findings:
    """All sentences of a result."""
    result = Result.of(told)
    return Findings(
        lede=lede(result),
        then=then(result),
        short=short(result),
        foot=foot(result),
        title=title(result),
        checks=checks(result),
    )


def lede(result: Result) -> str:
    slope, facts = result.slope, result.facts
    if slope is None:
        return _too_few(result)
    if result.reading == "noise":
        return (
            f"No clear link between how teams rate {_felt(result)} and {facts.outcome_label} of the customers "
            f"they serve{_fixed(result)}."
        )
    sentence = _tend(result, slope)
    if result.reading == "matched_by_placebo":
        return f"{sentence}, which is matched by its placebo: it was so the {facts.period} before as well."
    if result.reading == "not_separable_from_placebo":
        return f"{sentence}; whether it was as much so the {facts.period} before is uncertain."
    return f"{sentence}{_fixed(result)}{_doubt(slope)}."


def then(result: Result) -> str:
    slope, facts = result.slope, result.facts
    if slope is None:
        return _would_suffice(result)
    size = f"One point more of {_felt(result)} goes with {_amount(slope, result)} of {facts.outcome_label}."
    if result.reading == "noise":
        return f"{size} Slopes of that size in either direction would fit these {facts.units:,} teams."
    if slope.before is None:
        why = result.why.get("placebo", "No placebo is possible: history is too short.")
        return f"{size} {why} {ASSOCIATION}"
    before = full(slope.before, facts.unit)
    if result.reading == "matched_by_placebo":
        return (
            f"{size} With the customers’ score of the {facts.period} before it goes as well: {before}. That lasting "
            "differences between teams are behind both is the likelier story."
        )
    if result.reading == "not_separable_from_placebo":
        return (
            f"{size} With the customers’ score of the {facts.period} before it goes with {before}: too few teams "
            f"to tell the link from its placebo. {ASSOCIATION}"
        )
    return (
        f"{size} The customers’ score of the {facts.period} before, the placebo, goes with clearly less: {before}. "
        f"{ASSOCIATION}"
    )


def short(result: Result) -> str:
    """One short sentence; the overview puts n beneath it."""
    slope, facts = result.slope, result.facts
    if slope is None:
        return f"{facts.predictor_label} and {facts.outcome_label}, by team: not enough teams."
    if result.reading == "noise":
        return f"Teams’ {_felt(result)} and their customers’ {facts.outcome_label}: no clear link."
    tail = {
        "matched_by_placebo": "; this is matched by its placebo",
        "not_separable_from_placebo": "; the placebo is not clearly smaller",
        "no_placebo_possible": "; no placebo is possible yet",
    }.get(result.reading, _doubt(slope))
    return f"{_tend(result, slope)}{tail}."


def foot(result: Result) -> str:
    """What stands under the short sentence: n, and what it is not."""
    counted = f"n {plural(result.facts.units, 'team')}."
    if result.slope is None:
        return counted
    if result.reading in ("matched_by_placebo", "not_separable_from_placebo"):
        return f"{counted} This may be selection. Association, not proof."
    return f"{counted} Association, not proof."


def title(result: Result) -> str:
    """Title of the picture of teams."""
    facts = result.facts
    if result.slope is None:
        return f"{facts.outcome_label} by team: not enough teams"
    if result.reading == "noise":
        return f"{facts.outcome_label} shows no clear pattern over teams’ {_felt(result)}"
    way = "higher" if result.slope.after.value > 0 else "lower"
    how = {
        "matched_by_placebo": f", and was the {facts.period} before",
        "not_separable_from_placebo": "; the placebo is not clearly smaller",
    }.get(result.reading, "")
    return f"{facts.outcome_label} tends to be {way} in teams that rate {_felt(result)} higher{how}"


def checks(result: Result) -> list[Check]:
    slope, facts = result.slope, result.facts
    if slope is None:
        return []
    found = []
    if slope.before is None:
        found.append(Check("Placebo", "none", result.why.get("placebo", "History is too short.")))
    else:
        words = (
            f"One point more of {_felt(result)} goes with {full(slope.before, facts.unit)} of {facts.outcome_label} "
            f"the {facts.period} before."
        )
        found.append(Check("Placebo", "passed" if result.reading == "stands" else "caution", words))
    found.append(
        Check(
            "Number of teams",
            "passed" if facts.units >= 20 else "caution",
            f"n is {plural(facts.units, 'team')} over {facts.unit_periods:,} team-{facts.period}s; errors are those "
            "of leaving out one team at a time.",
        )
    )
    found.append(
        Check(
            "Anonymity",
            "passed",
            f"Nothing is shown of a team and {facts.period} with fewer than {facts.minimum_employees} employees "
            "answering.",
        )
    )
    found += [_agreement(one.who, one.icc2, one.icc1, facts.period) for one in result.agreement]
    left_out = [f"{one.label.lower()} ({one.reason})" for one in facts.controls if not one.used]
    if left_out:
        found.append(Check("Controls", "caution", f"Left out: {listed(left_out)}."))
    return found


def _agreement(who: str, icc2: float, icc1: float, period: str) -> Check:
    """.70 is the usual demand on a group's mean; below it, it is said to be low."""
    low = icc2 < 0.7
    verdict = "low: a team’s mean is an uncertain measure of it" if low else "a team’s mean tells it well"
    return Check(
        f"Agreement of {who}",
        "caution" if low else "passed",
        f"ICC(1) {_figure(icc1)}, ICC(2) {_figure(icc2)} of a team’s score in one {period}: {verdict}.",
    )


def _figure(value: float) -> str:
    text = f"{abs(value):.2f}".removeprefix("0")
    return f"−{text}" if value < 0 and text.strip(".0") else text


def _tend(result: Result, slope: Link) -> str:
    pair = _MORE.get(result.facts.outcome)
    label = result.facts.outcome_label
    more, less = pair or (f"customers with a higher {label}", f"customers with a lower {label}")
    return f"Teams that rate {_felt(result)} higher tend to have {more if slope.after.value > 0 else less}"


def _doubt(slope: Link) -> str:
    """Said in the same breath where the interval is wide: wider than the estimate to either side by half."""
    return "; how much is uncertain" if reach_of(slope.after) > 0.5 * abs(slope.after.value) else ""


def _amount(slope: Link, result: Result) -> str:
    return full(slope.after, result.facts.unit)


def _felt(result: Result) -> str:
    return result.facts.predictor_label.lower()


def _fixed(result: Result) -> str:
    used = [one.label.lower() for one in result.facts.controls if one.used]
    return f", at the same {listed(used)}" if used else ""


def _too_few(result: Result) -> str:
    if not result.shortfalls:
        return f"This cannot be told yet. {result.why.get('figures', '')}".strip()
    short_ = result.shortfalls[0]
    return (
        f"Too few teams to tell: {short_.n:,} with enough answers, and this study asks for {short_.asked:,}."
    )


def _would_suffice(result: Result) -> str:
    facts = result.facts
    if not result.shortfalls:
        return "Nothing is shown, so that nothing is read into it."
    missing = result.shortfalls[0].missing
    return (
        f"What would suffice: {plural(missing, 'more team')} in which, within one {facts.period}, at least "
        f"{facts.minimum_employees} employees and {facts.minimum_customers} of the customers they served have "
        "answered."
    )
