"""Frames beside a study's own whose truth is known: many attitudes of which few are real, and silence that depends on
what was bought before."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

OUTCOMES = ("revenue", "orders", "contacts", "repurchased")
AMOUNT = 30.0
TIERS = ("basic", "plus", "gold")
LIKING = np.array([-0.8, 0.0, 0.9])
_RATING = {0: "nps", 1: "csat", 2: "ces"}
#: Log odds of answering: constant, and per log of one plus what was spent before.
ANSWERING = (-2.2, 0.55)
SAMPLING = {"basic": 0.6, "plus": 0.8, "gold": 1.0}


@dataclass(frozen=True)
class Attitudes:
    """Answers to `count` attitudes by the same customers. The first `real` go with later orders, revenue and
    repurchase; nothing goes with contacts, and nothing at all with the others, though all of them follow the tier,
    which is given for spend, and share a halo.

    effect: log ratio of the order rate per standard deviation of the attitude's own part.
    """

    count: int = 9
    real: int = 0
    effect: float = 0.35

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(_RATING.get(number, f"rating:item{number}") for number in range(self.count))

    def is_real(self, attitude: str, outcome: str) -> bool:
        return attitude in self.names[: self.real] and outcome != "contacts"


def answers(world: Attitudes, customers: int, seed: int) -> dict[str, pd.DataFrame]:
    """By attitude, as `analytics.frames.parts` reads them."""
    random = np.random.default_rng([11, seed])
    rate = 2.0 * random.gamma(2.0, 0.5, customers)
    tier = np.digitize(random.poisson(rate) + random.normal(0, 0.01, customers), (1.0, 3.0))
    own = random.normal(0, 1, (world.count, customers))
    halo = random.normal(0, 1, customers)
    lift = np.exp(world.effect * own[: world.real].sum(axis=0))
    windows = {"p": _did(random, rate), "b": _did(random, rate), "o": _did(random, rate * lift)}
    columns: dict[str, object] = {}
    for outcome in OUTCOMES:
        columns[f"o_{outcome}"] = windows["o"][outcome]
        columns[f"b_{outcome}"] = columns[f"c_{outcome}"] = windows["b"][outcome]
        columns[f"p_{outcome}"] = windows["p"][outcome]
    base = pd.DataFrame(
        {
            "answered_at": _moments(random, customers),
            "lookback_covered": 1,
            "placebo_possible": 1,
            **columns,
            "tenure_days": random.uniform(10, 2000, customers),
            "segment": np.array(TIERS)[tier],
        }
    )
    found = {}
    for number, name in enumerate(world.names):
        liking = 7.0 + 1.2 * LIKING[tier] + 0.8 * halo + 1.4 * own[number]
        found[name] = base.assign(value=np.clip(np.round(liking), 0, 10))
    return found


def _did(random: np.random.Generator, rate: np.ndarray) -> dict[str, np.ndarray]:
    orders = random.poisson(rate).astype(np.float64)
    spent = np.where(orders > 0, random.gamma(np.maximum(orders, 1) * 4.0, AMOUNT / 4.0), 0.0).round(2)
    return {
        "orders": orders,
        "revenue": spent,
        "repurchased": (orders > 0).astype(np.float64),
        "contacts": random.poisson(1.2, len(rate)).astype(np.float64),
    }


@dataclass(frozen=True)
class Silence:
    """An organization in which those who buy more answer more: the study's frame, who was asked, and the truth.

    differences: mean spending after the answer had everybody been in the first band less in the second, over all
    eligible customers, by the names of `analytics.studies.readings.CONTRASTS`. detractors: among those eligible.
    """

    frame: pd.DataFrame
    asked: pd.DataFrame
    differences: dict[str, float]
    eligible: int
    detractors: int


def silence(customers: int, seed: int, *, effect: float = 0.3, occasions: int = 2) -> Silence:
    """`effect`: log ratio of spending a band up. Each customer is due `occasions` times; an answer is the first."""
    random = np.random.default_rng([13, seed])
    tier = random.choice(3, customers, p=(0.5, 0.3, 0.2))
    rate = np.array([0.6, 1.5, 4.0])[tier] * random.gamma(2.0, 0.5, customers)
    before, earlier = (_did(random, rate)["revenue"] for _ in range(2))
    step = np.digitize(LIKING[tier] * 0.5 + random.normal(0, 1, customers), (-0.5, 0.5)) - 1
    after = _did(random, rate * np.exp(effect * step))["revenue"]
    chance = 1.0 / (1.0 + np.exp(-(ANSWERING[0] + ANSWERING[1] * np.log1p(before))))
    sampling = np.array([SAMPLING[name] for name in TIERS])[tier]
    sampled = random.random((occasions, customers)) < sampling
    answered = sampled & (random.random((occasions, customers)) < chance)
    seen = answered.any(axis=0)
    names = np.array(["detractor", "passive", "promoter"])[step + 1]
    who = np.array([f"{number:07}" for number in range(customers)])
    tenure = random.uniform(10, 2000, customers)
    frame = pd.DataFrame(
        {
            "customer": who,
            "answered_at": _moments(random, customers),
            "value": np.array([4.0, 7.0, 9.0])[step + 1],
            "band": names,
            "outcome": after,
            "placebo": before,
            "lookback_covered": 1,
            "placebo_possible": 1,
            "c_revenue": before,
            "p_revenue": earlier,
            "tenure_days": tenure,
            "segment": np.array(TIERS)[tier],
        }
    )[seen].reset_index(drop=True)
    rows = np.repeat(np.arange(customers), occasions)
    position = np.full(customers, -1)
    position[seen] = np.arange(int(seen.sum()))
    asked = pd.DataFrame(
        {
            "customer": rows,
            "followed": position[rows],
            "asked_at": pd.Timestamp("2026-01-01", tz="UTC"),
            "probability": sampling[rows],
            "reason": "",
            "sampled": sampled.T.ravel().astype(np.int64),
            "delivered": sampled.T.ravel().astype(np.int64),
            "answered": answered.T.ravel().astype(np.int64),
            "tenure_days": tenure[rows],
            "segment": np.array(TIERS)[tier][rows],
            "revenue": before[rows],
            "orders": np.round(before / AMOUNT)[rows],
            "contacts": np.zeros(len(rows)),
            "next_days": np.nan,
            "followed_days": 200.0,
        }
    )
    mean = float(rate.mean()) * AMOUNT
    levels = [mean * float(np.exp(effect * one)) for one in (1, 0, -1)]
    truth = {
        "highest_lowest": levels[0] - levels[2],
        "highest_middle": levels[0] - levels[1],
        "lowest_middle": levels[2] - levels[1],
    }
    return Silence(frame, asked, truth, customers, int((step < 0).sum()))


def _moments(random: np.random.Generator, customers: int) -> pd.DatetimeIndex:
    found: pd.DatetimeIndex = pd.Timestamp("2026-01-01", tz="UTC") + pd.to_timedelta(
        random.integers(0, 200 * 86_400, customers), unit="s"
    )
    return found
