from __future__ import annotations

from itertools import permutations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.stats import _resample, drivers

SWISS = pd.read_csv(Path(__file__).parent / "data" / "swiss.csv")  # R's datasets::swiss, 47 districts in 1888
RNG = np.random.default_rng(11)


def sample(n: int, k: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, k)) + rng.normal(size=(n, 1))
    return x, x @ np.linspace(0, 1, k) + rng.normal(size=n)


def r_squared(x: np.ndarray, y: np.ndarray) -> float:
    design = np.column_stack([np.ones(len(y)), x])
    residual = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
    return 1 - residual.var() / y.var()


def test_lmg_on_swiss_is_relaimpos() -> None:
    found = drivers.shapley(SWISS.drop(columns="Fertility"), SWISS["Fertility"])
    assert found.r_squared == pytest.approx(0.7067350, abs=1e-7)
    assert found.importance == pytest.approx(
        {
            "Agriculture": 0.05709122,
            "Examination": 0.17117303,
            "Education": 0.26013468,
            "Catholic": 0.10557015,
            "Infant.Mortality": 0.11276592,
        },
        abs=5e-9,
    )


def test_shapley_is_the_mean_over_all_orders() -> None:
    x, y = sample(40, 4)
    gains = np.zeros(4)
    orders = list(permutations(range(4)))
    for order in orders:
        before = 0.0
        for place, j in enumerate(order):
            after = r_squared(x[:, order[: place + 1]], y)
            gains[j] += (after - before) / len(orders)
            before = after
    assert list(drivers.shapley(x, y).importance.values()) == pytest.approx(gains)


def test_relative_weights_are_johnsons_by_hand() -> None:
    x, y = sample(60, 3)
    zx, zy = (x - x.mean(0)) / x.std(0), (y - y.mean()) / y.std()
    p, _, qt = np.linalg.svd(zx, full_matrices=False)
    z = p @ qt * np.sqrt(60)  # the orthogonal columns closest to the items
    loading, beta = zx.T @ z / 60, z.T @ zy / 60
    found = drivers.relative_weights(x, y)
    assert list(found.importance.values()) == pytest.approx(loading**2 @ beta**2)
    assert found.r_squared == pytest.approx(r_squared(x, y))


def test_two_items_have_equal_shapley_and_relative_weights() -> None:
    x, y = sample(50, 2)
    one, other = drivers.shapley(x, y), drivers.relative_weights(x, y)
    assert one.importance == pytest.approx(other.importance)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 6), st.sampled_from(["shapley", "relative_weights"]))
def test_shares_sum_to_r_squared_in_any_order_and_unit(seed: int, k: int, method: str) -> None:
    x, y = sample(30, k, seed)
    order = np.random.default_rng(seed).permutation(30)
    run = getattr(drivers, method)
    one, other = run(x, y), run(x[order] * 7 - 3, -2 * y[order])
    assert sum(one.importance.values()) == pytest.approx(one.r_squared)
    assert one.r_squared == pytest.approx(r_squared(x, y))
    assert other.importance == pytest.approx(one.importance)
    assert min(one.importance.values()) >= -1e-12


@pytest.mark.parametrize("method", ["shapley", "relative_weights"])
def test_bootstrap_holds_the_estimate_and_repeats(method: str) -> None:
    x, y = sample(200, 5)
    frame = pd.DataFrame(x, columns=list("abcde"))
    one = drivers.bootstrap(frame, y, method=method, draws=200, seed=4)  # type: ignore[arg-type]
    order = RNG.permutation(200)
    other = drivers.bootstrap(frame.iloc[order], y[order], method=method, draws=200, seed=4)  # type: ignore[arg-type]
    full = getattr(drivers, method)(frame, y).importance
    for name, found in one.items():
        assert 0 <= found.low <= found.value <= found.high <= 1
        assert found.value == pytest.approx(full[name])
        assert (found.low, found.high) == pytest.approx((other[name].low, other[name].high))
    assert drivers.bootstrap(frame, y, method=method, draws=200, seed=5) != one  # type: ignore[arg-type]


