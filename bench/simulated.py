"""Organizations in memory whose truth is known, as frames of a financial study.

A customer's propensity to buy is a gamma frailty; the tier (segment) is given for long past spend, and liking
goes with the tier, so that promoters spend more whether or not their answer goes with anything. On top of that a
planted effect multiplies the rate in the window after the answer, by band. Four windows of one length: long
past, before the last, before, after.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analytics.studies.settings import Settings

BANDS = ("promoter", "passive", "detractor")
VALUES = {"promoter": 9.0, "passive": 7.0, "detractor": 4.0}
ORDERS = 1.5  # in a window, of a customer of frailty 1 and of an ordinary tier
AMOUNT = 30.0
SEED_STEP = 1_000_003


@dataclass(frozen=True)
class Regime:
    """What is planted.

    effect: log ratio of the order rate after the answer, by band. hidden: points of liking per standard deviation
    of the log frailty itself, which no control shows fully. liking and rate: by tier; `tier_by_spend` says
    whether tiers are given for spend or drawn beforehand (a trade tier that buys much and likes little).
    """

    name: str
    effect: dict[str, float] = field(default_factory=dict)
    hidden: float = 0.0
    liking: tuple[float, float, float] = (-0.6, 0.1, 0.7)
    rate: tuple[float, float, float] = (1.0, 1.0, 1.0)
    tier_by_spend: bool = True
    tier_share: tuple[float, float, float] = (0.5, 0.3, 0.2)

    def mean(self, band: str) -> float:
        """Mean spending after the answer had everybody been in this band."""
        tiers = 1.0 if self.tier_by_spend else float(np.dot(self.rate, self.tier_share))
        return ORDERS * AMOUNT * tiers * float(np.exp(self.effect.get(band, 0.0)))

    def difference(self, first: str, second: str) -> float:
        return self.mean(first) - self.mean(second)


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
REGIMES = (LINK, NULL, MIXED, UNSEEN, SIMPSON)


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
    """As `analytics.frames.financial` builds it, with `long_past` besides for the naive estimate."""
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
    unseen = (np.log(frailty) - np.log(frailty).mean()) / np.log(frailty).std()
    liking = np.array(regime.liking)[tier] + regime.hidden * unseen + random.normal(0, 1, customers)
    band = np.select([liking > 0.45, liking > -0.45], BANDS[:2], BANDS[2])
    effect = np.array([regime.effect.get(name, 0.0) for name in BANDS])
    lift = np.exp(np.select([band == name for name in BANDS], list(effect)))
    answered = pd.Timestamp("2026-01-01", tz="UTC") + pd.to_timedelta(
        random.integers(0, 200 * 86_400, customers), unit="s"
    )
    earlier, before = spend(rate), spend(rate)
    return pd.DataFrame(
        {
            "customer": [f"{number:06}" for number in range(customers)],
            "answered_at": answered,
            "value": np.select([band == name for name in BANDS], list(VALUES.values())),
            "band": band,
            "outcome": spend(rate * lift),
            "placebo": before,
            "lookback_covered": 1,
            "placebo_possible": 1,
            "c_revenue": before,
            "p_revenue": earlier,
            "tenure_days": random.uniform(10, 2000, customers),
            "segment": np.array(("basic", "plus", "gold"))[tier],
            "long_past": long_past,
        }
    )


def naive(table: pd.DataFrame, first: str, second: str) -> float:
    """The unlagged, unadjusted comparison: all of a customer's spending, by band, per window."""
    spent = (table["long_past"] + table["p_revenue"] + table["c_revenue"] + table["outcome"]) / 4.0
    means = spent.groupby(table["band"]).mean()
    return float(means[first] - means[second])
