"""Every attitude beside every outcome: the coefficient, its uncertainty, its readings, and how often they err."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analytics.frames.parts import Parts
from analytics.stats import association
from analytics.studies import families, pairs
from analytics.studies.compute import compute
from analytics.studies.pairs import ranks
from analytics.studies.sections.associations import Associations
from bench import planted
from tests.analytics.frames import frame, settings


def found(answers: dict[str, pd.DataFrame], **changes: Any) -> Associations:
    asked = settings(**{"outcomes": planted.OUTCOMES, **changes})
    correlated = pairs.correlate(answers, asked)
    tested = [one for one in correlated if one.p is not None]
    q = families.q_values([one.p for one in tested if one.p is not None], [one.declared for one in tested])
    return pairs.read(correlated, q, asked)


def columns(n: int = 400, seed: int = 1) -> tuple[np.ndarray, ...]:
    """Answer, outcome and two controls, all with ties."""
    random = np.random.default_rng(seed)
    spent, gold = np.round(random.gamma(1, 3, n)), (random.random(n) < 0.3).astype(float)
    answer = np.clip(np.round(7 + np.log1p(spent) + gold + random.normal(0, 1.5, n)), 0, 10)
    outcome = np.round(np.maximum(0, spent + 0.6 * answer + random.normal(0, 4, n) - 6))
    return answer, outcome, spent, gold


def weighted(weights: np.ndarray, answer: np.ndarray, outcome: np.ndarray, *controls: np.ndarray) -> float:
    """Partial ρ of weighted customers by another way: ranks of weighted counts, weighted least squares."""

    def rank(values: np.ndarray) -> np.ndarray:
        codes = np.unique(values, return_inverse=True)[1]
        sums = np.bincount(codes, weights)
        return np.asarray((np.cumsum(sums) - sums / 2)[codes])

    basis, root = np.column_stack([np.ones(len(answer)), *map(rank, controls)]), np.sqrt(weights)
    x, y = (
        one - basis @ np.linalg.lstsq(basis * root[:, None], one * root, rcond=None)[0]
        for one in (rank(answer), rank(outcome))
    )
    return float((weights * x * y).sum() / np.sqrt((weights * x**2).sum() * (weights * y**2).sum()))


def test_the_coefficient_is_the_partial_rank_correlation() -> None:
    answer, outcome, spent, gold = columns()
    rho = ranks.spearman(*map(ranks.codes, (answer, outcome)), [ranks.codes(spent), ranks.codes(gold)])
    assert rho is not None
    theirs = association.partial_correlation(
        answer, outcome, {"spent": spent, "gold": gold}, method="spearman"
    )
    assert rho.value == pytest.approx(theirs.coefficient, abs=1e-12)
    assert rho.k == 2
    plain = ranks.spearman(ranks.codes(answer), ranks.codes(outcome))
    assert plain is not None
    assert plain.value == pytest.approx(stats.spearmanr(answer, outcome).statistic, abs=1e-12)


def test_the_influence_is_the_derivative_by_each_customers_weight() -> None:
    table = columns(60)
    answer, outcome, *controls = map(ranks.codes, table)
    rho = ranks.spearman(answer, outcome, controls)
    assert rho is not None
    for row in range(60):
        more, less = np.ones(60), np.ones(60)
        more[row], less[row] = 1 + 1e-5, 1 - 1e-5
        slope = (weighted(more, *table) - weighted(less, *table)) / 2e-5
        assert rho.influence[row] == pytest.approx(slope, abs=1e-8)
    assert abs(rho.influence.sum()) < 1e-12


def test_the_error_is_the_bootstraps() -> None:
    """Drawn anew with ranks made anew; the bootstrap's own noise with 1,500 draws is 2 %."""
    table = columns()
    answer, outcome, *controls = map(ranks.codes, table)
    rho = ranks.spearman(answer, outcome, controls)
    assert rho is not None
    random = np.random.default_rng(3)
    drawn = [weighted(random.exponential(size=400), *table) for _ in range(1_500)]
    assert np.sqrt(rho.influence @ rho.influence) == pytest.approx(np.std(drawn), rel=0.08)


