from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats as scipy_stats
from statsmodels.stats.multitest import multipletests

from analytics.stats import association

RNG = np.random.default_rng(7)
X = RNG.normal(size=120)
Y = 0.6 * X + RNG.normal(size=120)
Z = pd.DataFrame({"spend": X + RNG.normal(size=120), "segment": RNG.choice(["b", "a", "c"], 120)})


def test_pearson_equals_scipy() -> None:
    found, theirs = association.correlate(X, Y, method="pearson"), scipy_stats.pearsonr(X, Y)
    interval = theirs.confidence_interval()
    assert (found.coefficient, found.p) == pytest.approx((theirs.statistic, theirs.pvalue), rel=1e-9)
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high))


def test_spearman_equals_scipy_with_bonett_and_wrights_error() -> None:
    x, y = np.round(X), np.round(Y)
    found, theirs = association.correlate(x, y), scipy_stats.spearmanr(x, y)
    assert (found.coefficient, found.p) == pytest.approx((theirs.statistic, theirs.pvalue), rel=1e-9)
    r = theirs.statistic
    margin = scipy_stats.norm.ppf(0.975) * np.sqrt((1 + r * r / 2) / 117)
    assert found.low == pytest.approx(np.tanh(np.arctanh(r) - margin))


def test_a_perfect_line_has_no_error() -> None:
    found = association.correlate([1, 2, 3, 4], [-2, -4, -6, -8], method="pearson")
    assert (found.coefficient, found.low, found.high, found.p) == (-1, -1, -1, 0)


@given(
    hnp.arrays(float, (12, 2), elements=st.integers(-50, 50).map(float)),
    st.randoms(use_true_random=False),
    st.floats(0.1, 100),
    st.floats(-100, 100),
    st.sampled_from(["spearman", "pearson"]),
)
def test_order_and_units_do_not_matter(table, random, scale, origin, method) -> None:  # type: ignore[no-untyped-def]
    if (np.ptp(table, axis=0) == 0).any():
        with pytest.raises(ValueError, match=r"constant"):
            association.correlate(table[:, 0], table[:, 1], method=method)
        return
    one = association.correlate(table[:, 0], table[:, 1], method=method)
    order = list(range(12))
    random.shuffle(order)
    other = association.correlate(table[order, 0] * scale + origin, table[order, 1], method=method)
    assert other.coefficient == pytest.approx(one.coefficient, abs=1e-9)
    assert -1 <= one.low <= one.coefficient <= one.high <= 1


def test_missing_pairs_are_dropped_and_counted() -> None:
    found = association.correlate([1, 2, 3, 4, 5, None], [2, 1, None, 5, 6, 7])
    assert (found.n, found.dropped) == (4, 2)


@pytest.mark.parametrize(
    ("x", "y", "name"),
    [
        ([1, 1, 1, 1, 1], [1, 2, 3, 4, 5], "x"),
        ([1, 2, 3, 4, 5], [2, 2, 2, 2, 2], "y"),
        ([1, 2, 3], [1, 2, 3], "x, y"),
        ([1, 2, 3, 4], [1, 2, 3], "y"),
        ([1, 2, 3, np.inf], [1, 2, 3, 4], "x"),
    ],
)
def test_what_cannot_be_computed_is_refused_by_name(x: list[float], y: list[float], name: str) -> None:
    with pytest.raises(ValueError, match=rf"^{name}:"):
        association.correlate(x, y)


def test_partial_equals_the_correlation_of_residuals() -> None:
    dummies = pd.get_dummies(Z, drop_first=True).to_numpy(float)
    design = np.column_stack([np.ones(120), dummies])
    rx, ry = (v - design @ np.linalg.lstsq(design, v, rcond=None)[0] for v in (X, Y))
    found = association.partial_correlation(X, Y, Z)
    assert found.coefficient == pytest.approx(np.corrcoef(rx, ry)[0, 1])
    assert found.covariates == 3
    r = found.coefficient
    t = r * np.sqrt((120 - 2 - 3) / (1 - r * r))
    assert found.p == pytest.approx(2 * scipy_stats.t.sf(abs(t), 115), rel=1e-8)
    assert found.low == pytest.approx(np.tanh(np.arctanh(r) - scipy_stats.norm.ppf(0.975) / np.sqrt(114)))


def test_partial_of_ranks_equals_the_inverse_rank_correlation_matrix() -> None:
    table = np.column_stack([X, Y, Z["spend"]])
    inverse = np.linalg.inv(scipy_stats.spearmanr(table).statistic)
    expected = -inverse[0, 1] / np.sqrt(inverse[0, 0] * inverse[1, 1])  # as R's ppcor
    found = association.partial_correlation(X, Y, {"spend": Z["spend"]}, method="spearman")
    assert found.coefficient == pytest.approx(expected)


def test_partial_refuses_by_column_name() -> None:
    with pytest.raises(ValueError, match=r"'twice' is a linear function"):
        association.partial_correlation(X, Y, {"once": Z["spend"], "twice": Z["spend"] * 2 + 1})
    with pytest.raises(ValueError, match=r"'still' is constant"):
        association.partial_correlation(X, Y, {"still": np.ones(120)})
    with pytest.raises(ValueError, match=r"^x: is a linear function"):
        association.partial_correlation(X, Y, {"same": X * 3})
    with pytest.raises(ValueError, match=r"covariates\[text\]|length|rows"):
        association.partial_correlation(X, Y, Z[:100])


@given(hnp.arrays(float, st.integers(1, 40), elements=st.floats(0, 1)))
def test_q_equals_statsmodels_and_keeps_the_order_of_p(p: np.ndarray) -> None:
    q = association.false_discovery(p)
    assert q == pytest.approx(multipletests(p, method="fdr_bh")[1])
    assert (q >= p - 1e-12).all()
    assert (np.diff(q[np.argsort(p)]) >= -1e-12).all()


def test_benjamini_and_hochbergs_own_example() -> None:
    # Benjamini & Hochberg (1995), section 3.2: four rejected at 0.05.
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459]
    p += [0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.000]
    assert (association.false_discovery(p) < 0.05).sum() == 4


def test_a_missing_p_is_no_test() -> None:
    q = association.false_discovery([0.01, None, 0.04])
    assert q[[0, 2]] == pytest.approx([0.02, 0.04])
    assert np.isnan(q[1])
    assert len(association.false_discovery([])) == 0
    with pytest.raises(ValueError, match=r"p_values"):
        association.false_discovery([0.5, 1.5])
