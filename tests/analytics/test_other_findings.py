"""Sentences of operational and constituency results agree with their numbers and are never stronger than they are."""

import json
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from analytics.frames.measures import KNOWN
from analytics.studies import readings, told, units
from analytics.studies.constituency import compute as teams
from analytics.studies.constituency import findings as of_teams
from analytics.studies.constituency import results as team_results
from analytics.studies.operational import compute as contacts
from analytics.studies.operational import findings as of_contacts
from analytics.studies.operational import results as contact_results
from analytics.studies.operational.thresholds import say, sides
from analytics.studies.results import Interval
from tests.analytics.contacts import frame as contact_frame
from tests.analytics.contacts import settings as contact_settings
from tests.analytics.teams import frame as team_frame
from tests.analytics.teams import settings as team_settings
from tests.analytics.test_findings import FORBIDDEN

CONTACTS = contacts.compute(contact_frame(effect=-1.0), contact_settings())
TEAMS = teams.compute(team_frame(effect=0.1), team_settings())
SCALE = {"share": 0.1, "points": 15.0, "scale": 0.5}
OUTCOMES = {"share": ("csat", "CSAT"), "points": ("nps", "NPS"), "scale": ("ces", "CES")}


@st.composite
def intervals(draw: st.DrawFn, scale: float) -> tuple[Interval, float]:
    """A normal interval with its p."""
    value = draw(st.floats(-3, 3)) * scale
    se = draw(st.floats(0.02, 2)) * scale
    p = float(2 * special.ndtr(-abs(value / se)))
    return Interval(value, value - 1.96 * se, value + 1.96 * se), p


@st.composite
def read(draw: st.DrawFn, unit: str) -> dict[str, Any]:
    """A link with its placebo and the reading that follows from them."""
    after, p = draw(intervals(SCALE[unit]))
    both, before, before_p = None, None, None
    sign = 1.0 if after.value >= 0 else -1.0
    if draw(st.booleans()):
        before, before_p = draw(intervals(SCALE[unit]))
        both = readings.Beside(*(draw(intervals(0.3))[0] for _ in range(3)))
    return {
        "after": after,
        "p": p,
        "q": p,
        "reading": readings.read(p, sign, both),
        "before": before,
        "before_p": before_p,
        "link_sd": both and both.link,
        "placebo_sd": both and both.placebo,
        "difference_sd": both and both.difference,
    }


@st.composite
def contact_results_(draw: st.DrawFn) -> contact_results.Result:
    unit = draw(st.sampled_from(sorted(SCALE)))
    measure = draw(st.sampled_from(sorted(KNOWN.values(), key=lambda one: one.key)))
    threshold = draw(st.sampled_from([0.0, 1.0, 2.0, 240.0]))
    above, below = sides(measure, threshold)
    found = draw(read(unit))
    assert CONTACTS.contrast is not None
    shown = Interval(0.4, 0.3, 0.5)
    contrast = replace(
        CONTACTS.contrast,
        threshold=threshold,
        threshold_words=say(threshold, measure.unit),
        how=draw(st.sampled_from(["declared", "searched"])),
        above=replace(CONTACTS.contrast.above, words=above, adjusted=shown),
        below=replace(CONTACTS.contrast.below, words=below, adjusted=replace(shown, value=0.35)),
        **found,
    )
    name, label = OUTCOMES[unit]
    facts = replace(
        CONTACTS.facts,
        predictor_label=measure.label,
        plural=measure.plural,
        measure_unit=measure.unit,
        outcome=name,
        outcome_label=label,
        unit=unit,
        verb="were satisfied" if name == "csat" else "",
        controls=CONTACTS.facts.controls[: draw(st.integers(0, 4))],
    )
    why = {} if found["before"] else {"placebo": "History is too short."}
    return replace(CONTACTS, facts=facts, contrast=contrast, reading=found["reading"], why=why)


@st.composite
def team_results_(draw: st.DrawFn) -> team_results.Result:
    unit = draw(st.sampled_from(sorted(SCALE)))
    found = draw(read(unit))
    assert TEAMS.slope is not None
    name, label = OUTCOMES[unit]
    facts = replace(
        TEAMS.facts,
        outcome=name,
        outcome_label=label,
        unit=unit,
        units=draw(st.sampled_from([1, 10, 21])),
        period=draw(st.sampled_from(["month", "quarter"])),
    )
    why = {} if found["before"] else {"placebo": "History is too short."}
    return replace(TEAMS, facts=facts, slope=replace(TEAMS.slope, **found), reading=found["reading"], why=why)


