from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats as scipy_stats

from analytics.stats import reliability

# Shrout & Fleiss (1979), Psychological Bulletin 86, table 2: six targets, four judges.
JUDGES = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]])


def test_icc_is_shrout_and_fleiss() -> None:
    found = reliability.intraclass(JUDGES.ravel(), np.repeat(list("abcdef"), 4))
    assert (round(found.icc1, 2), round(found.icc2, 2)) == (0.17, 0.44)
    assert (found.groups, found.n, found.size) == (6, 24, 4)
    theirs = scipy_stats.f_oneway(*JUDGES.astype(float))
    assert (found.statistic, found.p) == pytest.approx((theirs.statistic, theirs.pvalue))


def test_icc_of_unequal_groups_takes_their_mean_size() -> None:
    found = reliability.intraclass([1, 2, 3, 5, 6, 9, None], ["a", "a", "a", "b", "b", "c", "c"])
    msb = (3 * (2 - 26 / 6) ** 2 + 2 * (5.5 - 26 / 6) ** 2 + (9 - 26 / 6) ** 2) / 2
    msw = (2 + 0.5) / 3
    assert found.icc1 == pytest.approx((msb - msw) / (msb + msw))
    assert found.icc2 == pytest.approx((msb - msw) / msb)
    assert found.dropped == 1


def test_alpha_by_hand_with_feldts_interval() -> None:
    items = pd.DataFrame(JUDGES, columns=list("wxyz"))
    found = reliability.cronbach_alpha(items)
    alpha = 4 / 3 * (1 - items.var().sum() / items.sum(axis=1).var())
    f = scipy_stats.f(5, 15)
    assert found.value == pytest.approx(alpha)
    assert found.low == pytest.approx(1 - (1 - alpha) * f.ppf(0.975))
    assert found.high == pytest.approx(1 - (1 - alpha) * f.ppf(0.025))
    # ICC(3,k) of the same table is published as .91, and is alpha.
    assert round(found.value, 2) == 0.91


def test_alpha_uses_complete_rows_and_ignores_unit_and_order() -> None:
    rows = JUDGES.astype(float)
    holes = np.vstack([rows, [1, np.nan, 2, 3]])
    found = reliability.cronbach_alpha(holes)
    assert (found.n, found.dropped) == (6, 1)
    assert found.value == pytest.approx(reliability.cronbach_alpha(rows[::-1] * 3 + 2).value)


def test_a_low_alpha_is_reported_as_low() -> None:
    assert reliability.cronbach_alpha([[1, 2], [2, 1.5], [3, 1]]).value < 0


def test_refusals_name_the_argument() -> None:
    for bad in ([[1], [2], [3]], [[1, 2]], [[1, 3], [2, 2], [3, 1]], [[1, np.inf], [2, 3]]):
        with pytest.raises(ValueError, match=r"^items"):
            reliability.cronbach_alpha(bad)
    with pytest.raises(ValueError, match=r"^groups: at least 2"):
        reliability.intraclass([1, 2, 3], ["a", "a", "a"])
    with pytest.raises(ValueError, match=r"^groups: every group"):
        reliability.intraclass([1, 2, 3], ["a", "b", "c"])
    with pytest.raises(ValueError, match=r"^values: is constant"):
        reliability.intraclass([1, 1, 1, 1], ["a", "a", "b", "b"])
