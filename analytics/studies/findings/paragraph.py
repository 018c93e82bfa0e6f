"""The paragraph under the opening sentence."""

from analytics.studies.results import Result, Told
from analytics.studies.words import PHRASES, cap, days, full, listed, plain, waiting

from .shown import ends_of, lead_of

ASSOCIATION = "It remains an association: customers did not come to their band at random."


def then(result: Told) -> str:
    result = Result.of(result)
    reading, facts = result.reading, result.facts
    if reading == "insufficient_evidence":
        return _would_suffice(result)
    ends = ends_of(result)
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
    told = lead_of(result)
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
