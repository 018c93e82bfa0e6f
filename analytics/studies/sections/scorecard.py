"""The measure itself by Hayes' four criteria: definition, reliability, validity, usefulness.

The criteria are Bob E. Hayes'; what makes each good, fair or low is stated beside it and is ours. A verdict never says
more than its figure: what was not measured, or not well enough to tell, is unknown.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from analytics.frames import attitudes
from analytics.frames.item import Item
from analytics.stats import association as correlations
from analytics.stats import reliability
from analytics.studies.interval import Interval
from feedback import scoring

from .associations import Associations, Pair
from .quality import Criterion, Quality, Scale, Units, Verdict
from .rated import items_of, own_of
from .sentences import interval, two

#: Alpha, and ICC(2): good from the first, fair from the second (Nunnally & Bernstein 1994).
GOOD, FAIR = 0.80, 0.70
ALPHA = 0.05
#: One answer that so many give leaves less, or little, to tell customers apart by.
ONE_ANSWER, NEARLY_ALL = 0.5, 0.8
#: An association is called absent only where its interval leaves no room for more than a small one (Cohen 1988).
SMALL = 0.1


def quality(
    frame: pd.DataFrame,
    items: pd.DataFrame | None,
    settings: Any,
    associations: Associations | None,
    progress: Callable[[float, str], None],
) -> Quality:
    """See `analytics.studies.sections.quality.compute`."""
    progress(0.0, "Judging the measure")
    table = items if items is not None else pd.DataFrame({"value": [], "touchpoint": []})
    scales, left_out = _scales(table, settings)
    units = _units(table, settings)
    own = own_of(table)
    own_scale = next((one for one in scales if own is not None and one.name == own.scale), None)
    criteria = [
        _definition(settings.predictor, own),
        _reliability(own_scale, units),
        _validity(frame, settings, associations),
        _usefulness(frame, settings),
    ]
    return Quality(criteria, scales, units, left_out)


def _scales(table: pd.DataFrame, settings: Any) -> tuple[list[Scale], dict[str, str]]:
    """Every matrix of at least two items, the attitude's own with the attitude among its items."""
    own = own_of(table)
    members = items_of(table)
    if own is not None:
        members = [
            Item("value", own.metric, own.label, own.scale, own.scale_label, own.low, own.high),
            *members,
        ]
    by_scale: dict[str, list[Item]] = {}
    for item in members:
        if item.scale:
            by_scale.setdefault(item.scale, []).append(item)
    found, left_out = [], {}
    for name, parts in by_scale.items():
        label = parts[0].scale_label or name
        answers = table[[item.column for item in parts]].to_numpy(dtype=np.float64)
        n = int((~np.isnan(answers).any(axis=1)).sum())
        if len(parts) < 2:
            left_out[label] = "a single item, which has no alpha"
        elif n < settings.minimum_n:
            left_out[label] = f"{n:,} complete answers, and this study asks for {settings.minimum_n:,}"
        else:
            try:
                alpha = reliability.cronbach_alpha(answers, level=settings.level)
            except ValueError:
                left_out[label] = "everybody’s sum is the same"
                continue
            found_alpha = Interval(alpha.value, alpha.low, alpha.high)
            labels = [item.label for item in parts]
            found.append(Scale(name, label, labels, int(alpha.n), found_alpha, _verdict(alpha.value)))
    return found, left_out


def _verdict(value: float) -> Verdict:
    return "good" if value >= GOOD else "fair" if value >= FAIR else "low"


def _units(table: pd.DataFrame, settings: Any) -> Units | None:
    """Touchpoints with the minimum of answers; None where fewer than two have it."""
    codes, names = pd.factorize(table["touchpoint"])
    sizes = np.bincount(codes[codes >= 0], minlength=len(names))
    enough = (sizes >= settings.minimum_n) & np.array([name != "" for name in names], dtype=bool)
    if enough.sum() < 2:
        return None
    rows = (codes >= 0) & enough[codes]
    try:
        found = reliability.intraclass(table["value"].to_numpy(dtype=np.float64)[rows], codes[rows])
    except ValueError:
        return None
    return Units(found.icc1, found.icc2, found.groups, found.n, found.p)


def _definition(predictor: str, own: Item | None) -> Criterion:
    family = scoring.family(predictor)
    words = f"One definition for every page, export and run: {family.definition} {family.who_counts}"
    if own is None:
        words += " Its question’s wording is in no survey that is kept here."
    else:
        words += f" Asked as “{own.label}”, {own.low:g} to {own.high:g}."
    return Criterion("definition", "Definition", "fair" if own is None else "good", words)


