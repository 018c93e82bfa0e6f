"""Contacts in memory whose truth is known, as frames of an operational study.

The same customers come back and the same agents answer: some agents are slow, some are liked, and those who wait long
may be the unhappy ones anyway.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd
from scipy import special, stats

from analytics.studies.operational.settings import Settings
from bench.found import ALPHA, Found

CONTACTS, CUSTOMERS = 1_200, 700
THRESHOLD = 240.0
BASE = 1.3
START = pd.Timestamp("2025-01-01", tz="UTC")


@dataclass(frozen=True)
class Contacts:
    """What is planted.

    effect: log odds of being satisfied once the wait is beyond the threshold. mood: how far customers who wait long
    are unhappy anyway, the same at every answer (selection). liked, slow: standard deviations between agents of
    satisfaction (log odds) and of the log wait, drawn apart from each other.
    """

    name: str
    effect: float = 0.0
    mood: float = 0.0
    liked: float = 0.0
    slow: float = 0.0
    agents: int = 40

    kind: ClassVar[str] = "operational"

    @property
    def difference(self) -> float:
        """Share satisfied beyond the threshold less that below, the same customers and agents."""
        nodes, weights = np.polynomial.hermite_e.hermegauss(80)
        odds = BASE + np.hypot(self.mood, self.liked) * nodes
        gain = special.expit(odds + self.effect) - special.expit(odds)
        return float(weights @ gain / weights.sum())

    def settings(self, seed: int, draws: int = 200) -> Settings:
        return Settings(
            predictor="wait_seconds",
            predictor_label="Wait",
            plural="waits",
            measure_unit="seconds",
            outcome="csat",
            controls=("channel", "touchpoint", "hour", "previous"),
            minimum_n=30,
            time_zone="Europe/Lisbon",
            as_of="2026-11-01T00:00:00+00:00",
            threshold=THRESHOLD,
            seed=seed,
            draws=draws,
        )

    def study(self, seed: int) -> Found:
        from analytics.studies.operational.compute import compute

        table = self.frame(seed)
        result = compute(table, self.settings(seed))
        assert result.contrast is not None, result.why
        link, truth = result.contrast, self.difference
        value, p = naive(table)
        return Found(
            covered=(link.after.low <= truth <= link.after.high,),
            discovered=(link.q < ALPHA,),
            is_null=(self.effect == 0.0,),
            reading=link.reading,
            value=link.after.value,
            truth=truth,
            naive=value,
            naive_discovered=p < ALPHA,
        )

    def frame(self, seed: int) -> pd.DataFrame:
        random = np.random.default_rng([104_729, seed])
        who, agent = random.integers(0, CUSTOMERS, CONTACTS), random.integers(0, self.agents, CONTACTS)
        unhappy = random.standard_normal(CUSTOMERS)
        liked, slow = (
            deviation * random.standard_normal(self.agents) for deviation in (self.liked, self.slow)
        )
        own = 0.7 * (self.mood > 0) * unhappy[who]
        wait = np.round(150 * np.exp(0.75 * random.standard_normal(CONTACTS) + own + slow[agent]))
        base = BASE - self.mood * unhappy[who]

        def answered(odds: np.ndarray) -> np.ndarray:
            return np.where(random.random(CONTACTS) < special.expit(odds), 5.0, 2.0)

        value = answered(base + self.effect * (wait > THRESHOLD) + liked[agent])
        earlier, previous, known = answered(base), answered(base), random.random(CONTACTS)
        at = START + pd.to_timedelta(np.sort(random.integers(0, 400 * 86_400, CONTACTS)), unit="s")
        return pd.DataFrame(
            {
                "customer": [f"c{one:05}" for one in who],
                "answered_at": at,
                "contact": [f"i{one:06}" for one in range(CONTACTS)],
                "channel": random.choice(["phone", "chat"], CONTACTS),
                "touchpoint": random.choice(["support-call", "support-chat"], CONTACTS),
                "agent": [f"e{one:03}" for one in agent],
                "contact_at": at,
                "hour": random.integers(8, 20, CONTACTS),
                "measure": wait,
                "value": value,
                "previous": np.where(known < 0.6, previous, np.nan),
                "earlier": np.where(known < 0.3, earlier, np.nan),
            }
        )


CONTACT_LINK = Contacts("contacts, a real link", effect=-0.8, liked=0.4, slow=0.4)
CONTACT_NULL = Contacts("contacts, clustered by agent, no link", liked=1.6, slow=0.8, agents=20)
CONTACT_SELECTION = Contacts("contacts, pure selection", mood=1.2)
REGIMES = (CONTACT_LINK, CONTACT_NULL, CONTACT_SELECTION)


def naive(table: pd.DataFrame) -> tuple[float, float]:
    """Difference of the two shares and its p, every contact taken as independent."""
    long, satisfied = table["measure"].to_numpy() > THRESHOLD, table["value"].to_numpy() > 3
    above, below = satisfied[long], satisfied[~long]
    p = satisfied.mean()
    error = float(np.sqrt(p * (1 - p) * (1 / len(above) + 1 / len(below))))
    value = float(above.mean() - below.mean())
    return value, float(2 * stats.norm.sf(abs(value / error)))
