from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats as scipy_stats

from analytics.stats import _studentized_range, bands

RNG = np.random.default_rng(3)
BAND = np.repeat(["promoter", "passive", "detractor"], [40, 30, 20])
SPEND = RNG.normal(size=90) * np.repeat([1.0, 2.0, 3.0], [40, 30, 20]) + np.repeat(
    [3.0, 2.0, 0.0], [40, 30, 20]
)
GROUPS = [SPEND[name == BAND] for name in sorted(set(BAND))]


def test_welch_is_welchs_formula() -> None:
    found = bands.compare(SPEND, BAND)
    n = np.array([len(g) for g in GROUPS])
    m, v = np.array([g.mean() for g in GROUPS]), np.array([g.var(ddof=1) for g in GROUPS])
    w = n / v
    grand = w @ m / w.sum()
    lam = (((1 - w / w.sum()) ** 2) / (n - 1)).sum()
    f = (w @ (m - grand) ** 2 / 2) / (1 + 2 * 1 / 8 * lam)
    assert found.statistic == pytest.approx(f)
    assert found.df == pytest.approx((2, 8 / (3 * lam)))
    assert found.p == pytest.approx(scipy_stats.f.sf(f, 2, 8 / (3 * lam)))
    between, total = n @ (m - SPEND.mean()) ** 2, ((SPEND - SPEND.mean()) ** 2).sum()
    within = (total - between) / 87
    assert found.effect_size == pytest.approx((between - 2 * within) / (total + within))


def test_games_howell_by_the_studentized_range() -> None:
    pair = bands.compare(SPEND, BAND).pairwise[0]
    a, b = GROUPS[0], GROUPS[1]
    va, vb = a.var(ddof=1) / len(a), b.var(ddof=1) / len(b)
    t = (a.mean() - b.mean()) / np.sqrt(va + vb)
    df = (va + vb) ** 2 / (va**2 / (len(a) - 1) + vb**2 / (len(b) - 1))
    assert (pair.first, pair.second) == ("detractor", "passive")
    assert pair.statistic == pytest.approx(t)
    assert pair.p == pytest.approx(scipy_stats.studentized_range.sf(abs(t) * np.sqrt(2), 3, df), rel=1e-5)
    assert pair.low is not None
    assert pair.high is not None
    assert pair.low < pair.difference < pair.high


@pytest.mark.parametrize("k", [2, 3, 7])
@pytest.mark.parametrize("df", [1.5, 4.0, 27.3, 400.0, 9e4])
def test_the_studentized_range_is_scipys(k: int, df: float) -> None:
    theirs = scipy_stats.studentized_range(k, df)
    for q in (0.5, 3.3, 6.0):
        assert _studentized_range.tail(q, k, df) == pytest.approx(float(theirs.sf(q)), rel=1e-6, abs=1e-9)
    assert theirs.sf(_studentized_range.critical(0.95, k, df)) == pytest.approx(0.05, rel=1e-6)


def test_games_howell_equals_scipy() -> None:
    found, theirs = bands.compare(SPEND, BAND), scipy_stats.tukey_hsd(*GROUPS, equal_var=False)
    interval = theirs.confidence_interval(0.95)
    for pair, (i, j) in zip(found.pairwise, [(0, 1), (0, 2), (1, 2)], strict=True):
        assert (pair.p, pair.low, pair.high) == pytest.approx(
            (theirs.pvalue[i, j], interval.low[i, j], interval.high[i, j]), rel=1e-5, abs=1e-9
        )


def test_bands_tell_mean_interval_and_median() -> None:
    found = bands.compare([*SPEND, np.nan, 1.0], [*BAND, "passive", None])
    assert (found.n, found.dropped) == (90, 2)
    assert [(b.name, b.n) for b in found.bands] == [("detractor", 20), ("passive", 30), ("promoter", 40)]
    first = found.bands[0]
    interval = scipy_stats.ttest_1samp(GROUPS[0], 0).confidence_interval()
    assert (first.low, first.high) == pytest.approx((interval.low, interval.high))
    assert first.median == np.median(GROUPS[0])


def test_kruskal_and_dunn() -> None:
    rounded = np.round(SPEND)
    found = bands.compare(rounded, BAND, test="kruskal")
    theirs = scipy_stats.kruskal(*[np.round(g) for g in GROUPS])
    assert (found.statistic, found.p) == pytest.approx((theirs.statistic, theirs.pvalue))
    assert found.effect_size == pytest.approx(theirs.statistic / 89)
    ranks = scipy_stats.rankdata(rounded)
    _, ties = np.unique(rounded, return_counts=True)
    sigma = 90 * 91 / 12 - (ties**3 - ties).sum() / (12 * 89)
    means = {name: ranks[name == BAND].mean() for name in set(BAND)}
    raw = []
    for pair in found.pairwise:
        sizes = 1 / (pair.first == BAND).sum() + 1 / (pair.second == BAND).sum()
        z = (means[pair.first] - means[pair.second]) / np.sqrt(sigma * sizes)
        assert pair.statistic == pytest.approx(z)
        raw.append(2 * scipy_stats.norm.sf(abs(z)))
    from statsmodels.stats.multitest import multipletests

    assert [pair.p for pair in found.pairwise] == pytest.approx(multipletests(raw, method="holm")[1])


@pytest.mark.parametrize("test", ["welch", "kruskal"])
def test_order_of_rows_and_unit_do_not_matter(test: str) -> None:
    order = RNG.permutation(90)
    one, other = (
        bands.compare(SPEND, BAND, test=test),
        bands.compare(SPEND[order] * 100 + 5, BAND[order], test=test),
    )  # type: ignore[arg-type]
    assert (one.statistic, one.effect_size) == pytest.approx((other.statistic, other.effect_size))
    assert [p.p for p in one.pairwise] == pytest.approx([p.p for p in other.pairwise], abs=1e-6)


def test_a_categorical_keeps_its_order() -> None:
    order = ["promoter", "passive", "detractor", "unused"]
    found = bands.compare(SPEND, pd.Categorical(BAND, categories=order))
    assert [band.name for band in found.bands] == order[:3]


def test_refusals_name_the_argument() -> None:
    with pytest.raises(ValueError, match=r"^band: at least 2"):
        bands.compare([1, 2, 3], ["a", "a", "a"])
    with pytest.raises(ValueError, match=r"^outcome: is constant"):
        bands.compare([2, 2, 2, 2], ["a", "a", "b", "b"])
    with pytest.raises(ValueError, match=r"'b' has 1 row"):
        bands.compare([1, 2, 3], ["a", "a", "b"])
    with pytest.raises(ValueError, match=r"'b' has one and the same outcome"):
        bands.compare([1, 2, 3, 3], ["a", "a", "b", "b"])
    with pytest.raises(ValueError, match=r"^test:"):
        bands.compare(SPEND, BAND, test="anova")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"^band: has 3 rows"):
        bands.compare([1, 2], ["a", "a", "b"])
    assert bands.compare([1, 2, 3], ["a", "a", "b"], test="kruskal").bands[1].low is None
