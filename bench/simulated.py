"""Organizations in memory whose truth is known, as frames of a financial study.

A customer's propensity to buy is a gamma frailty; the tier (segment) is given for long past spend, and liking
goes with the tier, so that promoters spend more whether or not their answer goes with anything. On top of that a
planted effect multiplies the rate in the window after the answer, by band. Four windows of one length: long
past, before the last, before, after; the last two in halves, for effects that come late.
"""

from dataclasses import dataclass, field
from typing import ClassVar, Literal

import numpy as np
import pandas as pd

from analytics.studies.settings import Settings
from bench.found import ALPHA, Found

BANDS = ("promoter", "passive", "detractor")
VALUES = {"promoter": 9.0, "passive": 7.0, "detractor": 4.0}
ORDERS = 1.5  # in a window, of a customer of frailty 1 and of an ordinary tier
AMOUNT = 30.0
SEED_STEP = 1_000_003
CUSTOMERS, DRAWS = 1_000, 200
Naive = Literal["all", "around", "change"]


@dataclass(frozen=True)
class Regime:
    """What is planted.

    effect: log ratio of the order rate after the answer, by band. hidden: points of liking per standard deviation
    of the log frailty itself, which no control shows fully. liking and rate: by tier; `tier_by_spend` says
    whether tiers are given for spend or drawn beforehand (a trade tier that buys much and likes little). late: whether
    the effect comes only in the second half of the window. chance: points of liking per standard deviation of what
    was spent just before, chance and all, so that the happy fall back and the unhappy recover.
    naive: what the estimate beside ours is of (`naive`).
    """

    name: str
    effect: dict[str, float] = field(default_factory=dict)
    hidden: float = 0.0
    liking: tuple[float, float, float] = (-0.6, 0.1, 0.7)
    rate: tuple[float, float, float] = (1.0, 1.0, 1.0)
    tier_by_spend: bool = True
    tier_share: tuple[float, float, float] = (0.5, 0.3, 0.2)
    late: bool = False
    chance: float = 0.0
    naive: Naive = "all"

    kind: ClassVar[str] = "financial"

    def mean(self, band: str) -> float:
        """Mean spending after the answer had everybody been in this band."""
        tiers = 1.0 if self.tier_by_spend else float(np.dot(self.rate, self.tier_share))
        lift = float(np.exp(self.effect.get(band, 0.0)))
        return ORDERS * AMOUNT * tiers * ((1.0 + lift) / 2 if self.late else lift)

    def difference(self, first: str, second: str) -> float:
        return self.mean(first) - self.mean(second)

    def study(self, seed: int) -> Found:
        from analytics.studies.compute import compute

        table = frame(self, CUSTOMERS, seed)
        result = compute(table, settings(seed, DRAWS))
        truths = [self.difference(one.first, one.second) for one in result.contrasts]
        main = result.contrasts[0]
        return Found(
            covered=tuple(
                one.after.low <= truth <= one.after.high
                for one, truth in zip(result.contrasts, truths, strict=True)
            ),
            discovered=tuple(one.q < ALPHA for one in result.contrasts),
            is_null=tuple(truth == 0.0 for truth in truths),
            reading=main.reading,
            value=main.after.value,
            truth=truths[0],
            naive=naive(table, main.first, main.second, self.naive),
        )


LINK = Regime("a real link", {"promoter": 0.25, "detractor": -0.25})
NULL = Regime("no link")
MIXED = Regime("one real, one null", {"detractor": -0.35})
UNSEEN = Regime("pure selection", hidden=0.9)
SIMPSON = Regime(
    "Simpson's paradox",
    {"promoter": 0.3, "detractor": -0.3},
    liking=(0.5, 0.3, -1.6),
    rate=(1.0, 1.2, 5.0),
    tier_by_spend=False,
)
LATE = Regime(
    "an effect that comes late",
    {"promoter": 0.5, "detractor": -0.5},
    liking=(0.5, 0.1, -0.5),
    late=True,
    naive="around",
)
REGRESSION = Regime(
    "regression to the mean", {"promoter": 0.15, "detractor": -0.15}, chance=0.8, naive="change"
)
REGIMES = (LINK, NULL, MIXED, UNSEEN, SIMPSON, LATE, REGRESSION)


