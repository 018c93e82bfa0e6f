"""An operational result in sentences, made from its numbers and never stronger than they are (look.md, Writing).

After, goes with, differs: nobody was made to wait at random, so nothing here says that waiting did anything.
"""

from collections.abc import Mapping
from typing import Any

from analytics.studies.checks import Check
from analytics.studies.told import Findings
from analytics.studies.units import amount, full, plural
from analytics.studies.words import cap, listed, reach_of, waiting

from .results import Contrast, Result

ASSOCIATION = "It remains an association: contacts did not turn out as they did at random."


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
    contrast = result.contrast
    if contrast is None:
        return _too_few(result)
    fixed = _fixed(result)
    if result.reading == "noise":
        return (
            f"No clear difference in {result.facts.outcome_label} between {contrast.above.words} and "
            f"{_below(result)}{fixed}."
        )
    sentence = _told(result, contrast)
    if result.reading == "matched_by_placebo":
        return f"{sentence}, which is matched by its placebo: the customers’ earlier answers differ as well."
    if result.reading == "not_separable_from_placebo":
        return f"{sentence}; whether these customers’ earlier answers differed as much is uncertain."
    return f"{sentence}{fixed}."


def then(result: Result) -> str:
    contrast, unit = result.contrast, result.facts.unit
    if contrast is None:
        return _would_suffice(result)
    if result.reading == "noise":
        size = f"{cap(contrast.above.words)} less {_below(result)}: {full(contrast.after, unit)}"
        if contrast.after.is_clear_of_zero:
            return f"{size}, which is not clear after correction for the other tests of this run."
        return f"{size}. Differences of that size in either direction would fit these data."
    searched = ""
    if contrast.how == "searched" and contrast.candidates > 1:
        searched = (
            f" Over {contrast.threshold_words} is the best of {contrast.candidates} cuts fixed beforehand; "
            "interval and p are corrected for that choice."
        )
    if contrast.before is None:
        why = result.why.get("placebo", "No placebo is possible: too few had answered before.")
        return f"{why} {ASSOCIATION}{searched}"
    before = full(contrast.before, unit)
    if result.reading == "matched_by_placebo":
        return (
            f"Their answers before the contact differed by {before}. That selection is behind both is the "
            f"likelier story: customers who answer otherwise anyway have other contacts.{searched}"
        )
    if result.reading == "not_separable_from_placebo":
        return (
            f"Their answers before the contact differed by {before}: too little data to tell the link from "
            f"its placebo. {ASSOCIATION}{searched}"
        )
    if contrast.before.is_clear_of_zero:
        same = contrast.before.value * contrast.after.value > 0
        how = "a smaller difference of the same sign" if same else "a difference of the other sign"
        bare = full(contrast.before, unit, bare=True)
        return (
            f"The same customers’ answers before the contact show {how} ({bare}), so who they are does not "
            f"account for all of it. {ASSOCIATION}{searched}"
        )
    bare = full(contrast.before, unit, bare=True)
    return (
        f"The same customers’ answers before the contact show no clear difference ({bare}), so who they are "
        f"alone is an unlikely explanation. {ASSOCIATION}{searched}"
    )


def short(result: Result) -> str:
    """One short sentence; the overview puts n beneath it."""
    contrast, facts = result.contrast, result.facts
    if contrast is None:
        return f"{facts.predictor_label} and {facts.outcome_label}: not enough answers."
    if result.reading == "noise":
        return (
            f"{cap(contrast.above.words)} and {_below(result)}: no clear difference in {facts.outcome_label}."
        )
    sentence = _told(result, contrast)
    tail = {
        "matched_by_placebo": "; this is matched by its placebo",
        "not_separable_from_placebo": "; the placebo is not clearly smaller",
        "no_placebo_possible": "; no placebo is possible yet",
    }.get(result.reading, "")
    return f"{sentence}{tail}."


def foot(result: Result) -> str:
    """What stands under the short sentence: n, the placebo, and what it is not."""
    contrast = result.contrast
    if contrast is None:
        return f"n {result.facts.contacts:,} contacts."
    counted = f"n {contrast.above.n:,} and {contrast.below.n:,} contacts."
    if result.reading == "stands" and contrast.before is not None and not contrast.before.is_clear_of_zero:
        counted += (
            f" The customer’s earlier {result.facts.outcome_label}, the placebo, shows no clear difference."
        )
    return f"{counted} Association, not proof."