def test_a_perfect_or_decided_pair_has_no_error() -> None:
    answer, outcome, spent, _ = map(ranks.codes, columns())
    assert ranks.spearman(answer, answer) is None
    assert ranks.spearman(answer, outcome, [outcome]) is None
    assert ranks.spearman(answer, spent, [answer, spent]) is None
    twice = ranks.spearman(answer, outcome, [spent, spent])
    assert twice is not None
    assert twice.k == 1  # a control that repeats another is one


def test_the_studys_own_pair_comes_first_and_every_pair_is_there() -> None:
    world = planted.Attitudes(count=3)
    table = found(planted.answers(world, 300, 1), predictor="csat", outcome="orders")
    assert (table.pairs[0].attitude, table.pairs[0].outcome) == ("csat", "orders")
    assert {(one.attitude, one.outcome) for one in table.pairs} == {
        (attitude, outcome) for attitude in world.names for outcome in planted.OUTCOMES
    }
    assert (table.tests, table.declared, len(table.pairs)) == (12, 0, 12)


def test_real_links_stand_and_the_others_do_not() -> None:
    world = planted.Attitudes(count=6, real=2)
    table = found(planted.answers(world, 1500, 4))
    read = {(one.attitude, one.outcome): one.reading for one in table.pairs}
    real = {pair for pair in read if world.is_real(*pair)}
    assert {read[pair] for pair in real} == {"stands"}
    assert sum(reading == "stands" for pair, reading in read.items() if pair not in real) <= 1
    one = next(pair for pair in table.pairs if (pair.attitude, pair.outcome) == ("nps", "orders"))
    assert one.raw is not None
    assert one.partial is not None
    assert one.placebo is not None
    assert one.difference is not None
    assert one.raw.value > one.partial.value > 0  # the tier is behind a part of what is seen
    assert not one.placebo.is_clear_of_zero
    assert one.placebo_n == one.n == 1500


def test_false_discoveries_are_as_rare_as_promised_where_nothing_is_real() -> None:
    """36 null pairs whose answers follow the tier as spending does. Where all are null, any discovery is false, and the
    chance of one is at most .05; the bound errs once in 10,000."""
    seeds, world = 100, planted.Attitudes()
    wrong = sum(
        any(one.q is not None and one.q < 0.05 for one in found(planted.answers(world, 150, seed)).pairs)
        for seed in range(seeds)
    )
    assert wrong <= stats.binom.ppf(1 - 1e-4, seeds, 0.05)


def test_without_the_correction_the_bound_would_not_hold() -> None:
    world = planted.Attitudes()
    wrong = sum(
        any(one.p is not None and one.p < 0.05 for one in found(planted.answers(world, 150, seed)).pairs)
        for seed in range(30)
    )
    assert wrong > stats.binom.ppf(1 - 1e-4, 30, 0.05)


def test_declared_hypotheses_are_a_family_of_their_own() -> None:
    answers = planted.answers(planted.Attitudes(count=8, real=1, effect=0.12), 600, 5)
    among_all = found(answers)
    alone = found(answers, declared=("nps>orders", "loyalty>orders"))
    before, after = (
        next(one for one in table.pairs if one.outcome == "orders") for table in (among_all, alone)
    )
    assert (before.declared, after.declared) == (False, True)
    assert before.p == after.p == after.q  # a family of one
    assert before.q is not None
    assert before.p is not None
    assert before.q > before.p
    assert (alone.declared, alone.tests) == (1, 32)
    assert alone.untested == ["Loyalty → Orders"]


def test_the_bands_belong_to_the_family_and_are_declared_with_their_pair() -> None:
    data = frame(600, effect=0.2, selection=1.0)
    answers = planted.answers(planted.Attitudes(count=4), 600, 2)
    whole = compute(data, settings(), parts=Parts(answers=answers))
    assert whole.associations is not None
    assert whole.facts.tests == whole.associations.tests == 3 + 16
    own = compute(data, settings(declared=("nps>revenue",)), parts=Parts(answers=answers))
    assert own.associations is not None
    assert (own.facts.declared, own.facts.tests) == (4, 19)
    p_values = [*(one.p for one in own.contrasts), own.associations.pairs[0].p]
    expected = association.false_discovery(p_values)
    assert [one.q for one in own.contrasts] == pytest.approx(list(expected[:3]))
    alone = compute(data, settings())
    assert [one.q for one in whole.contrasts] != [one.q for one in alone.contrasts]
    assert [one.after for one in whole.contrasts] == [one.after for one in alone.contrasts]


