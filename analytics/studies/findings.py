"""A result in sentences, made from its numbers and never stronger than they are (look.md, Writing).

Differs, goes with, went on to, after: people did not come to their band at random, so nothing here says
that an answer did anything.
"""

from dataclasses import asdict, dataclass

from .checks import Check, checks
from .conditional import change, if_they_did, worth
from .results import Contrast, Result, Told
from .words import (
    PHRASES,
    amount,
    cap,
    comparison,
    days,
    full,
    held_fixed,
    listed,
    plain,
    reach_of,
    waiting,
)

ASSOCIATION = "It remains an association: customers did not come to their band at random."
ALPHA = 0.05

__all__ = [
    "Check",
    "Findings",
    "bands_title",
    "checks",
    "foot",
    "is_clear",
    "lede",
    "short",
    "shown",
    "then",
    "worth",
    "write",
]


@dataclass(frozen=True, slots=True)
class Findings:
    """The opening sentence, the paragraph under it, the short sentence for the overview and its foot, the title
    of the bands, the worth (empty where none is shown) and the checks."""

    lede: str
    then: str
    short: str
    foot: str
    bands_title: str
    worth: str
    checks: list[Check]

    def to_json(self) -> dict[str, object]:
        return asdict(self)


def write(result: Told) -> Findings:
    """All sentences of a result."""
    result = Result.of(result)
    return Findings(
        lede=lede(result),
        then=then(result),
        short=short(result),
        foot=foot(result),
        bands_title=bands_title(result),
        worth=worth(result),
        checks=checks(result),
    )


def is_clear(contrast: Contrast | None) -> bool:
    return contrast is not None and contrast.after.is_clear_of_zero and contrast.q < ALPHA


def shown(result: Told) -> Contrast | None:
    """The contrast that `lede` and `short` open with, and the picture beside them draws; None without figures.

    Of a link that stands: the side of the middle band that itself stands, the upper one first. Else, and
    where neither side does, the two ends, which decide the run's reading.
    """
    result = Result.of(result)
    if not result.contrasts:
        return None
    if result.reading == "stands":
        for name in ("highest_middle", "lowest_middle"):
            side = result.contrast(name)
            if side is not None and side.reading == "stands":
                return side
    return _ends(result)


def lede(result: Told) -> str:
    result = Result.of(result)
    reading, facts = result.reading, result.facts
    if reading == "insufficient_evidence":
        return _too_few(result)
    ends = _ends(result)
    horizon = days(facts.horizon_days)
    noun, fixed = PHRASES[facts.outcome].noun, _comma(held_fixed(_used(result)))
    if reading == "noise":
        return (
            f"No clear difference in {noun} between {ends.first_noun} and {ends.second_noun} "
            f"in the {horizon} after the answer{fixed}."
        )
    if reading == "matched_by_placebo":
        return (
            f"{cap(ends.first_noun)} went on to {_told(ends, result)} than {ends.second_noun} in {horizon}, "
            "which is matched by its placebo: the same difference shows before the answer."
        )
    if reading == "not_separable_from_placebo":
        return (
            f"{cap(ends.first_noun)} went on to {_told(ends, result)} than {ends.second_noun} in {horizon}; "
            "whether they differed as much before the answer is uncertain."
        )
    return _difference(result, horizon, fixed)


def _difference(result: Result, horizon: str, fixed: str) -> str:
    """The clause that is shown and, where it is about one side of the middle band, what is known of the other:
    as a difference only where that one stands by itself."""
    lead = _lead(result)
    first = f"{cap(lead.first_noun)} went on to {_told(lead, result)} than {lead.second_noun} in {horizon}"
    if lead.name == "highest_lowest":
        return f"{first}{fixed}."
    other = result.contrast("lowest_middle" if lead.name == "highest_middle" else "highest_middle")
    if other is None:
        return f"{first}{fixed}."
    if other.reading == "stands":
        return f"{first}, and {other.first_noun} {_briefly(other, result)}{fixed}."
    return f"{first}{fixed}; {_does_not_stand(other)}."


def _does_not_stand(contrast: Contrast) -> str:
    """A difference that may not be told as one, with its reading in words."""
    if contrast.reading == "noise":
        return f"{contrast.first_noun} and {contrast.second_noun} show no clear difference"
    how = {
        "matched_by_placebo": "it is matched by its placebo",
        "not_separable_from_placebo": "it is not separable from its placebo",
    }.get(contrast.reading, "no placebo is possible")
    return f"the difference between {contrast.first_noun} and {contrast.second_noun} does not stand: {how}"


