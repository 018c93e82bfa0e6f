"""Drivers, survival and quality in sentences made from their numbers, and never stronger than they are."""

from dataclasses import dataclass

from analytics.studies.interval import Interval

from .drivers import Driver, DriverMap
from .quality import Quality, Scale, Verdict
from .survival import BandCurve, Survival

ALPHA = 0.05
HALO = "Ratings given in the same moment share a halo: who is content rates everything higher."
CHANGES = "The ratio changes over time: read the curves, not the ratio"
#: More names than this make no sentence.
NAMED = 3


@dataclass(frozen=True, slots=True)
class _Event:
    """What is awaited: "how soon customers <do>", "half <had done> it", "the share that has not <done> it"."""

    do: str
    done: str


_EVENTS = {
    "days_to_next_order": _Event("order again", "ordered again"),
    "days_to_cancellation": _Event("cancel", "cancelled"),
}


def done(found: Survival) -> str:
    """ "ordered again", "cancelled"."""
    return _EVENTS[found.outcome].done


def drivers(found: DriverMap) -> str:
    """What matters and goes badly, and what may."""
    urgent = [one.label for one in found.drivers if one.clear and one.quadrant == "matters_badly"]
    if not urgent:
        return "No item clearly matters more and goes worse than the others"
    verb = "matters and goes badly" if len(urgent) == 1 else "matter and go badly"
    open_ = [one.label for one in found.drivers if _may_matter(one, found)]
    if not open_ or len(open_) > NAMED:
        return f"{listed(urgent)} {verb}"
    many = "matters as much" if len(open_) == 1 else "matter as much"
    return f"{listed(urgent)} {verb}; whether {listed(open_)} {many} is open"


def _may_matter(one: Driver, found: DriverMap) -> bool:
    """Goes clearly worse than the mean, and may matter more or less than it."""
    if found.mean_importance is None or found.mean_performance is None:
        return False
    goes_badly = one.performance.high < found.mean_performance
    return goes_badly and one.importance.low <= found.mean_importance <= one.importance.high


def drivers_then(found: DriverMap, label: str) -> str:
    """The largest share, what has no clear coefficient (and keeps its share), and the halo."""
    parts = []
    if found.r_squared is not None and found.drivers:
        top = found.drivers[0]
        parts.append(
            f"{top.label} has the largest share of what goes with {label}: {interval(top.importance)} of R² "
            f"{interval(found.r_squared)}."
        )
    weak = [one.label for one in found.drivers if not one.significant]
    if weak:
        named = listed(weak) if len(weak) <= NAMED else f"{len(weak)} of the {len(found.drivers)} items"
        what = "coefficient is" if len(weak) == 1 else "coefficients are"
        parts.append(
            f"At the same other items, {named}: the {what} not clear of 0; the shares stand as estimated."
        )
    return " ".join([*parts, HALO])


def survival(found: Survival) -> str:
    """Whether bands differ in how soon it comes, as observed."""
    event = _EVENTS[found.outcome]
    shown = [one for one in found.curves if one.steps]
    if found.logrank_p is None:
        return f"How soon customers {event.do}, by band"
    if found.logrank_p >= ALPHA:
        return f"How soon customers {event.do} shows no clear difference between bands"
    return f"How soon customers {event.do} differs by band: {_how(shown, found, event)}"


def _how(shown: list[BandCurve], found: Survival, event: _Event) -> str:
    if all(one.median is not None for one in shown):
        days = [f"{one.median:,.0f} days for {one.noun}" for one in shown]
        return f"half had {event.done} after {listed(days)}"
    day = min(one.steps[-1].day if one.until is None else one.until for one in shown)
    shares = [f"{100 * share_at(one, day):.0f}% of {one.noun}" for one in shown]
    return f"after {day:,.0f} days {listed(shares)} had not {event.done}"


def share_at(curve: BandCurve, day: float) -> float:
    return [step.share for step in curve.steps if step.day <= day][-1]


