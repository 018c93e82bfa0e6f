"""The opening sentence."""

from analytics.studies.results import Contrast, Result, Told
from analytics.studies.words import PHRASES, amount, cap, days, held_fixed, listed, reach_of

from .shown import ends_of, lead_of, told_as, used


def lede(result: Told) -> str:
    result = Result.of(result)
    reading, facts = result.reading, result.facts
    if reading == "insufficient_evidence":
        return _too_few(result)
    ends = ends_of(result)
    horizon = days(facts.horizon_days)
    noun, fixed = PHRASES[facts.outcome].noun, _comma(held_fixed(used(result))) + _among(result)
    if reading == "noise":
        return (
            f"No clear difference in {noun} between {ends.first_noun} and {ends.second_noun} "
            f"in the {horizon} after the answer{fixed}."
        )
    if reading == "matched_by_placebo":
        return (
            f"{cap(ends.first_noun)} went on to {told_as(ends, result)} than {ends.second_noun} in {horizon}, "
            "which is matched by its placebo: the same difference shows before the answer."
        )
    if reading == "not_separable_from_placebo":
        return (
            f"{cap(ends.first_noun)} went on to {told_as(ends, result)} than {ends.second_noun} in {horizon}; "
            "whether they differed as much before the answer is uncertain."
        )
    return _difference(result, horizon, fixed)


def _difference(result: Result, horizon: str, fixed: str) -> str:
    """The clause that is shown and, where it is about one side of the middle band, what is known of the other:
    as a difference only where that one stands by itself."""
    lead = lead_of(result)
    first = f"{cap(lead.first_noun)} went on to {told_as(lead, result)} than {lead.second_noun} in {horizon}"
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


def _too_few(result: Result) -> str:
    if not result.shortfalls:
        return f"This cannot be told yet. {result.why.get('figures', '')}".strip()
    counted = listed([f"{one.n:,} {one.noun}" for one in result.shortfalls])
    asked = result.shortfalls[0].asked
    return f"Too few answers to tell: {counted}, and this study asks for {asked} in each band."


def _briefly(contrast: Contrast, result: Result) -> str:
    """The second clause: "€27 less"."""
    facts, phrase = result.facts, PHRASES[result.facts.outcome]
    text = amount(contrast.after.value, reach_of(contrast.after), facts.unit, facts.currency)
    fewer = "fewer" if "fewer" in phrase.less else "less"
    if "often" in phrase.more:
        return f"{'more' if contrast.after.value > 0 else 'less'} often, by {text}"
    return f"{text} {'more' if contrast.after.value > 0 else fewer}"


def _among(result: Result) -> str:
    """Whom it is about where that is not everybody."""
    return _comma(f"among {result.facts.among}" if result.facts.among else "")


def _comma(words: str) -> str:
    return f", {words}" if words else ""