def title(result: Result) -> str:
    """Title of the picture of the curve."""
    facts, found = result.facts, result.curve
    if found is None:
        return f"{facts.outcome_label} over {facts.predictor_label.lower()}: not enough answers"
    if found.q >= 0.05:
        return f"{facts.outcome_label} shows no clear pattern over {facts.predictor_label.lower()}"
    how = {
        "matched_by_placebo": ", and so did the customers’ earlier answers",
        "not_separable_from_placebo": "; the placebo is not clearly smaller",
    }.get(result.reading, "")
    return f"{facts.outcome_label} differs over {facts.predictor_label.lower()}{how}"


def checks(result: Result) -> list[Check]:
    contrast, facts = result.contrast, result.facts
    if contrast is None:
        return []
    found = []
    if contrast.before is None:
        found.append(Check("Placebo", "none", result.why.get("placebo", "Too few had answered before.")))
    else:
        words = (
            f"{cap(contrast.above.words)} less {_below(result)}, the customers’ previous answers: "
            f"{full(contrast.before, facts.unit)}."
        )
        found.append(Check("Placebo", "passed" if result.reading == "stands" else "caution", words))
    if contrast.how == "declared":
        words = f"Over {contrast.threshold_words} was declared by the study; nothing was searched."
    elif contrast.candidates == 1:
        words = "One cut leaves enough contacts on both sides; nothing was searched."
    else:
        words = (
            f"{contrast.candidates} round values between the 5th and 95th percentile were candidates, fixed "
            "without the answers. Interval and p pay for choosing the best (largest |t| of all)."
        )
    found.append(Check("Threshold", "passed", words))
    smaller = min(contrast.above, contrast.below, key=lambda side: side.n)
    found.append(
        Check("Cell size", "passed", f"Smaller side {smaller.n:,}; this study asks for {facts.minimum_n:,}.")
    )
    clusters = min(facts.customers, facts.agents + facts.without_agent)
    found.append(
        Check(
            "Clusters",
            "passed" if clusters >= 20 else "caution",
            f"{plural(facts.customers, 'customer')} and {plural(facts.agents, 'agent')}: errors count both, so that "
            "contacts of one customer or one agent are not taken as independent.",
        )
    )
    left_out = [f"{one.label.lower()} ({one.reason})" for one in facts.controls if not one.used]
    if left_out:
        found.append(Check("Controls", "caution", f"Left out: {listed(left_out)}."))
    return found


def _told(result: Result, contrast: Contrast) -> str:
    """ "After waits over 4 minutes, 67% were satisfied; after shorter ones, 84%": both at the same controls."""
    facts, above, below = result.facts, contrast.above, contrast.below
    if facts.unit == "share":
        verb = facts.verb or f"counted as favourable in {facts.outcome_label}"
        reach = max(reach_of(above.adjusted), reach_of(below.adjusted))
        first, second = (f"{amount(side.adjusted.value, reach, 'share')}%" for side in (above, below))
        return f"After {above.words}, {first} {verb}; after {below.words}, {second}"
    reach = reach_of(contrast.after)
    first, second = (amount(side.adjusted.value, reach, facts.unit) for side in (above, below))
    return f"After {above.words}, {facts.outcome_label} was {first}; after {below.words}, {second}"


def _below(result: Result) -> str:
    return result.contrast.below.words if result.contrast else ""


def _fixed(result: Result) -> str:
    """ ", at the same channel, touchpoint, hour of the day and previous answer"."""
    used = [one.label.lower() for one in result.facts.controls if one.used]
    return f", at the same {listed(used)}" if used else ""


def _too_few(result: Result) -> str:
    if not result.shortfalls:
        return f"This cannot be told yet. {result.why.get('figures', '')}".strip()
    short_ = result.shortfalls[0]
    return f"Too few answers to tell: {short_.n:,} {short_.noun}, and this study asks for {short_.asked:,}."


def _would_suffice(result: Result) -> str:
    if not result.shortfalls:
        return "Nothing is shown, so that nothing is read into it."
    short_ = result.shortfalls[0]
    sentence = f"What would suffice: {short_.missing:,} more {short_.noun}."
    if short_.days is not None:
        sentence += f" At the pace of these answers that takes {waiting(short_.days)}."
    return sentence