def settings(seed: int, draws: int) -> Settings:
    return Settings(
        predictor="nps",
        outcome="revenue",
        controls=("revenue", "tenure_days", "segment"),
        horizon_days=90,
        lookback_days=90,
        minimum_n=30,
        currency="EUR",
        as_of="2026-11-01T00:00:00+00:00",
        seed=seed,
        draws=draws,
    )


def frame(regime: Regime, customers: int, seed: int) -> pd.DataFrame:
    """As `analytics.frames.financial` builds it, with `long_past` and `around` besides for the naive estimates."""
    random = np.random.default_rng([SEED_STEP, seed])
    frailty = random.gamma(2.0, 0.5, customers)
    tier = random.choice(3, customers, p=regime.tier_share)
    rate = ORDERS * frailty

    def spend(rates: np.ndarray) -> np.ndarray:
        orders = random.poisson(rates)
        return np.where(orders > 0, random.gamma(np.maximum(orders, 1) * 4.0, AMOUNT / 4.0), 0.0).round(2)

    if regime.tier_by_spend:
        long_past = spend(rate)
        tier = np.digitize(long_past, (0.6 * ORDERS * AMOUNT, 1.6 * ORDERS * AMOUNT))
    else:
        rate = rate * np.array(regime.rate)[tier]
        long_past = spend(rate)
    earlier = spend(rate)
    before = [spend(rate / 2), spend(rate / 2)]
    unseen = (np.log(frailty) - np.log(frailty).mean()) / np.log(frailty).std()
    recent = np.log1p(before[0] + before[1])
    liking = (
        np.array(regime.liking)[tier]
        + regime.hidden * unseen
        + regime.chance * (recent - recent.mean()) / recent.std()
        + random.normal(0, 1, customers)
    )
    band = np.select([liking > 0.45, liking > -0.45], BANDS[:2], BANDS[2])
    effect = np.array([regime.effect.get(name, 0.0) for name in BANDS])
    lift = np.exp(np.select([band == name for name in BANDS], list(effect)))
    answered = pd.Timestamp("2026-01-01", tz="UTC") + pd.to_timedelta(
        random.integers(0, 200 * 86_400, customers), unit="s"
    )
    after = [spend(rate / 2 * (1.0 if regime.late else lift)), spend(rate / 2 * lift)]
    return pd.DataFrame(
        {
            "customer": [f"{number:06}" for number in range(customers)],
            "answered_at": answered,
            "value": np.select([band == name for name in BANDS], list(VALUES.values())),
            "band": band,
            "outcome": after[0] + after[1],
            "placebo": before[0] + before[1],
            "lookback_covered": 1,
            "placebo_possible": 1,
            "c_revenue": before[0] + before[1],
            "p_revenue": earlier,
            "tenure_days": random.uniform(10, 2000, customers),
            "segment": np.array(("basic", "plus", "gold"))[tier],
            "long_past": long_past,
            "around": before[1] + after[0],
        }
    )


def naive(table: pd.DataFrame, first: str, second: str, how: Naive = "all") -> float:
    """An unadjusted comparison of two bands, as dashboards make it.

    all: all of a customer's spending, per window. around: that of the window in whose middle the answer lies, cause and
    effect in the same quarter. change: after less before.
    """
    spent = {
        "all": (table["long_past"] + table["p_revenue"] + table["c_revenue"] + table["outcome"]) / 4.0,
        "around": table["around"],
        "change": table["outcome"] - table["c_revenue"],
    }[how]
    means = spent.groupby(table["band"]).mean()
    return float(means[first] - means[second])