def test_too_few_customers_say_what_would_suffice() -> None:
    answers = {"nps": planted.answers(planted.Attitudes(count=1), 300, 1)["nps"].head(60)}
    [one, *_] = found(answers).pairs
    assert (one.reading, one.partial, one.q) == ("insufficient_evidence", None, None)
    assert one.why == (
        "60 customers followed; an association asks for 90, as many as three bands. 30 more would suffice."
    )


def test_the_outcomes_own_past_is_held_fixed_whatever_the_study_holds() -> None:
    data = planted.answers(planted.Attitudes(count=1), 500, 6)["nps"]
    for controls in ((), ("tenure_days",)):
        one = next(pair for pair in found({"nps": data}, controls=controls).pairs if pair.outcome == "orders")
        held = {"past": data["c_orders"], **({"tenure": data["tenure_days"]} if controls else {})}
        theirs = association.partial_correlation(data["value"], data["o_orders"], held, method="spearman")
        assert one.partial is not None
        assert one.partial.value == pytest.approx(theirs.coefficient, abs=1e-12)
        earlier = {"past": data["p_orders"], **({"tenure": data["tenure_days"]} if controls else {})}
        before = association.partial_correlation(data["value"], data["b_orders"], earlier, method="spearman")
        assert one.placebo is not None
        assert one.placebo.value == pytest.approx(before.coefficient, abs=1e-12)


def test_what_does_not_vary_is_said_and_no_test() -> None:
    answers = planted.answers(planted.Attitudes(count=2), 300, 1)
    answers["nps"]["value"] = 9.0
    answers["csat"]["o_contacts"] = 0.0
    table = found(answers)
    why = {(one.attitude, one.outcome): one.why for one in table.pairs if one.partial is None}
    assert set(why) == {("csat", "contacts"), *(("nps", outcome) for outcome in planted.OUTCOMES)}
    assert why["csat", "contacts"] == "Contacts is the same for everybody, so there is nothing to correlate."
    assert table.tests == 3


def test_the_placebo_needs_history_and_uses_the_same_customers() -> None:
    answers = planted.answers(planted.Attitudes(count=1, real=1), 600, 1)
    answers["nps"].loc[:449, "placebo_possible"] = 0
    [one, *_] = found(answers).pairs
    assert (one.n, one.placebo_n) == (600, 150)
    assert one.placebo is not None
    whole = found(planted.answers(planted.Attitudes(count=1, real=1), 600, 1)).pairs[0]
    assert one.partial == whole.partial
    assert one.placebo != whole.placebo
    answers["nps"]["placebo_possible"] = 0
    [none, *_] = found(answers).pairs
    assert none.reading in ("no_placebo_possible", "noise")
    assert none.placebo is None
    assert "0 customers, of 90" in none.why


def test_customers_without_the_outcome_are_no_part_of_it() -> None:
    answers = planted.answers(planted.Attitudes(count=1, real=1), 600, 1)
    whole = answers["nps"].copy()
    answers["nps"].loc[:99, "o_revenue"] = np.nan
    answers["nps"].loc[100:199, "b_revenue"] = np.nan
    one = found(answers).pairs[0]
    assert (one.n, one.placebo_n) == (500, 400)
    kept = found({"nps": whole.iloc[100:].reset_index(drop=True)}).pairs[0]
    assert one.partial == kept.partial


def test_an_attitude_matched_by_its_placebo_is_read_so() -> None:
    """Something unseen is behind both windows."""
    random = np.random.default_rng(2)
    data = planted.answers(planted.Attitudes(count=1), 2000, 3)["nps"]
    taste = random.gamma(2.0, 0.5, 2000)
    data["value"] = np.clip(np.round(6 + 2 * np.log(taste) + random.normal(0, 1, 2000)), 0, 10)
    for column in ("o_orders", "b_orders", "c_orders", "p_orders"):
        data[column] = random.poisson(1.5 * taste)
    one = next(pair for pair in found({"nps": data}).pairs if pair.outcome == "orders")
    assert one.partial is not None
    assert one.partial.low > 0
    assert one.reading == "matched_by_placebo"


def test_attitudes_beyond_the_number_of_one_run_are_named() -> None:
    asked = replace(settings(), outcomes=("revenue",))
    table = pairs.read([], [], asked, left_out=("rating:staff", "csat:delivery"))
    assert table.left_out == ["Staff", "CSAT delivery"]
