"""Every attitude beside every outcome, in sentences. What is found is called an association, and nothing more."""

from analytics.studies.sections.associations import Associations, Pair
from analytics.studies.words import MINUS

CAUTION = "An association in rank order at the same controls, not proof."


def strongest(found: Associations) -> Pair | None:
    """Of those that stand, the largest."""
    standing = [pair for pair in found.pairs if pair.reading == "stands" and pair.partial is not None]
    return max(standing, key=lambda pair: abs(pair.partial.value) if pair.partial else 0.0, default=None)


def associations(found: Associations) -> str:
    """The strongest that stands, how many look the same beforehand, and what became of what was declared."""
    tested = [pair for pair in found.pairs if pair.q is not None]
    if not tested:
        return "No association could be tested."
    parts = [_standing(found, len(tested))]
    matched = sum(pair.reading == "matched_by_placebo" for pair in tested)
    if matched:
        they = "shows" if matched == 1 else "show"
        parts.append(
            f"{matched} {they} before the answer too, so that selection is the likelier story behind "
            f"{'it' if matched == 1 else 'them'}."
        )
    return " ".join([*parts, *_declared(found)])


def _standing(found: Associations, tested: int) -> str:
    top = strongest(found)
    if top is None:
        return (
            f"Of {tested} associations none stands." if tested > 1 else "The one association does not stand."
        )
    standing = sum(pair.reading == "stands" for pair in found.pairs)
    which = "The strongest association that stands" if standing > 1 else "The one association that stands"
    return f"{which} is that of {name(top)}: ρ {rho(top)}. {CAUTION}"


def _declared(found: Associations) -> list[str]:
    """Hypotheses declared beforehand, each with what was found."""
    words = {
        "stands": "stands",
        "matched_by_placebo": "is matched by its placebo",
        "not_separable_from_placebo": "is not separable from its placebo",
        "no_placebo_possible": "has no placebo",
        "noise": "is noise",
        "insufficient_evidence": "has too little evidence",
    }
    told = [
        f"Declared beforehand: {arrow(pair)} {words[pair.reading]}." for pair in found.pairs if pair.declared
    ]
    return [*told, *(f"Declared beforehand and not tested: {one}." for one in found.untested)]


def arrow(pair: Pair) -> str:
    """ "NPS → Orders"."""
    return f"{pair.attitude_label} → {pair.outcome_label}"


def name(pair: Pair) -> str:
    """ "NPS and later orders"."""
    return f"{pair.attitude_label} and later {pair.outcome_label.lower()}"


def rho(pair: Pair) -> str:
    """ ".21 (.18 to .24)"."""
    assert pair.partial is not None
    value, low, high = (_two(end) for end in (pair.partial.value, pair.partial.low, pair.partial.high))
    return f"{value} ({low} to {high})"


def _two(value: float) -> str:
    digits = f"{abs(value):.2f}".removeprefix("0")
    return f"{MINUS}{digits}" if value < 0 and digits != ".00" else digits
