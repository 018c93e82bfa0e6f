from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analytics.stats import effects


def world(n: int, seed: int) -> tuple[np.ndarray, np.ndarray, pd.DataFrame]:
    """Those who spend more are treated more often; the treatment itself adds 2."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"before": rng.normal(size=n), "segment": rng.choice(["a", "b"], n)})
    push = frame["before"] + 0.5 * (frame["segment"] == "b")
    treated = (rng.uniform(size=n) < 1 / (1 + np.exp(-push))).astype(int)
    return (2 * treated + 2 * push + rng.normal(size=n)).to_numpy(), treated.to_numpy(), frame


def test_it_takes_selection_out() -> None:
    y, t, x = world(4000, 1)
    found = effects.average_treatment_effect(y, t, x)
    assert y[t == 1].mean() - y[t == 0].mean() > 3  # what the naive comparison says
    assert found.low < 2 < found.high
    assert found.value == pytest.approx(2, abs=0.15)


def test_it_is_the_same_for_the_same_rows_and_seed() -> None:
    y, t, x = world(500, 2)
    order = np.random.default_rng(0).permutation(500)
    one = effects.average_treatment_effect(y, t, x)
    other = effects.average_treatment_effect(y[order], t[order], x.iloc[order])
    assert (other.value, other.low) == pytest.approx((one.value, one.low))
    assert effects.average_treatment_effect(y * 100, t, x).value == pytest.approx(100 * one.value)
    assert effects.average_treatment_effect(y, t, x, seed=1).value != one.value
    swapped = effects.average_treatment_effect(y, 1 - t, x)
    assert swapped.value == pytest.approx(-one.value, abs=0.1)


def test_clusters_widen_what_repeats_itself() -> None:
    y, t, x = world(400, 3)
    rows = np.repeat(np.arange(400), 4)
    alone = effects.average_treatment_effect(y, t, x)
    copied = effects.average_treatment_effect(y[rows], t[rows], x.iloc[rows], groups=rows)
    assert copied.high - copied.low == pytest.approx(alone.high - alone.low, rel=0.15)


def test_shares_and_counts_have_their_models() -> None:
    rng = np.random.default_rng(5)
    x = rng.normal(size=(3000, 2))
    t = (rng.uniform(size=3000) < 1 / (1 + np.exp(-x[:, 0]))).astype(int)
    y = rng.poisson(np.exp(0.2 + 0.5 * t + 0.4 * x[:, 0]))
    truth = np.mean(np.exp(0.7 + 0.4 * x[:, 0]) - np.exp(0.2 + 0.4 * x[:, 0]))
    found = effects.average_treatment_effect(y, t, x, family="poisson")
    assert found.low < truth < found.high
    share = effects.average_treatment_effect(y > 1, t, x, family="binomial")
    assert -1 < share.low < share.value < share.high < 1


def test_missing_rows_are_dropped_and_counted() -> None:
    y, t, x = world(300, 6)
    y[0] = np.nan
    x.loc[1, "segment"] = None
    assert effects.average_treatment_effect(y, t, x).dropped == 2


def test_refusals_name_the_argument() -> None:
    y, t, x = world(200, 7)
    for call, message in (
        (lambda: effects.average_treatment_effect(y, t * 2, x), "^treated: must hold only 0 and 1"),
        (lambda: effects.average_treatment_effect(y, t * 0, x), "^treated: is constant"),
        (lambda: effects.average_treatment_effect(y * 0, t, x), "^outcome: is constant"),
        (lambda: effects.average_treatment_effect(y, t, x, method="ipw"), "^method"),  # type: ignore[arg-type]
        (lambda: effects.average_treatment_effect(y, t, x.assign(k=1)), "'k' is constant"),
        (
            lambda: effects.average_treatment_effect(y, np.arange(200) < 3, x.assign()),
            "^treated: .* rows in a fold",
        ),
        (lambda: effects.average_treatment_effect(y, t, x, trim=0.6), "^trim"),
        (lambda: effects.average_treatment_effect(y, t, x, folds=1), "^folds"),
        (lambda: effects.average_treatment_effect(y, t, x[:9]), "^covariates: has 9 rows"),
    ):
        with pytest.raises(ValueError, match=message):
            call()
