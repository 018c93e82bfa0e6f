"""Frames made in memory, for what is pure."""

from typing import Any

import numpy as np
import pandas as pd

from analytics.studies.settings import Settings

BANDS = ("promoter", "passive", "detractor")
SETTINGS: dict[str, Any] = {
    "predictor": "nps",
    "outcome": "revenue",
    "controls": ("revenue", "tenure_days", "segment"),
    "horizon_days": 90,
    "lookback_days": 90,
    "minimum_n": 30,
    "currency": "EUR",
    "as_of": "2026-11-01T00:00:00+00:00",
    "seed": 1,
}


def settings(**changes: Any) -> Settings:
    return Settings(**{**SETTINGS, **changes})


def frame(
    n: int = 600, *, effect: float = 0.0, selection: float = 0.0, placebo: float = 0.0, seed: int = 1
) -> pd.DataFrame:
    """`effect`: log ratio of spending a band up. `selection`: how far answers follow the segment's rate.
    `placebo`: log ratio of earlier spending a band up, as when something unseen is behind both."""
    random = np.random.default_rng(seed)
    segment = random.choice(["basic", "gold"], n)
    rate = np.where(segment == "gold", 3.0, 1.0)
    liking = selection * np.log(rate) + random.normal(0, 1, n)
    step = np.where(liking > 0.4, 1, np.where(liking > -0.4, 0, -1))

    def spend(rates: np.ndarray) -> np.ndarray:
        orders = random.poisson(rates)
        return np.where(orders > 0, random.gamma(np.maximum(orders, 1) * 3.0, 10.0), 0.0).round(2)

    answered = pd.Timestamp("2026-01-01", tz="UTC") + pd.to_timedelta(
        random.integers(0, 200 * 86_400, n), unit="s"
    )
    return pd.DataFrame(
        {
            "customer": [f"{i:05}" for i in range(n)],
            "answered_at": answered,
            "value": np.where(step > 0, 9.0, np.where(step < 0, 4.0, 7.0)),
            "band": np.select([step > 0, step == 0], ["promoter", "passive"], "detractor"),
            "outcome": spend(rate * np.exp(effect * step)),
            "placebo": spend(rate * np.exp(placebo * step)),
            "lookback_covered": 1,
            "placebo_possible": 1,
            "c_revenue": spend(rate),
            "p_revenue": spend(rate),
            "tenure_days": random.uniform(10, 2000, n),
            "segment": segment,
        }
    )
