"""Numbers as the look writes them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.charts import MEAN, RATIO, SCORE, SHARE, Estimate, Unit, money
from dashboards.charts import numbers as said

EURO = money("EUR")
NB = "\u202f"


@pytest.mark.parametrize(
    ("estimate", "unit", "expected"),
    [
        (Estimate(31, 27, 35), SCORE, "31 ±4"),
        (Estimate(0.784, 0.765, 0.803), SHARE, "78.4% ±1.9"),
        (Estimate(0.58, 0.54, 0.62), SHARE, "58% ±4"),
        (Estimate(5.41, 5.34, 5.48), MEAN, "5.41 ±0.07"),
        (Estimate(412_000, 356_000, 471_000), EURO, "€412k (€356k–471k)"),
        (Estimate(21_000, 5_000, 37_000), EURO, "€21k ±16k"),
        (Estimate(0.52, 0.11, 0.78), RATIO, ".52 (.11–.78)"),
        (Estimate(0.31, -0.14, 0.65), RATIO, ".31 (−.14 to .65)"),
        (Estimate(1140, 720, 1610), EURO, "€1,140 (€720–1,610)"),
    ],
)
def test_full_text(estimate: Estimate, unit: Unit, expected: str) -> None:
    assert said.full_text(estimate, unit) == expected


@pytest.mark.parametrize(
    ("estimate", "unit", "expected"),
    [
        (Estimate(8, 2, 14), SCORE, "+8 (+2 to +14)"),
        (Estimate(-0.039, -0.065, -0.013), SHARE.difference(), "−3.9 pt (−6.5 to −1.3 pt)"),
        (Estimate(14_000, -41_000, 69_000), EURO, "+€14k (−€41k to +€69k)"),
        (Estimate(0.05, -0.05, 0.15), MEAN, "+0.05 (−0.05 to +0.15)"),
    ],
)
def test_changes_carry_their_sign(estimate: Estimate, unit: Unit, expected: str) -> None:
    assert said.full_text(estimate, unit, sign=True) == expected


def test_nothing_is_minus_zero() -> None:
    assert said.bare(-0.04, 1) == "0.0"
    assert said.bare(-0.0, 0, sign=True) == "0"


def test_an_estimate_refuses_nonsense() -> None:
    for parts in ((math.nan, 0, 1), (0, -math.inf, 1), (0, 2, 1)):
        with pytest.raises(ValueError, match=r"interval|finite"):
            Estimate(*parts)


def test_n_has_a_narrow_space_and_commas() -> None:
    assert said.n_text(1204) == f"n{NB}1,204"
    assert said.n_text(None) == ""


def test_exact_amounts_keep_their_cents() -> None:
    assert said.exact(649, EURO) == "€649.00"
    assert said.exact(-12.5, money("CHF")) == f"−CHF{NB}12.50"


@given(
    st.floats(-1e7, 1e7),
    st.floats(1e-6, 1e7),
    st.sampled_from([SCORE, SHARE, MEAN, RATIO, EURO]),
)
def test_decimals_never_outrun_the_interval(value: float, reach: float, unit: Unit) -> None:
    """Half a step of the last digit shown is small against the interval, unless the unit allows no more."""
    places = said.decimals_for(reach, unit)
    assert 0 <= places <= unit.decimals
    if places < unit.decimals:
        assert 10**-places <= abs(reach) * unit.factor / 4 * 1.001
    text = said.full_text(Estimate(value, value - reach, value + reach), unit)
    assert "-" not in text
    assert "e+" not in text
