"""What a right analysis should find: the true figures behind the planted parameters.

Where no formula gives them, by Monte Carlo over many customers: potential outcomes are known here, so
expected revenue is used, without the noise of who happened to order.
"""

from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

import numpy as np

from .asking import NPS
from .orders import multiplier
from .truth import DAYS, Truth
from .world import BLOCK, Block, World

BANDS = ("detractor", "passive", "promoter")


def bands(score: np.ndarray) -> np.ndarray:
    """0 detractor, 1 passive, 2 promoter."""
    return np.asarray((score > 6).astype(int) + (score > 8))


@dataclass(frozen=True)
class Answered:
    """Answers to the relationship survey, one row a customer (the first whose window is over), with both
    windows.

    `history` is euros in [t−h, t), `revenue` in [t, t+h), `earlier` in [t−2h, t−h); NaN where the data
    begin too late.
    """

    who: np.ndarray
    at: np.ndarray
    score: np.ndarray
    shock: np.ndarray
    segment: np.ndarray
    tenure: np.ndarray
    frailty_z: np.ndarray
    revenue: np.ndarray
    history: np.ndarray
    earlier: np.ndarray

    def __len__(self) -> int:
        return len(self.who)


def answered(block: Block, survey: int = NPS, *, horizon: float = 90.0, invited: bool = False) -> Answered:
    """The rows of a financial study of this block: `invited` takes everybody asked, answered or not."""
    asks = block.asks
    taken = asks.sent if invited else asks.answered
    rows = np.nonzero(taken & (asks.survey == survey) & (asks.answer_at + horizon <= DAYS))[0]
    rows = rows[np.unique(asks.who[rows], return_index=True)[1]]
    who, at = asks.who[rows], asks.answer_at[rows]
    moments = np.where(asks.survey[rows] == NPS, asks.row[rows], 0)

    def window(start: float, end: float) -> np.ndarray:
        known = at + start >= np.maximum(block.customers.since[who], 0.0)
        return np.where(known, block.spend.between(who, at + start, at + end), np.nan)

    return Answered(
        who=who,
        at=at,
        score=block.answers.score[rows],
        shock=np.where(asks.survey[rows] == NPS, block.moments.shock[moments], 0.0),
        segment=block.customers.segment[who],
        tenure=block.customers.tenure_years(who, at),
        frailty_z=block.customers.frailty_z[who],
        revenue=window(0.0, horizon),
        history=window(-horizon, 0.0),
        earlier=window(-2 * horizon, -horizon),
    )


@dataclass(frozen=True)
class Differences:
    """Euros a customer in the 90 days after the answer, against passives of the same segment and tenure."""

    promoter: float
    detractor: float


def expected_difference(
    truth: Truth, until: date, *, horizon: float = 90.0, customers: int = 100_000, seed: int = 77
) -> Differences:
    """The true adjusted mean difference in revenue between the bands, over all who answered.

    In each stratum of segment and tenure (the confounders), expected revenue of its customers times what the
    shocks of a band multiply it by; then the mean over strata. Monte Carlo error with the default size is
    below one euro.
    """
    return _expected(truth, until, horizon, customers, seed)


@lru_cache(16)
def _expected(truth: Truth, until: date, horizon: float, customers: int, seed: int) -> Differences:
    world = World(truth, seed, until, customers)
    tables = [_potential(world, number, horizon) for number in range(-(-customers // BLOCK))]
    band, segment, tenure, base, factor = (np.concatenate(column) for column in zip(*tables, strict=True))
    stratum = segment * 8 + np.searchsorted(np.quantile(tenure, np.linspace(0, 1, 9)[1:-1]), tenure)
    totals = np.zeros(3)
    weight = 0
    for one in np.unique(stratum):
        inside = stratum == one
        sizes = np.bincount(band[inside], minlength=3)
        if sizes.min() < 5:
            continue
        mean = base[inside].mean()
        totals += inside.sum() * mean * np.array([factor[inside & (band == b)].mean() for b in range(3)])
        weight += int(inside.sum())
    means = totals / weight
    return Differences(promoter=float(means[2] - means[1]), detractor=float(means[0] - means[1]))


def _potential(world: World, number: int, horizon: float) -> tuple[np.ndarray, ...]:
    """band, segment, tenure, expected revenue without shock, what the shock multiplies it by."""
    block = world.block(number)
    rows = answered(block, horizon=horizon)
    customers, calendar = block.customers, world.calendar
    prices = world.company.prices
    end = np.minimum(rows.at + horizon, customers.silent[rows.who])
    season = np.maximum(calendar.season(end) - calendar.season(rows.at), 0.0)
    quantity = np.where(prices < 40, 2.0, 1.0)  # mean of 1–3, else 1
    reach = (np.arange(len(prices) + 1) / len(prices))[None, :] ** (1 / customers.taste[rows.who][:, None])
    value = np.diff(reach, axis=1) @ (prices * quantity) * np.mean((1.0, 1.0, 1.0, 0.9, 0.8))
    base = customers.daily_rate[rows.who] * season * value
    return bands(rows.score), rows.segment, rows.tenure, base, multiplier(world.truth, rows.shock)


def null_of(truth: Truth) -> Truth:
    """The same world without the financial link."""
    return replace(truth, shock_on_orders=0.0)


def selection_of(truth: Truth) -> Truth:
    """A world of pure selection: frequent buyers are happier, and happiness does nothing."""
    return replace(truth, shock_on_orders=0.0, attitude_on_frailty=0.9)
