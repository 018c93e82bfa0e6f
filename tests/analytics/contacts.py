"""Operational frames made in memory: simulated with a truth of their own, or from the seeded world."""

from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from analytics.studies.operational.settings import Settings
from dashboards.seed import asking
from dashboards.seed.world import Block

SETTINGS: dict[str, Any] = {
    "predictor": "wait_seconds",
    "predictor_label": "Wait",
    "plural": "waits",
    "measure_unit": "seconds",
    "outcome": "csat",
    "controls": ("channel", "touchpoint", "hour", "previous"),
    "minimum_n": 30,
    "time_zone": "Europe/Lisbon",
    "as_of": "2026-11-01T00:00:00+00:00",
    "seed": 1,
}
HANDLING = {
    "predictor": "handle_seconds",
    "predictor_label": "Handling time",
    "plural": "handling times",
    "measure_unit": "seconds",
}
START = pd.Timestamp("2025-01-01", tz="UTC")


def settings(**changes: Any) -> Settings:
    return Settings(**{**SETTINGS, **changes})


def frame(
    n: int = 1_200,
    *,
    effect: float = 0.0,
    mood: float = 0.0,
    agent_effect: float = 0.0,
    wait_by_agent: float = 0.0,
    customers: int = 700,
    agents: int = 40,
    threshold: float = 240.0,
    seed: int = 1,
) -> pd.DataFrame:
    """`effect`: log odds of being satisfied once the wait is beyond `threshold`. `mood`: how far customers who
    wait long are unhappy ones anyway (selection, the same at every answer). `agent_effect`, `wait_by_agent`:
    standard deviations between agents of satisfaction (log odds) and of the log wait."""
    rng = np.random.default_rng(seed)
    who, agent = rng.integers(0, customers, n), rng.integers(0, agents, n)
    unhappy = rng.standard_normal(customers)
    by_agent = agent_effect * rng.standard_normal(agents)
    slow = wait_by_agent * rng.standard_normal(agents)
    wait = np.round(
        150 * np.exp(0.75 * rng.standard_normal(n) + 0.7 * (mood > 0) * unhappy[who] + slow[agent])
    )
    base = 1.3 - mood * unhappy[who]

    def answered(odds: np.ndarray) -> np.ndarray:
        return np.where(rng.random(n) < special.expit(odds), 5.0, 2.0)

    value = answered(base + effect * (wait > threshold) + by_agent[agent])
    earlier, previous = answered(base), answered(base)
    known = rng.random(n)
    at = START + pd.to_timedelta(np.sort(rng.integers(0, 400 * 86_400, n)), unit="s")
    return pd.DataFrame(
        {
            "customer": [f"c{i:05}" for i in who],
            "answered_at": at,
            "contact": [f"i{i:06}" for i in range(n)],
            "channel": rng.choice(["phone", "chat"], n),
            "touchpoint": rng.choice(["support-call", "support-chat"], n),
            "agent": [f"e{i:03}" for i in agent],
            "contact_at": at,
            "hour": rng.integers(8, 20, n),
            "measure": wait,
            "value": value,
            "previous": np.where(known < 0.6, previous, np.nan),
            "earlier": np.where(known < 0.3, earlier, np.nan),
        }
    )


def seeded(block: Block, measure: str) -> pd.DataFrame:
    """What `frames.operational` would read of a seeded block: `wait` or `handle`."""
    asks, interactions = block.asks, block.interactions
    rows = np.nonzero(asks.answered & (asks.survey == asking.CSAT))[0]
    about = interactions.at_rows(asks.row[rows])
    kept = ~np.isnan(getattr(about, measure))
    rows, about = rows[kept], about.at_rows(np.flatnonzero(kept))
    score, who, at = block.answers.score[rows], asks.who[rows], asks.answer_at[rows]
    order = np.lexsort((at, who))
    previous, earlier = np.full(len(rows), np.nan), np.full(len(rows), np.nan)
    for column, back in ((previous, 1), (earlier, 2)):
        same = who[order][back:] == who[order][:-back]
        column[order[back:][same]] = score[order[:-back][same]]
    return pd.DataFrame(
        {
            "customer": [f"c{i:05}" for i in who],
            "answered_at": START + pd.to_timedelta(at, unit="D"),
            "contact": [f"i{i:06}" for i in range(len(rows))],
            "channel": [str(one) for one in about.channel],
            "touchpoint": [str(one) for one in about.place],
            "agent": [f"e{i:03}" for i in about.employee],
            "contact_at": START + pd.to_timedelta(about.at, unit="D"),
            "hour": np.floor(about.at % 1 * 24).astype(int),
            "measure": getattr(about, measure),
            "value": score,
            "previous": previous,
            "earlier": earlier,
        }
    )
