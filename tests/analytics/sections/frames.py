"""Frames of the sections, made in memory with a known truth."""

from typing import Any

import numpy as np
import pandas as pd

ENDS = {"low": 1.0, "high": 5.0}


def item(column: str, label: str, scale: str = "", **ends: float) -> dict[str, Any]:
    return {
        "column": column,
        "metric": f"rating:{label.lower().replace(' ', '-')}",
        "label": label,
        "scale": scale,
        "scale_label": scale.capitalize(),
        **ENDS,
        **ends,
    }


def items(n: int = 400, *, seed: int = 1, weights: tuple[float, ...] = (0.8, 0.4, 0.0)) -> pd.DataFrame:
    """An overall answer 0–10 made of rated items 1–5 that share a halo; the last items weigh nothing."""
    random = np.random.default_rng(seed)
    halo = random.normal(0, 0.7, n)
    answers = {
        f"i{place}": np.clip(np.rint(3.4 + halo + random.normal(0, 1.0, n)), 1, 5)
        for place in range(len(weights))
    }
    overall = 2.0 + sum(weight * answers[f"i{place}"] for place, weight in enumerate(weights))
    value = np.clip(np.rint(overall + random.normal(0, 1.0, n)), 0, 10)
    frame = pd.DataFrame(
        {
            "customer": pd.Categorical([f"{row:05}" for row in range(n)]),
            "answered_at": pd.Timestamp("2026-01-01", tz="UTC"),
            "value": value,
            "touchpoint": "",
            **answers,
        }
    )
    names = ("Delivery on time", "Product quality", "Wait time", "Store staff", "Returns")
    return describe(
        frame, [item(f"i{place}", names[place % 5] + "!" * (place // 5)) for place in range(len(weights))]
    )


def describe(
    frame: pd.DataFrame, found: list[dict[str, Any]], own: dict[str, Any] | None = None
) -> pd.DataFrame:
    frame.attrs["items"] = found
    frame.attrs["own"] = own or item("value", "How likely are you to recommend us?", low=0.0, high=10.0)
    frame.attrs["answers"] = len(frame)
    return frame


def returning(
    n: int = 900, *, ratio: float = 1.0, crossing: float = 0.0, seed: int = 1, days: float = 200.0
) -> pd.DataFrame:
    """First answers with the days until the next order. `ratio`: hazard of a band against the one below it.
    `crossing`: how far promoters' hazard starts higher and ends lower (log hazard a hundred days)."""
    random = np.random.default_rng(seed)
    step = random.integers(-1, 2, n)
    spend = random.gamma(2.0, 30.0, n)
    rate = 0.012 * ratio**step * np.exp(0.002 * (spend - 60.0))
    wait = random.exponential(1.0, n) / rate
    if crossing:
        # Cumulative hazard rate·(1 − exp(−k·t))/k of promoters: high at first, then spent.
        k = crossing / 100.0
        spent = np.minimum(random.exponential(1.0, n) * k / (rate * 3.0), 1.0 - 1e-12)
        wait = np.where(step > 0, -np.log1p(-spent) / k, wait)
    followed = np.floor(random.uniform(0, days, n))
    after = np.ceil(wait)
    return pd.DataFrame(
        {
            "answered_at": pd.Timestamp("2026-01-01", tz="UTC"),
            "value": np.select([step > 0, step == 0], [9.0, 7.0], 4.0),
            "band": pd.Categorical(np.select([step > 0, step == 0], ["promoter", "passive"], "detractor")),
            "lookback_covered": 1,
            "placebo_possible": 1,
            "c_revenue": spend,
            "p_revenue": spend,
            "tenure_days": random.uniform(10, 2000, n),
            "segment": pd.Categorical(random.choice(["basic", "gold"], n)),
            "next_days": np.where(after <= followed + 1, after, np.nan),
            "followed_days": followed,
        }
    )


def asked(n: int = 300, *, seed: int = 2, answered: float = 0.4, rate: float = 0.01) -> pd.DataFrame:
    """Two invitations a customer, the second a month later."""
    random = np.random.default_rng(seed)
    followed = np.floor(random.uniform(60, 200, n))
    after = np.ceil(random.exponential(1.0 / rate, n))
    first = pd.DataFrame(
        {
            "customer": np.arange(n),
            "asked_at": pd.Timestamp("2026-01-01", tz="UTC"),
            "delivered": 1,
            "answered": (random.uniform(size=n) < answered).astype(np.int64),
            "next_days": np.where(after <= followed, after, np.nan),
            "followed_days": followed,
        }
    )
    later = first.assign(
        asked_at=pd.Timestamp("2026-02-01", tz="UTC"), answered=1, followed_days=followed - 31
    )
    return pd.concat([first, later], ignore_index=True)