def then(result: Told) -> str:
    result = Result.of(result)
    reading, facts = result.reading, result.facts
    if reading == "insufficient_evidence":
        return _would_suffice(result)
    ends = _ends(result)
    noun = PHRASES[facts.outcome].noun
    if reading == "noise":
        return (
            f"{cap(ends.first_noun)} less {ends.second_noun}: {full(ends.after, result)}. "
            "Differences of that size in either direction would fit these data."
            if not ends.after.is_clear_of_zero
            else f"{cap(ends.first_noun)} less {ends.second_noun}: {full(ends.after, result)}, "
            "which is not clear after correction for the other tests of this run."
        )
    if reading == "no_placebo_possible":
        return f"{result.why.get('placebo', 'History is too short for a placebo.')} {ASSOCIATION}"
    told = _lead(result)
    assert told.before is not None
    before = full(told.before, result)
    if reading == "matched_by_placebo":
        return (
            f"Before the answer the difference was {before}. That selection is behind both is the likelier "
            f"story: those who already differed in {noun} answer differently."
        )
    if reading == "not_separable_from_placebo":
        return (
            f"Before the answer the difference was {before}: too little data to tell the link from its "
            f"placebo. {ASSOCIATION}"
        )
    if told.before.is_clear_of_zero:
        same = told.before.value * told.after.value > 0
        how = "a smaller difference of the same sign" if same else "a difference of the other sign"
        return (
            f"Drawn backwards, the same comparison shows {how} ({plain(told.before, result)}), so earlier {noun} "
            f"alone does not account for all of it. {ASSOCIATION}"
        )
    return (
        f"Drawn backwards, the same comparison shows no clear difference ({plain(told.before, result)}), so earlier "
        f"{noun} alone is an unlikely explanation. {ASSOCIATION}"
    )


def short(result: Told) -> str:
    """One short sentence; the overview puts n and worth beneath it."""
    result = Result.of(result)
    facts = result.facts
    if result.reading == "insufficient_evidence":
        return f"{facts.predictor_label} and {PHRASES[facts.outcome].noun}: not enough answers."
    ends, noun = _ends(result), PHRASES[facts.outcome].noun
    if result.reading == "noise":
        return f"{cap(ends.first_noun)} and {ends.second_noun}: no clear difference in {noun} afterwards."
    told = _lead(result)
    sentence = f"{cap(told.first_noun)} went on to {_told(told, result)} than {told.second_noun}"
    if result.reading == "matched_by_placebo":
        return f"{sentence}; this is matched by its placebo."
    if result.reading == "not_separable_from_placebo":
        return f"{sentence}; the placebo is not clearly smaller."
    if result.reading == "no_placebo_possible":
        return f"{sentence}; no placebo is possible yet."
    return f"{sentence} with the same history." if _used(result) else f"{sentence}."


def foot(result: Told) -> str:
    """What stands under the short sentence: n, worth, and what it is not."""
    result = Result.of(result)
    counted = f"n {result.facts.customers:,} customers."
    if result.reading == "insufficient_evidence":
        return counted
    if result.worth is None:
        return f"{counted} Association, not proof."
    total, found = result.worth.total, result.worth
    return f"{counted} {if_they_did(result)}: {change(total, found, result)}. Association, not proof."


def bands_title(result: Told) -> str:
    """Title of the picture of the bands."""
    result = Result.of(result)
    noun = cap(PHRASES[result.facts.outcome].noun)
    if result.reading == "insufficient_evidence":
        return f"{noun} by band: not enough answers"
    if result.reading == "noise":
        return f"{noun} shows no clear difference between bands after the answer"
    if result.reading == "matched_by_placebo":
        return f"{noun} differs by band after the answer, and before it"
    ends = _ends(result)
    if ends.before is None or result.reading == "not_separable_from_placebo":
        return f"{noun} differs by band after the answer"
    how = "otherwise" if ends.before.is_clear_of_zero else "not clearly"
    return f"{noun} differs by band after the answer, {how} before it"


def _too_few(result: Result) -> str:
    if not result.shortfalls:
        return f"This cannot be told yet. {result.why.get('figures', '')}".strip()
    counted = listed([f"{one.n:,} {one.noun}" for one in result.shortfalls])
    asked = result.shortfalls[0].asked
    return f"Too few answers to tell: {counted}, and this study asks for {asked} in each band."


def _would_suffice(result: Result) -> str:
    if not result.shortfalls:
        return "Nothing is shown, so that nothing is read into it."
    missing = listed([f"{one.missing:,} more {one.noun}" for one in result.shortfalls])
    sentence = f"What would suffice: {missing} who have been followed for {days(result.facts.horizon_days)}."
    paces = [one.days for one in result.shortfalls]
    if all(pace is not None for pace in paces):
        slowest = max(pace for pace in paces if pace is not None)
        sentence += f" At the pace of these answers that takes {waiting(slowest)}."
    return sentence


def _ends(result: Result) -> Contrast:
    found = result.contrast("highest_lowest")
    assert found is not None
    return found


def _lead(result: Result) -> Contrast:
    found = shown(result)
    assert found is not None
    return found


def _used(result: Result) -> list[str]:
    return [one.name for one in result.facts.controls if one.used]


def _told(contrast: Contrast, result: Result) -> str:
    facts = result.facts
    return comparison(contrast.after, facts.outcome, facts.unit, facts.currency)


def _briefly(contrast: Contrast, result: Result) -> str:
    """The second clause: "€27 less"."""
    facts, phrase = result.facts, PHRASES[result.facts.outcome]
    text = amount(contrast.after.value, reach_of(contrast.after), facts.unit, facts.currency)
    fewer = "fewer" if "fewer" in phrase.less else "less"
    if "often" in phrase.more:
        return f"{'more' if contrast.after.value > 0 else 'less'} often, by {text}"
    return f"{text} {'more' if contrast.after.value > 0 else fewer}"


def _comma(words: str) -> str:
    return f", {words}" if words else ""
