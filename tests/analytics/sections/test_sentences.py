"""Titles in the numbers' own words: sizes with their doubt, and nothing that is stronger than they are."""

from dataclasses import replace
from typing import Any

import pytest

from analytics.studies import findings
from analytics.studies.compute import compute
from analytics.studies.interval import Interval
from analytics.studies.sections import sentences
from analytics.studies.sections.drivers import Driver, DriverMap
from analytics.studies.sections.quality import Criterion, Quality, Scale
from analytics.studies.sections.survival import BandCurve, Hazard, Step, Survival
from tests.analytics.frames import frame, settings
from tests.dashboards import results

I = Interval  # noqa: E741


def driver(label: str, share: float, best: float, reach: float = 0.02, **fields: Any) -> Driver:
    given = {
        "coefficient": I(0.4, 0.2, 0.6),
        "p": 0.002,
        "significant": True,
        "n": 900,
        "quadrant": "matters_badly" if share > 0.07 and best < 0.7 else "less_well",
        "clear": abs(share - 0.07) > reach,
        **fields,
    }
    return Driver(
        f"rating:{label}",
        label,
        I(share, share - reach, share + reach),
        performance=I(best, best - 0.02, best + 0.02),
        **given,  # type: ignore[arg-type]
    )


def driver_map(*drivers: Driver) -> DriverMap:
    return DriverMap(
        list(drivers), 950, 900, 50, r_squared=I(0.46, 0.42, 0.5), mean_importance=0.07, mean_performance=0.7
    )


DELIVERY, QUALITY = driver("Delivery", 0.12, 0.58), driver("Quality", 0.11, 0.84)
WAIT, STAFF = driver("Wait", 0.06, 0.61), driver("Staff", 0.01, 0.86, significant=False)


@pytest.mark.parametrize(
    ("items", "sentence"),
    [
        ([DELIVERY, QUALITY, STAFF], "Delivery matters and goes badly"),
        ([DELIVERY, QUALITY, WAIT], "Delivery matters and goes badly; whether Wait matters as much is open"),
        (
            [DELIVERY, replace(DELIVERY, label="Returns"), STAFF],
            "Delivery and Returns matter and go badly",
        ),
        ([QUALITY, WAIT, STAFF], "No item clearly matters more and goes worse than the others"),
        (
            [replace(DELIVERY, clear=False), STAFF],
            "No item clearly matters more and goes worse than the others",
        ),
    ],
    ids=["one", "one open", "two", "none", "not clear"],
)
def test_what_matters_and_goes_badly(items: list[Driver], sentence: str) -> None:
    assert sentences.drivers(driver_map(*items)) == sentence


def test_weak_items_keep_their_share_and_the_halo_is_told() -> None:
    told = sentences.drivers_then(driver_map(DELIVERY, QUALITY, STAFF), "NPS")
    assert told == (
        "Delivery has the largest share of what goes with NPS: .12 (.10 to .14) of R² .46 (.42 to .50). "
        "At the same other items, Staff: the coefficient is not clear of 0; the shares stand as estimated. "
        "Ratings given in the same moment share a halo: who is content rates everything higher."
    )
    many = [replace(STAFF, label=f"Staff {n}") for n in range(4)]
    assert "4 of the 5 items: the coefficients are not clear" in sentences.drivers_then(
        driver_map(DELIVERY, *many), "NPS"
    )


def curve(band: str, share: float, median: float | None) -> BandCurve:
    steps = [Step(0, 1.0, None, None), Step(60, share, share - 0.03, share + 0.03)]
    return BandCurve(band, f"{band}s", 300, 200, steps, [(0.0, 300)], median, None, None, 60.0)


def survival(*, ph: float = 0.3, **fields: Any) -> Survival:
    curves = [curve("promoter", 0.4, 41.0), curve("passive", 0.5, 60.0), curve("detractor", 0.6, None)]
    hazards = [
        Hazard("band_high", "Promoters", I(1.31, 1.12, 1.52), 0.0004, ph),
        Hazard("band_low", "Detractors", I(0.95, 0.8, 1.12), 0.5, 0.4),
    ]
    given = {
        "logrank_statistic": 12.0,
        "logrank_p": 0.001,
        "hazards": hazards,
        "ph_global_p": 0.4,
        "ph_violated": False,
    }
    return Survival(curves, **{**given, **fields})


def test_how_soon_is_told_by_medians_or_by_shares_and_only_where_bands_differ() -> None:
    assert sentences.survival(survival()) == (
        "How soon customers order again differs by band: after 60 days 40% of promoters, 50% of passives and 60% of "
        "detractors had not ordered again"
    )
    reached = [curve("promoter", 0.1, 20.0), curve("passive", 0.2, 30.0), curve("detractor", 0.3, 44.0)]
    assert sentences.survival(replace(survival(), curves=reached)) == (
        "How soon customers order again differs by band: half had ordered again after 20 days for promoters, 30 days "
        "for passives and 44 days for detractors"
    )
    alike = "How soon customers order again shows no clear difference between bands"
    assert sentences.survival(survival(logrank_p=0.05)) == alike
    assert sentences.survival(survival(logrank_p=None)) == "How soon customers order again, by band"
    assert "cancel differs by band" in sentences.survival(survival(outcome="days_to_cancellation"))
    assert "had not cancelled" in sentences.survival(survival(outcome="days_to_cancellation"))