def _reliability(scale: Scale | None, units: Units | None) -> Criterion:
    """By alpha where the attitude is part of a scale. A single question has none: how reliably it tells touchpoints
    apart can speak for it, and not against it, since touchpoints may be alike."""
    if scale is not None:
        how = {"good": "hang together well", "fair": "hang together fairly", "low": "hang together poorly"}
        words = (
            f"The {len(scale.items)} items of “{scale.label}” {how[scale.verdict]}: alpha "
            f"{interval(scale.alpha)}, n {scale.n:,}."
        )
        return Criterion("reliability", "Reliability", scale.verdict, words)
    single = "A single question, so there is no alpha."
    if units is None:
        return Criterion("reliability", "Reliability", "unknown", single)
    told = f"ICC(2) is {two(units.icc2)} over {units.groups} touchpoints, n {units.n:,}"
    if units.icc2 >= FAIR:
        words = f"{single} {told}: their means are told apart reliably."
        return Criterion("reliability", "Reliability", _verdict(units.icc2), words)
    words = f"{single} {told}: their means are not told apart reliably, or hardly differ."
    return Criterion("reliability", "Reliability", "unknown", words)


def _validity(frame: pd.DataFrame, settings: Any, associations: Associations | None) -> Criterion:
    """Good where an association with what customers did afterwards stands."""
    pairs = [
        pair
        for pair in (associations.pairs if associations is not None else [])
        if pair.attitude == settings.predictor and pair.partial is not None
    ]
    if not pairs:
        return _criterion_validity(frame, settings)
    stands = [pair for pair in pairs if pair.reading == "stands"]
    clear = [pair for pair in pairs if pair.reading not in ("stands", "noise", "insufficient_evidence")]
    if stands:
        words = f"Goes with {_outcomes(stands)} afterwards, more than before: {_strongest(stands)}."
        return Criterion("validity", "Validity", "good", words)
    if clear:
        words = (
            f"Goes with {_outcomes(clear)} afterwards, but not more than its placebo shows before, or without "
            f"one: {_strongest(clear)}."
        )
        return Criterion("validity", "Validity", "fair", words)
    which = (
        f"any of the {len(pairs)} outcomes looked at; largest" if len(pairs) > 1 else "the outcome looked at"
    )
    told = f"No clear association with {which}: {_strongest(pairs)}."
    return _absent(told, [pair.partial for pair in pairs if pair.partial])


def _absent(told: str, intervals: list[Interval]) -> Criterion:
    room = max(max(abs(one.low), abs(one.high)) for one in intervals)
    if room <= SMALL:
        return Criterion("validity", "Validity", "low", told)
    words = f"{told} One of up to {two(room)} cannot be ruled out by these data."
    return Criterion("validity", "Validity", "unknown", words)


def _criterion_validity(frame: pd.DataFrame, settings: Any) -> Criterion:
    """By the study's own outcome alone, as observed, which no placebo checks: never better than fair."""
    unknown = Criterion("validity", "Validity", "unknown", "Too few customers were followed to tell.")
    complete = frame[["value", "outcome"]].dropna()
    if len(complete) < settings.minimum_n:
        return unknown
    try:
        found = correlations.correlate(complete["value"], complete["outcome"], level=settings.level)
    except ValueError:
        return unknown
    seen = Interval(found.coefficient, found.low, found.high)
    told = f"ρ = {interval(seen)}, n {found.n:,}, not adjusted"
    if found.p < ALPHA:
        return Criterion("validity", "Validity", "fair", f"Goes with the outcome afterwards: {told}.")
    return _absent(f"No clear association with the outcome: {told}.", [seen])


def _usefulness(frame: pd.DataFrame, settings: Any) -> Criterion:
    """Whether answers differ enough, and are many enough, to act on the difference between bands."""
    attitude = attitudes.attitude(settings.predictor)
    values = frame["value"].dropna()
    if not len(values):
        return Criterion("usefulness", "Usefulness", "unknown", "Nobody was followed yet.")
    counts = frame["band"].value_counts()
    sizes = [int(counts.get(key, 0)) for key in attitude.bands]
    common = values.value_counts()
    most, share = float(common.index[0]), float(common.iloc[0]) / len(values)
    spread = f"The commonest answer, {most:g}, is {100 * share:.0f}% of {len(values):,}."
    short = [f"{n:,} {noun}" for n, noun in zip(sizes, attitude.nouns, strict=True) if n < settings.minimum_n]
    if short:
        words = f"Bands cannot be compared yet: {' and '.join(short)}. {spread}"
        return Criterion("usefulness", "Usefulness", "unknown", words)
    words = f"Every band has {min(sizes):,} customers or more, so that they can be compared. {spread}"
    verdict: Verdict = "low" if share >= NEARLY_ALL else "fair" if share >= ONE_ANSWER else "good"
    return Criterion("usefulness", "Usefulness", verdict, words)


def _outcomes(pairs: list[Pair]) -> str:
    labels = [pair.outcome_label.lower() for pair in pairs]
    return labels[0] if len(labels) == 1 else f"{', '.join(labels[:-1])} and {labels[-1]}"


def _strongest(pairs: list[Pair]) -> str:
    found = max(pairs, key=lambda pair: abs(pair.partial.value) if pair.partial else 0.0)
    assert found.partial is not None
    return f"{found.outcome_label.lower()}, partial ρ = {interval(found.partial)}, n {found.n:,}"