def test_bootstrap_draws_are_those_of_refitted_samples() -> None:
    x, y = sample(50, 3)
    estimate = drivers.bootstrap(x, y, method="shapley", draws=400, seed=0)
    rng, shares = np.random.default_rng(1), []
    for _ in range(400):
        rows = rng.integers(0, 50, 50)
        shares.append(list(drivers.shapley(x[rows], y[rows]).importance.values()))
    high = np.quantile(shares, 0.975, axis=0)
    assert [e.high for e in estimate.values()] == pytest.approx(high, abs=0.05)


def test_draws_in_blocks_are_those_of_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows beyond one block (memory is that of a block): as many are drawn as there are, each as likely."""
    table = np.column_stack([np.arange(230.0), np.ones(230)])
    monkeypatch.setattr(_resample, "BLOCK", 50)
    told: list[float] = []
    sums = _resample.sums(table, None, draws=2000, seed=3, tick=told.append)
    assert (sums[:, 0] == 230).all()
    assert told[-1] == pytest.approx(1.0)
    error = table[:, 0].std() * np.sqrt(230 / 2000)
    assert sums[:, 1].mean() == pytest.approx(table[:, 0].sum(), abs=4.5 * error)
    assert sums[:, 1].std() == pytest.approx(table[:, 0].std() * np.sqrt(230), rel=0.08)

    x, y = sample(400, 4)
    blocks = drivers.shares(x, y, draws=1000, seed=1)
    monkeypatch.setattr(_resample, "BLOCK", 1_000)
    whole = drivers.shares(x, y, draws=1000, seed=1)
    for one, other in zip(blocks.items.values(), whole.items.values(), strict=True):
        assert (one.value, one.low, one.high) == pytest.approx((other.value, other.low, other.high), abs=0.02)
    assert blocks.r_squared.value == pytest.approx(whole.r_squared.value)


def test_r_squared_has_an_interval_and_is_the_sum_of_the_shares() -> None:
    x, y = sample(300, 5)
    for method in ("shapley", "relative_weights"):
        found = drivers.shares(x, y, method=method, draws=300, seed=2)  # type: ignore[arg-type]
        assert found.items == drivers.bootstrap(x, y, method=method, draws=300, seed=2)  # type: ignore[arg-type]
        assert sum(one.value for one in found.items.values()) == pytest.approx(found.r_squared.value)
        assert found.r_squared.value == pytest.approx(r_squared(x, y))
        assert found.r_squared.low < found.r_squared.value < found.r_squared.high < 1


def test_groups_are_drawn_whole() -> None:
    x, y = sample(60, 3)
    whole = drivers.bootstrap(x, y, method="shapley", draws=300, seed=1)
    copies = drivers.bootstrap(
        np.repeat(x, 5, axis=0),
        np.repeat(y, 5),
        method="shapley",
        draws=300,
        seed=1,
        groups=np.repeat(np.arange(60), 5),
    )
    for name, found in whole.items():
        assert copies[name].high - copies[name].low == pytest.approx(found.high - found.low, rel=0.25)


def test_refusals_name_the_column() -> None:
    x, y = sample(40, 3)
    frame = pd.DataFrame(x, columns=["wait", "price", "staff"])
    with pytest.raises(ValueError, match=r"relative_weights"):
        drivers.shapley(*sample(60, 13))
    assert len(drivers.relative_weights(*sample(60, 13)).importance) == 13
    with pytest.raises(ValueError, match=r"'still' is constant"):
        drivers.shapley(frame.assign(still=3), y)
    with pytest.raises(ValueError, match=r"'sum' is a linear function"):
        drivers.shapley(frame.assign(sum=frame["wait"] + frame["price"]), y)
    with pytest.raises(ValueError, match=r"^y: is constant"):
        drivers.shapley(frame, np.ones(40))
    with pytest.raises(ValueError, match=r"complete rows"):
        drivers.shapley(frame[:4], y[:4])
    with pytest.raises(ValueError, match=r"^method"):
        drivers.bootstrap(frame, y, method="pratt", draws=200, seed=0)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"^draws"):
        drivers.bootstrap(frame, y, method="shapley", draws=5, seed=0)
    assert drivers.shapley(frame.where(frame < 2), y).dropped == int((frame >= 2).any(axis=1).sum())
