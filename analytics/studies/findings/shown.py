"""Which difference a result opens with, and pieces of sentences about it."""

from analytics.studies.results import Contrast, Result, Told
from analytics.studies.words import comparison

ALPHA = 0.05


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
    return ends_of(result)


def ends_of(result: Result) -> Contrast:
    found = result.contrast("highest_lowest")
    assert found is not None
    return found


def lead_of(result: Result) -> Contrast:
    found = shown(result)
    assert found is not None
    return found


def used(result: Result) -> list[str]:
    return [one.name for one in result.facts.controls if one.used]


def told_as(contrast: Contrast, result: Result) -> str:
    facts = result.facts
    return comparison(contrast.after, facts.outcome, facts.unit, facts.currency)