def sentences(found: told.Findings) -> list[str]:
    return [
        found.lede,
        found.then,
        found.short,
        found.foot,
        found.title,
        *(one.words for one in found.checks),
    ]


def agrees(reading: str, found: told.Findings) -> None:
    """What holds for both kinds."""
    texts = sentences(found)
    assert all(text.strip() for text in texts)
    for text in texts:
        assert not FORBIDDEN.search(text), text
        assert "  " not in text
        assert ".." not in text
        assert text[0].upper() == text[0] or text.startswith("n ")
    for text in (found.lede, found.then, found.short, found.foot):
        assert text.endswith(".")
    words = f"{found.lede} {found.short}".lower()
    assert ("no clear" in words) == (reading == "noise")
    assert ("matched by its placebo" in words) == (reading == "matched_by_placebo")
    assert ("uncertain" in found.lede) or reading != "not_separable_from_placebo"
    assert found.worth == ""
    assert "ssociation" in found.foot + found.then
    placebo = next(one for one in found.checks if one.name == "Placebo")
    if reading in ("matched_by_placebo", "not_separable_from_placebo"):
        assert placebo.state == "caution"
    if placebo.state == "passed":
        assert reading == "stands"
    assert told.Findings.of(json.loads(json.dumps(found.to_json()))) == found


@settings(deadline=None)  # a loaded machine is no fault
@given(contact_results_())
def test_sentences_about_contacts_agree_with_their_numbers(result: contact_results.Result) -> None:
    found = of_contacts.write(result)
    agrees(result.reading, found)
    assert result.contrast is not None
    if result.reading != "noise":
        assert found.lede.startswith(f"After {result.contrast.above.words}, ")
        assert f"; after {result.contrast.below.words}, " in found.lede
    if result.contrast.how == "searched" and result.reading != "noise":
        assert "corrected for that choice" in found.then


@settings(deadline=None)
@given(team_results_())
def test_sentences_about_teams_agree_with_their_numbers(result: team_results.Result) -> None:
    found = of_teams.write(result)
    agrees(result.reading, found)
    assert result.slope is not None
    if result.reading != "noise":
        assert "tend to have" in found.lede
        up = any(word in found.lede for word in ("more satisfied", "a higher", "find it easier"))
        assert up == (result.slope.after.value > 0)
    doubt = result.slope.after.high - result.slope.after.low > abs(result.slope.after.value)
    if result.reading == "stands":
        assert ("how much is uncertain" in found.short) == doubt


def test_a_wait_is_told_as_in_the_mock() -> None:
    assert CONTACTS.contrast is not None
    above, below = (
        replace(side, adjusted=Interval(value, value - 0.04, value + 0.04), n=n)
        for side, value, n in (
            (CONTACTS.contrast.above, 0.67, 612),
            (CONTACTS.contrast.below, 0.84, 1_261),
        )
    )
    result = replace(
        CONTACTS,
        reading="stands",
        contrast=replace(
            CONTACTS.contrast, above=above, below=below, before=Interval(-0.02, -0.07, 0.03), reading="stands"
        ),
    )
    found = of_contacts.write(result)
    assert found.short == "After waits over 4 minutes, 67% were satisfied; after shorter ones, 84%."
    assert found.foot == (
        "n 612 and 1,261 contacts. The customer’s earlier CSAT, the placebo, shows no clear difference. "
        "Association, not proof."
    )


def test_numbers_have_no_decimals_that_their_interval_does_not_support() -> None:
    assert units.full(Interval(-0.17, -0.21, -0.13), "share") == "−17 points (−21 to −13)"
    assert units.full(Interval(0.784, 0.765, 0.803), "share") == "+78.4 points (+76.5 to +80.3)"
    assert units.full(Interval(5.0, -1.0, 11.0), "points", bare=True) == "+5 points, −1 to +11"
    assert units.signed(-0.001, 0.5, "scale") == "0.0"
    assert units.amount(0.67, 0.04, "share") == "67"
    assert units.plural(1, "agent") == "1 agent"