def hazards(found: Survival) -> str:
    """What the ratios say at the same controls; where they change over time, that they do."""
    if found.ph_violated and bands_change(found):
        return CHANGES
    event = _EVENTS[found.outcome]
    middle = found.curves[1].noun
    always = "on average" if found.ph_violated else "at any time"
    parts = []
    for one, curve in zip(found.hazards[:2], (found.curves[0], found.curves[2]), strict=True):
        if one.p < ALPHA:
            when = "sooner" if one.ratio.value > 1 else "later"
            parts.append(f"{curve.noun} {event.do} {when} than {middle}, {_times(one.ratio)} {always}")
        else:
            parts.append(f"{curve.noun} and {middle} show no clear difference, {_times(one.ratio)}")
    told = f"At the same controls {'; '.join(parts)}"
    return f"{told}; ratios of what is held fixed change over time" if found.ph_violated else told


def bands_change(found: Survival) -> bool:
    """Whether the ratio of a band changes over time, or only ratios of what is held fixed do."""
    return any(one.ph_p is not None and one.ph_p < ALPHA for one in found.hazards[:2])


def hazards_then(found: Survival) -> str:
    """What the test of the assumption found, in words."""
    if found.ph_violated is None:
        return ""
    if found.ph_violated and not bands_change(found):
        return (
            "Proportional hazards do not hold for everything that is held fixed, so that the ratios of the bands are "
            "averages over time: read the curves beside them."
        )
    if found.ph_violated:
        return (
            "Proportional hazards do not hold: a ratio that is larger early and smaller late, or turns round, has one "
            "figure here that is true of no day. The log-rank test and the curves need no constant ratio, though "
            "the test sees little where curves cross."
        )
    return "The data do not contradict proportional hazards, so that one ratio can stand for all days."


def _times(ratio: Interval) -> str:
    return f"{ratio.value:.2f} times as often ({ratio.low:.2f} to {ratio.high:.2f})"


def quality(found: Quality, label: str) -> str:
    """The four verdicts in one clause each."""
    by_verdict: dict[Verdict, list[str]] = {}
    for one in found.criteria:
        by_verdict.setdefault(one.verdict, []).append(one.label.lower())
    told = [f"{verdict} in {listed(by_verdict[verdict])}" for verdict in _ORDER if verdict in by_verdict]
    unknown = by_verdict.get("unknown", [])
    if not told:
        return f"How good a measure {label} is cannot be told yet"
    sentence = f"As a measure, {label} is {listed(told)}"
    if unknown:
        return f"{sentence}; its {listed(unknown)} {'is' if len(unknown) == 1 else 'are'} not known"
    return sentence


_ORDER: tuple[Verdict, ...] = ("low", "fair", "good")


def scales(found: list[Scale]) -> str:
    """What is low is said first, with its alpha."""
    low = [one for one in found if one.verdict == "low"]
    if low:
        told = [f"“{one.label}” (alpha {interval(one.alpha)})" for one in low]
        return f"Items hang together poorly in {listed(told)}"
    if len(found) == 1:
        how = "hang together" if found[0].verdict == "good" else "hang together fairly"
        return f"The items of “{found[0].label}” {how}: alpha {interval(found[0].alpha)}"
    values = sorted(one.alpha.value for one in found)
    how = "hang together" if all(one.verdict == "good" for one in found) else "hang together at least fairly"
    which = "both" if len(found) == 2 else f"all {len(found)}"
    return f"The items of {which} scales {how}: alpha {two(values[0])} to {two(values[-1])}"


def interval(found: Interval) -> str:
    """ ".47 (.41 to .52)"."""
    return f"{two(found.value)} ({two(found.low)} to {two(found.high)})"


def two(value: float) -> str:
    """Two decimals of a figure that lies between −1 and 1, as ".47" or "−.05"."""
    text = f"{abs(value):.2f}".removeprefix("0")
    return f"−{text}" if value < 0 and float(f"{value:.2f}") != 0 else text


def listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