def test_a_ratio_that_changes_is_said_and_none_is_told() -> None:
    found = survival(ph_violated=True, ph=0.01)
    assert sentences.hazards(found) == "The ratio changes over time: read the curves, not the ratio"
    assert "Proportional hazards do not hold" in sentences.hazards_then(found)
    assert "1.31" not in sentences.hazards(found) + sentences.hazards_then(found)


def test_ratios_of_controls_that_change_make_those_of_bands_averages() -> None:
    found = survival(ph_violated=True, ph=0.3)
    assert "1.31 times as often (1.12 to 1.52) on average" in sentences.hazards(found)
    assert sentences.hazards(found).endswith("; ratios of what is held fixed change over time")
    assert "any time" not in sentences.hazards(found)
    assert "averages over time" in sentences.hazards_then(found)


def test_a_constant_ratio_is_told_with_its_doubt() -> None:
    assert sentences.hazards(survival()) == (
        "At the same controls promoters order again sooner than passives, 1.31 times as often (1.12 to 1.52) at any "
        "time; detractors and passives show no clear difference, 0.95 times as often (0.80 to 1.12)"
    )
    assert "do not contradict" in sentences.hazards_then(survival())


def criteria(**verdicts: str) -> Quality:
    return Quality([Criterion(key, key.capitalize(), verdict, "") for key, verdict in verdicts.items()])  # type: ignore[arg-type]


def test_the_scorecard_says_what_is_low_first_and_what_is_not_known() -> None:
    found = criteria(definition="good", reliability="low", validity="fair", usefulness="unknown")
    assert sentences.quality(found, "NPS") == (
        "As a measure, NPS is low in reliability, fair in validity and good in definition; its usefulness is not known"
    )
    unknown = criteria(definition="unknown", reliability="unknown")
    assert sentences.quality(unknown, "NPS") == "How good a measure NPS is cannot be told yet"
    both = criteria(definition="good", reliability="unknown", validity="unknown")
    assert sentences.quality(both, "NPS").endswith("its reliability and validity are not known")


def scale(label: str, alpha: float) -> Scale:
    verdict = "good" if alpha >= 0.8 else "fair" if alpha >= 0.7 else "low"
    return Scale(label.lower(), label, ["a", "b"], 250, I(alpha, alpha - 0.05, alpha + 0.05), verdict)  # type: ignore[arg-type]


def test_a_low_alpha_is_in_the_title() -> None:
    assert sentences.scales([scale("Loyalty", 0.47), scale("Image", 0.85)]) == (
        "Items hang together poorly in “Loyalty” (alpha .47 (.42 to .52))"
    )
    assert (
        sentences.scales([scale("Image", 0.85)])
        == "The items of “Image” hang together: alpha .85 (.80 to .90)"
    )
    assert (
        sentences.scales([scale("Image", 0.75)])
        == "The items of “Image” hang together fairly: alpha .75 (.70 to .80)"
    )
    assert sentences.scales([scale("Image", 0.85), scale("Value", 0.9)]) == (
        "The items of both scales hang together: alpha .85 to .90"
    )


@pytest.mark.parametrize(("value", "text"), [(0.469, ".47"), (-0.05, "−.05"), (1.0, "1.00"), (-0.001, ".00")])
def test_figures_between_minus_one_and_one(value: float, text: str) -> None:
    assert sentences.two(value) == text


def test_no_sentence_says_that_an_answer_did_anything() -> None:
    told = [
        sentences.drivers(driver_map(DELIVERY, WAIT)),
        sentences.drivers_then(driver_map(DELIVERY, STAFF), "NPS"),
        *(sentences.survival(survival(logrank_p=p)) for p in (0.001, 0.5, None)),
        *(
            sentences.hazards(survival(ph_violated=violated, ph=ph))
            for violated in (True, False)
            for ph in (0.01, 0.3)
        ),
        *(sentences.hazards_then(survival(ph_violated=violated)) for violated in (True, False, None)),
        sentences.quality(criteria(definition="good", validity="low"), "NPS"),
        sentences.scales([scale("Loyalty", 0.47)]),
    ]
    for words in ("drive", "lead to", "leads to", "because", "cause", "effect", "thanks to", "proves", "!"):
        assert not [one for one in told if words in one.lower()], words


def test_a_run_stores_a_sentence_for_each_section() -> None:
    stored = {**compute(frame(600, effect=0.3), settings()).to_json(), **results.sections()}
    told = findings.write(stored).sections
    assert set(told) == {"associations", "drivers", "survival", "hazards", "nonresponse", "quality", "scales"}
    assert (
        told["drivers"]
        == "Delivery on time matters and goes badly; whether Wait time matters as much is open."
    )
    assert told["hazards"] == "The ratio changes over time: read the curves, not the ratio."
    assert told["scales"] == "Items hang together poorly in “Loyalty” (alpha .47 (.41 to .52))."
    assert all(words.endswith(".") and not words.endswith("..") for words in told.values())
    assert findings.write(compute(frame(600), settings())).sections == {}
    empty = {**stored["drivers"], "drivers": [], "why": "No items."}
    assert findings.write({**stored, "drivers": empty}).sections["drivers"] == "No items."
