"""Who answers: the ledger, the weights, and that weights repair what silence bends."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analytics.frames import parts
from analytics.frames.parts import Parts
from analytics.studies import nonresponse
from analytics.studies.compute import compute
from analytics.studies.link import Link
from analytics.studies.nonresponse import ledger, response, weights
from analytics.studies.nonresponse.section import Speaking
from analytics.studies.sections.nonresponse import NonResponse
from bench import planted
from tests.analytics.frames import settings

SETTINGS: dict[str, Any] = {"draws": 50, "minimum_n": 30}


def asked(*rows: tuple[Any, ...]) -> pd.DataFrame:
    """customer, followed, reason, sampled, delivered, answered, revenue; the rest is the same for all."""
    names = ["customer", "followed", "reason", "sampled", "delivered", "answered", "revenue"]
    table = pd.DataFrame(list(rows), columns=names)
    return table.assign(probability=0.5, tenure_days=10.0, segment="gold", orders=1.0, contacts=0.0)


def section(world: planted.Silence, **changes: Any) -> tuple[NonResponse, Speaking | None]:
    link = Link(world.frame, settings(**{**SETTINGS, **changes}), lambda share, words: None)
    return nonresponse.compute(world.asked, link)


def test_customers_come_as_far_as_on_any_occasion() -> None:
    table = asked(
        (0, 0, "quarantine", 0, 0, 0, 1.0),
        (0, 0, "", 0, 0, 0, 2.0),
        (0, 0, "", 1, 1, 1, 4.0),
        (1, -1, "", 1, 0, 0, 8.0),
        (2, -1, "", 1, 1, 1, 16.0),
        (3, -1, "opted_out", 0, 0, 0, 32.0),
        (4, 1, "", 0, 0, 0, 64.0),  # answered by a link of their own: followed, but by no occasion
    )
    stages = {one.key: one for one in ledger.stages(ledger.eligible(table))}
    counts = {key: one.customers for key, one in stages.items()}
    assert counts == {"eligible": 4, "sampled": 3, "invited": 2, "answered": 2, "followed": 1}
    # What they did is that before their first eligible occasion: 2, 8, 16, 64.
    assert stages["eligible"].revenue == pytest.approx(22.5)
    assert stages["answered"].revenue == pytest.approx(9.0)
    assert stages["followed"].revenue == pytest.approx(2.0)
    assert stages["eligible"].segments == {"gold": 1.0}
    assert ledger.ineligible(table) == {"opted_out": 1, "quarantine": 1}


def test_gaps_are_between_those_who_answered_and_those_who_were_asked_and_silent() -> None:
    world = planted.silence(600, 1)
    table = ledger.eligible(world.asked)
    [revenue, orders, *_] = ledger.gaps(table, 0.95)
    there = table[table["delivered"] == 1]
    means = there.groupby("answered")["revenue"].mean()
    assert (revenue.metric, orders.metric) == ("revenue", "orders")
    assert revenue.difference.value == pytest.approx(means[1] - means[0])
    assert revenue.difference.low > 0  # those who buy more answer more
    flat = {one.metric for one in ledger.gaps(table.assign(orders=1.0), 0.95)}
    assert "orders" not in flat


def test_the_chance_of_any_occasion() -> None:
    found = weights.chance_of_any(np.array([0, 0, 1, 2, 2]), np.array([0.5, 0.5, 0.25, 1.0, 0.1]))
    assert found == pytest.approx([0.75, 0.25, 1.0])


def test_a_weight_is_one_over_the_chance_and_the_largest_are_cut() -> None:
    """One of forty was 200 times less likely to be seen than the others."""
    table = asked(*((number, number, "", 1, 1, 1, 1.0) for number in range(40)))
    chance = np.full(40, 0.8)
    table["probability"] = 1.0
    equal = weights.hajek(table, chance)
    assert (equal.weights == 1.0).all()
    assert equal.effective == pytest.approx(40)
    assert equal.trimmed == 0
    chance[7] = 0.004
    bent = weights.hajek(table, chance)
    ratio = bent.weights[7] / bent.weights[0]
    mean = (39 / 0.8 + 1 / 0.004) / 40
    assert bent.trimmed == 1
    assert ratio == pytest.approx(weights.CAP_RULE * mean / (1 / 0.8))
    assert bent.weights.mean() == pytest.approx(1.0)
    assert bent.weights.max() == pytest.approx(bent.cap)
    assert bent.effective == pytest.approx(bent.weights.sum() ** 2 / (bent.weights**2).sum())


def test_the_response_model_finds_who_answers() -> None:
    table = ledger.eligible(planted.silence(4000, 2).asked)
    found = response.fit(table, 30, 0.95)
    truth = 1 / (1 + np.exp(-(planted.ANSWERING[0] + planted.ANSWERING[1] * np.log1p(table["revenue"]))))
    assert np.abs(found.chance - truth).mean() < 0.03
    assert {"revenue (log)", "no revenue", "segment gold"} <= {one.name for one in found.terms}


def test_weights_repair_what_silence_bends() -> None:
    """Those who buy more answer more, so that the difference of all eligible customers is smaller than that of those
    who answered. The weighted intervals hold the truth as often as promised, the unweighted ones do not."""
    seeds, held, bent, errors = 24, 0, 0, []
    for seed in range(seeds):
        world = planted.silence(1800, seed)
        found, _ = section(world)
        assert found.weights is not None
        truth, ends = world.differences["highest_lowest"], found.weights.differences[0]
        held += ends.weighted.low <= truth <= ends.weighted.high
        bent += ends.unweighted.low <= truth <= ends.unweighted.high
        errors.append((ends.weighted.value - truth, ends.unweighted.value - truth))
    least = stats.binom.ppf(1e-4, seeds, 0.95)
    assert held >= least
    assert bent < least
    ours, theirs = np.mean(errors, axis=0)
    assert abs(ours) < 0.25 * theirs


def test_worth_speaks_for_eligible_customers() -> None:
    world = planted.silence(6000, 3, effect=0.5)
    run = settings(draws=200, minimum_n=30)
    result = compute(world.frame, run, parts=Parts(tables={"asked": world.asked}))
    found = result.worth
    assert found is not None
    assert found.eligible == world.eligible == 6000
    answered = float((world.frame["band"] == "detractor").mean())
    assert found.customers > 1.1 * 600 * answered  # detractors buy less, so they answer less
    assert found.customers == pytest.approx(0.1 * world.detractors, rel=0.08)
    assert found.total.value == pytest.approx(found.customers * found.difference.value)
    assert found.total.low < found.total.value < found.total.high
    unweighted = compute(world.frame, run)
    assert unweighted.worth is not None
    assert unweighted.worth.eligible is None
    assert unweighted.worth.customers == pytest.approx(0.1 * (world.frame["band"] == "detractor").sum())


def test_the_weights_cover_those_who_answered_an_occasion() -> None:
    world = planted.silence(1500, 4)
    table = world.asked.copy()
    table.loc[table["followed"] % 4 == 0, "answered"] = 0  # a quarter answered by a link of their own
    link = Link(world.frame, settings(**SETTINGS), lambda share, words: None)
    found, speaking = nonresponse.compute(table, link)
    assert found.weights is not None
    assert speaking is not None
    assert found.weights.coverage == pytest.approx(0.75, abs=0.01)
    assert found.weights.customers == len(speaking.rows) == found.stages[-1].customers
    assert found.weights.effective < found.weights.customers


def test_equal_weights_change_no_figure() -> None:
    world = planted.silence(900, 5)
    link = Link(world.frame, settings(**SETTINGS), lambda share, words: None)
    rows = np.arange(len(world.frame))
    _, plain = link.fit(rows, "outcome", "c_")
    _, same = link.fit(rows, "outcome", "c_", np.full(len(rows), 3.7))
    assert same.means == pytest.approx(plain.means)
    assert same.covariance == pytest.approx(plain.covariance)
    assert same.scores() == pytest.approx(plain.scores())


def test_a_weight_of_two_is_two_customers_in_the_means() -> None:
    world = planted.silence(900, 6)
    link = Link(world.frame, settings(**SETTINGS), lambda share, words: None)
    rows = np.arange(len(world.frame))
    twice = np.where(rows % 3 == 0, 2.0, 1.0)
    _, weighted = link.fit(rows, "outcome", "c_", twice)
    doubled = Link(
        pd.concat([world.frame, world.frame.iloc[::3]], ignore_index=True),
        settings(**SETTINGS),
        lambda share, words: None,
    )
    assert doubled.model is not None
    # The log of an amount over its mean is another column with another mean, so the fits agree closely, not exactly.
    assert weighted.means == pytest.approx(doubled.model.means, rel=2e-3)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"answered": 0}, "0 sampled occasions were answered"),
        ({"sampled": 0, "delivered": 0, "answered": 0}, "0 sampled occasions were answered and 0 were not"),
        ({"followed": -1}, "nobody who was asked is among those followed"),
        ({"reason": "opted_out"}, "Nobody who was due to be asked was eligible"),
        ({"revenue": 0.0, "tenure_days": 5.0, "segment": ""}, "nothing is known of customers before"),
    ],
)
def test_what_allows_no_weights_is_said(change: dict[str, Any], why: str) -> None:
    world = planted.silence(400, 7)
    link = Link(world.frame, settings(**SETTINGS), lambda share, words: None)
    found, speaking = nonresponse.compute(world.asked.assign(**change), link)
    assert found.weights is None
    assert speaking is None
    assert why in found.why


def test_a_kind_that_always_answers_falls_back_to_a_simpler_model_or_says_so() -> None:
    world = planted.silence(900, 11)
    table = ledger.eligible(world.asked)
    sampled = table["sampled"] == 1
    always = table.assign(answered=table["answered"].where(table["revenue"] > 0, sampled.astype(int)))
    names = {one.name for one in response.fit(always, 30, 0.95).terms}
    assert {"revenue (log)", "tenure (log of years)", "segment gold"} <= names
    assert "no revenue" not in names
    decided = table.assign(answered=((table["revenue"] > 30) & sampled).astype(int))
    with pytest.raises(ValueError, match="without exception"):
        response.fit(decided, 30, 0.95)


def test_nobody_asked_is_a_result() -> None:
    world = planted.silence(400, 8)
    link = Link(world.frame, settings(**SETTINGS), lambda share, words: None)
    for table in (None, world.asked.head(0)):
        found, speaking = nonresponse.compute(table, link)
        assert (found.occasions, found.stages, speaking) == (0, [], None)
        assert "No invitation is recorded" in found.why


def test_everybody_who_was_asked_answered() -> None:
    world = planted.silence(900, 9)
    table = world.asked[world.asked["followed"] >= 0].assign(sampled=1, delivered=1, answered=1)
    link = Link(world.frame, settings(**SETTINGS), lambda share, words: None)
    found, _ = nonresponse.compute(table, link)
    assert found.weights is not None
    assert found.weights.terms == []
    assert found.weights.coverage == 1.0


def test_too_small_a_band_with_weights_is_not_compared() -> None:
    world = planted.silence(900, 10)
    table = world.asked.copy()
    low = np.flatnonzero((world.frame["band"] == "detractor").to_numpy())
    table.loc[table["followed"].isin(low[20:]), "answered"] = 0
    link = Link(world.frame, settings(**SETTINGS), lambda share, words: None)
    found, speaking = nonresponse.compute(table, link)
    assert found.weights is not None
    assert found.weights.differences == []
    assert speaking is None
    assert "a band has 20 customers with one" in found.why


def test_ids_become_numbers_that_lead_to_the_studys_own_rows() -> None:
    own = pd.Series(["b", "a", "c"])
    table = parts.coded(pd.DataFrame({"customer": ["a", "x", "a", "c"]}), own)
    assert table["followed"].tolist() == [1, -1, 1, 2]
    codes = table["customer"].tolist()
    assert codes[0] == codes[2]
    assert len(set(codes)) == 3
