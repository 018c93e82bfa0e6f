"""Constituency frames made in memory, with a truth of their own."""

from typing import Any

import numpy as np
import pandas as pd

from analytics.studies.constituency.settings import Settings

SETTINGS: dict[str, Any] = {
    "predictor": "rating:engagement",
    "predictor_label": "Engagement",
    "outcome": "csat",
    "controls": ("size", "region", "previous", "period"),
    "minimum_n": 10,
    "time_zone": "Europe/Lisbon",
    "as_of": "2026-11-01T00:00:00+00:00",
    "seed": 1,
}


def settings(**changes: Any) -> Settings:
    return Settings(**{**SETTINGS, **changes})


def frame(
    units: int = 24,
    periods: int = 6,
    *,
    effect: float = 0.0,
    stable: float = 0.0,
    lasting: float = 0.3,
    customers: int = 60,
    seed: int = 1,
) -> pd.DataFrame:
    """`effect`: share of satisfied customers per point of engagement. `stable`: the same per point of what a team
    lastingly is, which its engagement leans on as well (selection). `lasting`: how much of engagement lasts."""
    rng = np.random.default_rng(seed)
    who = rng.standard_normal(units)
    total = periods + 2
    felt = 3.7 + 0.5 * (
        np.sqrt(lasting) * who[:, None] + np.sqrt(1 - lasting) * rng.standard_normal((units, total))
    )
    season = 0.03 * rng.standard_normal(total)
    expected = np.clip(0.75 + effect * (felt - 3.7) + stable * who[:, None] + season, 0.02, 0.98)
    score = rng.binomial(customers, expected) / customers
    rows = []
    for unit in range(units):
        for period in range(2, total):
            employees = int(rng.integers(5, 12))
            answers = felt[unit, period] + rng.normal(0, 0.3, employees)
            rows.append(
                {
                    "unit": f"T-{unit:02}",
                    "period": pd.Timestamp("2025-01-01", tz="UTC") + pd.DateOffset(months=3 * period),
                    "name": f"Team {unit:02}",
                    "region": ("North", "South", "West")[unit % 3],
                    "size": 8 + unit % 5,
                    "employees": employees,
                    "felt": felt[unit, period],  # without error, so that the slope to recover is `effect`
                    "felt_within": float(((answers - answers.mean()) ** 2).sum()),
                    "customers": customers,
                    "outcome": score[unit, period],
                    "outcome_within": customers * score[unit, period] * (1 - score[unit, period]),
                    "previous": score[unit, period - 1],
                    "earlier": score[unit, period - 2],
                }
            )
    return pd.DataFrame(rows)
