"""Sentences agree with their numbers and are never stronger than they are."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from analytics.studies import findings, words
from analytics.studies.compute import compute
from analytics.studies.interval import READINGS
from analytics.studies.readings import CONTRASTS, Beside, read
from analytics.studies.results import (
    BandRow,
    Contrast,
    ControlUse,
    Facts,
    Interval,
    Panel,
    Result,
    Shortfall,
    Worth,
)
from analytics.studies.sections.associations import Associations, Pair
from analytics.studies.sections.nonresponse import Gap, NonResponse, Stage, Weighted, Weights
from dashboards.linkage import figures
from tests.analytics.frames import frame, settings

NOUNS = ("promoters", "passives", "detractors")
FORBIDDEN = re.compile(
    r"\b(drive[sn]?|driving|lead(s|ing)? to|led to|thanks to|because|cause[sd]?|causing|due to|effect|affect\w*|"
    r"impact\w*|results? in|resulted|make[sd]? them|prove[sn]?|proves|therefore|improve[sd]?)\b|!",
    re.IGNORECASE,
)
UNITS = {
    "revenue": "money",
    "net_revenue": "money",
    "orders": "count",
    "refunds": "count",
    "repurchased": "share",
    "contacts": "count",
    "complaints": "count",
}


@st.composite
def interval(draw: st.DrawFn, scale: float) -> tuple[Interval, float]:
    """A normal interval with its p."""
    value = draw(st.floats(-3, 3)) * scale
    se = draw(st.floats(0.02, 2)) * scale
    p = float(2 * special.ndtr(-abs(value / se)))
    return Interval(value, value - 1.96 * se, value + 1.96 * se), p


@st.composite
def results(draw: st.DrawFn) -> Result:
    outcome = draw(st.sampled_from(sorted(UNITS)))
    unit = UNITS[outcome]
    scale = draw(st.sampled_from([0.02, 0.3] if unit == "share" else [0.05, 1.0, 30.0, 4000.0]))
    currency = draw(st.sampled_from(["EUR", "USD", "CHF"])) if unit == "money" else None
    has_placebo = draw(st.booleans())
    contrasts = []
    for name, first, second in CONTRASTS:
        after, p = draw(interval(scale))
        q = min(1.0, p * draw(st.floats(1, 3)))
        sign = 1.0 if after.value >= 0 else -1.0
        before, both = None, None
        if has_placebo:
            before, _ = draw(interval(scale))
            link, placebo = (
                Interval(one.value / scale, one.low / scale, one.high / scale) for one in (after, before)
            )
            both = Beside(link, placebo, draw(interval(1.0))[0])
        contrasts.append(
            Contrast(
                name=name,
                first=NOUNS[first][:-1],
                second=NOUNS[second][:-1],
                first_noun=NOUNS[first],
                second_noun=NOUNS[second],
                after=after,
                p=p,
                q=q,
                reading=read(q, sign, both),
                before=before,
                link_sd=both.link if both else None,
                placebo_sd=both.placebo if both else None,
                difference_sd=both.difference if both else None,
            )
        )
    rows = [BandRow(noun[:-1], noun, draw(st.integers(30, 5000)), 1.0, 1.0, 0.5, 1.5) for noun in NOUNS]
    short = draw(st.booleans()) and draw(st.booleans())
    worth = None
    if not short and contrasts[2].reading == "stands":
        gain = contrasts[2].after
        each = Interval(-gain.value, -gain.high, -gain.low)
        total = Interval(*(78.3 * end for end in (each.value, each.low, each.high)))
        worth = Worth(0.1, 78.3, each, total, unit, currency)
    controls = draw(st.lists(st.sampled_from(["revenue", "orders", "tenure_days", "segment"]), unique=True))
    return Result(
        facts=Facts(
            predictor="nps",
            predictor_label="NPS",
            outcome=outcome,
            outcome_label=outcome,
            unit=unit,
            currency=currency,
            direction=1,
            model="poisson",
            horizon_days=draw(st.sampled_from([1, 30, 90])),
            lookback_days=90,
            customers=900,
            first_answer=None,
            last_answer=None,
            as_of="2026-11-01T00:00:00+00:00",
            tests=3,
            declared=0,
            minimum_n=30,
            level=0.95,
            draws=400,
            seed=1,
            lookback_uncovered=draw(st.sampled_from([0, 12])),
            placebo_customers=900,
            controls=[
                ControlUse(name, name, used, "" if used else "the same for everybody")
                for name in controls
                for used in [draw(st.booleans())]
            ],
        ),
        reading="insufficient_evidence" if short else contrasts[0].reading,
        after=Panel(900, rows, None),
        contrasts=[] if short else contrasts,
        worth=worth,
        shortfalls=[
            Shortfall("detractor", "detractors", 14, 30, 16, draw(st.sampled_from([None, 0, 80, 900])))
        ]
        if short
        else [],
        why={} if has_placebo else {"placebo": "History is too short."},
    )


def sentences(result: Result) -> list[str]:
    told = findings.write(result)
    return [
        told.lede,
        told.then,
        told.short,
        told.foot,
        told.bands_title,
        told.worth,
        *(check.words for check in told.checks),
    ]


@given(results())
def test_no_word_says_that_an_answer_did_anything(result: Result) -> None:
    for sentence in sentences(result):
        assert not FORBIDDEN.search(sentence), sentence
        assert "None" not in sentence
        assert "nan" not in sentence.split()
        assert "  " not in sentence
        assert ",," not in sentence
        assert ",." not in sentence


MORE, LESS = r"\b(more)\b", r"\b(less|fewer)\b"


@given(results())
def test_more_and_less_are_the_signs_of_the_numbers(result: Result) -> None:
    told = findings.write(result)
    for sentence in (told.lede, told.short):
        if "went on to" not in sentence:
            continue
        clause = sentence.split(" than ")[0]
        who, against = clause.split(" went on to ")[0].lower(), sentence.split(" than ")[1]
        other = next(noun for noun in NOUNS if against.startswith(noun))
        [contrast] = [one for one in result.contrasts if (one.first_noun, one.second_noun) == (who, other)]
        assert findings.is_clear(contrast)
        assert bool(re.search(MORE, clause)) == (contrast.after.value > 0)
        assert bool(re.search(LESS, clause)) == (contrast.after.value < 0)
    second = re.search(r", and detractors (.*?)[,.](?: |$)", told.lede)
    if second:
        low = result.contrasts[2]
        assert low.reading == "stands"
        assert bool(re.search(MORE, second[1])) == (low.after.value > 0)


@given(results())
def test_sentence_and_picture_speak_about_one_contrast(result: Result) -> None:
    told = findings.shown(result)
    drawn = figures.whisker(json.loads(json.dumps(result.to_json())))
    if not result.contrasts:
        assert told is None
        assert drawn is None
        return
    assert told is not None
    assert drawn is not None
    assert drawn.link.value == pytest.approx(told.after.value)
    assert (drawn.placebo is None) == (told.before is None)
    if result.reading == "stands":
        assert told.reading == "stands"
    for sentence in (findings.lede(result), findings.short(result)):
        if "went on to" in sentence:
            assert sentence.startswith(words.cap(told.first_noun))
            assert f"than {told.second_noun}" in sentence


@pytest.mark.parametrize(
    ("reading", "q", "clause"),
    [
        ("noise", 0.4, "; detractors and passives show no clear difference."),
        (
            "matched_by_placebo",
            0.01,
            "; the difference between detractors and passives does not stand: it is matched by its placebo.",
        ),
        (
            "not_separable_from_placebo",
            0.01,
            "; the difference between detractors and passives does not stand: it is not separable from its "
            "placebo.",
        ),
    ],
)
def test_a_side_that_does_not_stand_is_not_told_as_a_difference(reading: Any, q: float, clause: str) -> None:
    whole = mocked()
    low = replace(whole.contrasts[2], reading=reading, q=q)
    result = replace(whole, contrasts=[*whole.contrasts[:2], low])
    assert findings.lede(result) == (
        "Promoters went on to spend €31 more than passives in 90 days, at the same earlier spend, orders, tenure "
        f"and segment{clause}"
    )
    other = replace(whole.contrasts[1], reading=reading, q=q)
    swapped = findings.shown(replace(whole, contrasts=[whole.contrasts[0], other, whole.contrasts[2]]))
    assert swapped is not None
    assert swapped.name == "lowest_middle"


@given(results())
def test_what_crosses_zero_has_no_clear_difference(result: Result) -> None:
    told = findings.write(result)
    if result.reading == "insufficient_evidence":
        assert not re.search(f"{MORE}|{LESS}|differ", told.lede)
        assert told.checks == []
        return
    ends = result.contrasts[0]
    if ends.after.low <= 0 <= ends.after.high:
        assert "o clear difference" in told.lede
        assert "o clear difference" in told.short
        assert "went on to" not in told.lede + told.short
    else:
        assert not told.lede.startswith("No clear difference") or ends.q >= 0.05


@given(results())
def test_worth_is_conditional_and_only_of_what_stands(result: Result) -> None:
    told = findings.write(result)
    if result.worth is None:
        assert told.worth == ""
        assert "one in ten" not in told.foot
        return
    assert result.contrasts[2].reading == "stands"
    for sentence in (told.worth, told.foot):
        assert "If one in ten detractors answered as passives do" in sentence
        assert "Association, not proof" in sentence
    stated = told.worth.split("(")[0]
    assert bool(re.search(MORE, stated)) == (result.worth.total.value > 0)


@given(results())
def test_readings_are_called_by_their_names(result: Result) -> None:
    told = findings.write(result)
    if result.reading == "matched_by_placebo":
        assert "matched by its placebo" in told.lede
        assert "matched by its placebo" in told.short
        assert "selection" in told.then
    if result.reading == "not_separable_from_placebo":
        assert "uncertain" in told.lede
        assert "too little data" in told.then
    if result.reading in ("stands", "no_placebo_possible"):
        assert "It remains an association" in told.then
    states = {check.name: check.state for check in told.checks}
    if result.reading == "stands":
        assert states["Placebo"] == "passed"
    elif result.reading != "insufficient_evidence":
        assert states["Placebo"] != "passed"


@given(results())
def test_what_is_stored_tells_the_same(result: Result) -> None:
    stored = json.loads(json.dumps(result.to_json(), allow_nan=False))
    stored["findings"] = {"lede": "another version's words"}
    assert findings.write(stored).then == findings.write(Result.of(stored)).then
    assert findings.lede(stored) == findings.lede(Result.of(stored))


def contrast(name: str, first: str, second: str, after: Interval, before: Interval, q: float = 0.001) -> Any:
    wide = Interval(0.2, 0.1, 0.3)
    return Contrast(name, first, second, first, second, after, q, q, "stands", before, 0.5, wide, wide, wide)


def mocked() -> Result:
    """The figures of look/linkage.html."""
    high = contrast("highest_middle", "promoters", "passives", Interval(31, 13, 49), Interval(6, -10, 22))
    low = contrast("lowest_middle", "detractors", "passives", Interval(-27, -47, -7), Interval(-5, -24, 14))
    ends = contrast("highest_lowest", "promoters", "detractors", Interval(58, 38, 78), Interval(11, -8, 30))
    rows = [
        BandRow(noun[:-1], noun, n, 1.0, 1.0, 0.5, 1.5)
        for noun, n in zip(NOUNS, (1104, 733, 521), strict=True)
    ]
    result = compute(frame(300), settings(minimum_n=10_000))
    facts = Result.of(result.to_json()).facts
    controls = [ControlUse(name, name, True, "") for name in ("revenue", "orders", "tenure_days", "segment")]
    fields = {name: getattr(facts, name) for name in facts.__dataclass_fields__}
    return Result(
        facts=Facts(
            **{**fields, "controls": controls, "customers": 2358, "minimum_n": 30, "lookback_uncovered": 0}
        ),
        reading="stands",
        after=Panel(2358, rows, None),
        contrasts=[ends, high, low],
        worth=Worth(0.1, 783, Interval(27, 7, 47), Interval(21_141, 5_000, 37_000), "money", "EUR"),
    )


def test_the_mocks_sentences() -> None:
    told = findings.write(mocked())
    assert told.lede == (
        "Promoters went on to spend €31 more than passives in 90 days, and detractors €27 less, "
        "at the same earlier spend, orders, tenure and segment."
    )
    assert told.then == (
        "Drawn backwards, the same comparison shows no clear difference (+€6, −€10 to +€22), so earlier spending "
        "alone is an unlikely explanation. It remains an association: customers did not come to their band at "
        "random."
    )
    assert told.short == "Promoters went on to spend €31 more than passives with the same history."
    assert told.foot == (
        "n 2,358 customers. If one in ten detractors answered as passives do: €21k more (€5k to €37k). "
        "Association, not proof."
    )
    assert [check.words for check in told.checks] == [
        "Promoters +€6 (−€10 to +€22), detractors −€5 (−€24 to +€14) against passives before the answer.",
        "Smallest band 521 (detractors); this study asks for 30.",
    ]


def test_too_few_answers_say_what_would_suffice() -> None:
    data = frame(300)
    few = data[data["band"] == "detractor"].index[14:]
    told = findings.write(compute(data.drop(index=few), settings()))
    assert told.lede == "Too few answers to tell: 14 detractors, and this study asks for 30 in each band."
    assert told.then.startswith(
        "What would suffice: 16 more detractors who have been followed for 90 days. At the pace of these answers "
        "that takes about "
    )


@pytest.mark.parametrize(
    ("value", "reach", "unit", "currency", "expected"),
    [
        (31.4, 18, "money", "EUR", "€31"),
        (-0.1234, 0.052, "count", None, "0.123"),
        (0.0521, 0.02, "share", None, "5.2 points"),
        (21_141, 16_000, "money", "CHF", "CHF\u202f21k"),
        (2.5, 0.4, "money", "USD", "$2.50"),
        (1_234.5, 200, "money", "EUR", "€1,234"),
    ],
)
def test_no_decimals_that_the_interval_does_not_support(
    value: float, reach: float, unit: str, currency: str | None, expected: str
) -> None:
    assert words.amount(value, reach, unit, currency) == expected


def pair(reading: str, value: float, *, declared: bool = False, attitude: str = "NPS") -> Pair:
    q = None if reading == "insufficient_evidence" else 0.01
    partial = Interval(value, value - 0.05, value + 0.05) if q else None
    return Pair(
        attitude.lower(), attitude, "orders", "Orders", 900, reading, declared, partial, partial, q, q
    )  # type: ignore[arg-type]


FACTS = compute(frame(300), settings()).facts
READING_NAMES = st.sampled_from(sorted(READINGS))


@given(st.lists(st.tuples(READING_NAMES, st.floats(-0.9, 0.9), st.booleans()), max_size=8))
def test_associations_are_called_associations_and_never_more_than_stand(
    drawn: list[tuple[str, float, bool]],
) -> None:
    found = Associations([pair(one, value, declared=own) for one, value, own in drawn], len(drawn), 0)
    told = findings.associations(found)
    assert not FORBIDDEN.search(told.replace("not proof", ""))
    standing = [value for one, value, _ in drawn if one == "stands"]
    assert ("association that stands" in told) == bool(standing)
    if standing:
        assert "not proof" in told
        top = max(standing, key=abs)
        assert f"{abs(top):.2f}".removeprefix("0") in told
    for one, _, own in drawn:
        if own:
            assert "Declared beforehand: NPS → Orders" in told or one == "insufficient_evidence"


def test_the_association_sentence_reads_well() -> None:
    found = Associations(
        [
            pair("stands", 0.214, declared=True),
            pair("stands", -0.31, attitude="CES"),
            pair("matched_by_placebo", 0.1, attitude="CSAT"),
            pair("noise", 0.01, attitude="Staff"),
        ],
        7,
        1,
        untested=["Loyalty → Orders"],
    )
    assert findings.associations(found) == (
        "The strongest association that stands is that of CES and later orders: ρ −.31 (−.36 to −.26). An "
        "association in rank order at the same controls, not proof. 1 shows before the answer too, so that selection "
        "is the likelier story behind it. Declared beforehand: NPS → Orders stands. Declared beforehand and not "
        "tested: Loyalty → Orders."
    )


@given(st.lists(interval(30.0), min_size=4, max_size=4), st.booleans(), interval(10.0), interval(10.0))
def test_silence_is_told_as_clearly_as_it_is(
    drawn: list[tuple[Interval, float]],
    has_weights: bool,
    plain: tuple[Interval, float],
    weighted: tuple[Interval, float],
) -> None:
    names = ("revenue", "orders", "contacts", "tenure_days")
    gaps = [Gap(name, name, "count", one, p) for name, (one, p) in zip(names, drawn, strict=True)]
    stages = [Stage(key, key, n, 1.0, 1.0, 1.0, {}) for key, n in (("eligible", 900), ("followed", 300))]
    made = Weights(
        300, 1.0, 200.0, 0, 5.0, 5.0, 2.0, [],
        [Weighted("highest_lowest", "promoters", "detractors", plain[0], weighted[0])],
    )  # fmt: skip
    found = NonResponse(1000, {}, stages, gaps, made if has_weights else None)
    told = findings.gaps(found)
    assert ("more" in told or "less" in told or "longer" in told) == any(
        one.is_clear_of_zero for one, _ in drawn
    )
    assert not FORBIDDEN.search(told)
    assert findings.nonresponse(found) == "Of 900 eligible customers 300 (33%) answered and are followed."
    text = findings.weighted(made, FACTS)
    assert "promoters less detractors" in text
    assert not FORBIDDEN.search(text)


def test_worth_says_for_whom_it_speaks() -> None:
    result = compute(frame(1500, effect=0.5, selection=1.0), settings())
    assert result.worth is not None
    assert "eligible" not in findings.worth(result)
    for_all = replace(result, worth=replace(result.worth, eligible=4321))
    assert "of 4,321 eligible customers, weighted for those who did not answer" in findings.worth(for_all)


def test_an_outcome_of_some_customers_says_among_whom() -> None:
    result = compute(frame(900, effect=0.4, selection=1.0), settings())
    assert "among" not in findings.lede(result)
    some = replace(result, facts=replace(result.facts, among="customers who ordered"))
    assert findings.lede(some).endswith("tenure and segment, among customers who ordered.")
