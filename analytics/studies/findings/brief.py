"""Short sentences: of the overview, what stands under it, and the title of the picture."""

from analytics.studies.conditional import change, if_they_did
from analytics.studies.results import Result, Told
from analytics.studies.words import PHRASES, cap

from .shown import ends_of, lead_of, told_as, used


def short(result: Told) -> str:
    """One short sentence; the overview puts n and worth beneath it."""
    result = Result.of(result)
    facts = result.facts
    if result.reading == "insufficient_evidence":
        return f"{facts.predictor_label} and {PHRASES[facts.outcome].noun}: not enough answers."
    ends, noun = ends_of(result), PHRASES[facts.outcome].noun
    if result.reading == "noise":
        return f"{cap(ends.first_noun)} and {ends.second_noun}: no clear difference in {noun} afterwards."
    told = lead_of(result)
    sentence = f"{cap(told.first_noun)} went on to {told_as(told, result)} than {told.second_noun}"
    if result.reading == "matched_by_placebo":
        return f"{sentence}; this is matched by its placebo."
    if result.reading == "not_separable_from_placebo":
        return f"{sentence}; the placebo is not clearly smaller."
    if result.reading == "no_placebo_possible":
        return f"{sentence}; no placebo is possible yet."
    return f"{sentence} with the same history." if used(result) else f"{sentence}."


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
    ends = ends_of(result)
    if ends.before is None or result.reading == "not_separable_from_placebo":
        return f"{noun} differs by band after the answer"
    how = "otherwise" if ends.before.is_clear_of_zero else "not clearly"
    return f"{noun} differs by band after the answer, {how} before it"
