"""Teams in memory whose truth is known, as frames of a constituency study.

Employees' engagement partly lasts from quarter to quarter, and so does what customers think of a team whether its
people are engaged or not. Answers are many and units are few: whoever counts answers as n sees links everywhere.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd
from scipy import stats

from analytics.studies.constituency.settings import Settings
from bench.found import ALPHA, Found

UNITS, PERIODS, CUSTOMERS = 24, 6, 60
LEVEL, SPREAD = 3.7, 0.5


@dataclass(frozen=True)
class Teams:
    """What is planted.

    effect: share of satisfied customers a point of engagement. lasting: how much of engagement lasts. own: standard
    deviation of what lastingly sets teams' customers apart, whatever their engagement. leaning: the same, but
    engagement leans on it (selection), by standard deviation.
    """

    name: str
    effect: float = 0.0
    lasting: float = 0.3
    own: float = 0.0
    leaning: float = 0.0
    controls: tuple[str, ...] = ("size", "region", "previous", "period")

    kind: ClassVar[str] = "constituency"

    def settings(self, seed: int) -> Settings:
        return Settings(
            predictor="rating:engagement",
            predictor_label="Engagement",
            outcome="csat",
            controls=self.controls,
            minimum_n=10,
            time_zone="Europe/Lisbon",
            as_of="2026-11-01T00:00:00+00:00",
            seed=seed,
        )

    def study(self, seed: int) -> Found:
        from analytics.studies.constituency.compute import compute

        table = self.frame(seed)
        result = compute(table, self.settings(seed))
        assert result.slope is not None, result.why
        assert result.facts.units == UNITS  # the n that is told, whatever the number of answers
        link = result.slope
        value, p = naive(table)
        return Found(
            covered=(link.after.low <= self.effect <= link.after.high,),
            discovered=(link.q < ALPHA,),
            is_null=(self.effect == 0.0,),
            reading=link.reading,
            value=link.after.value,
            truth=self.effect,
            naive=value,
            naive_discovered=p < ALPHA,
        )

    def frame(self, seed: int) -> pd.DataFrame:
        random = np.random.default_rng([7_919, seed])
        who = random.standard_normal(UNITS)
        total = PERIODS + 2
        moods = random.standard_normal((UNITS, total))
        felt = LEVEL + SPREAD * (np.sqrt(self.lasting) * who[:, None] + np.sqrt(1 - self.lasting) * moods)
        lasting = self.own * random.standard_normal(UNITS) + self.leaning * who
        season = 0.03 * random.standard_normal(total)
        expected = 0.75 + self.effect * (felt - LEVEL) + lasting[:, None] + season
        score = random.binomial(CUSTOMERS, np.clip(expected, 0.02, 0.98)) / CUSTOMERS
        unit, period = (one.ravel() for one in np.mgrid[0:UNITS, 2:total])
        employees = random.integers(5, 12, len(unit))
        outcome = score[unit, period]
        return pd.DataFrame(
            {
                "unit": [f"T-{one:02}" for one in unit],
                "period": [QUARTERS[one] for one in period],
                "name": [f"Team {one:02}" for one in unit],
                "region": np.array(("North", "South", "West"))[unit % 3],
                "size": 8 + unit % 5,
                "employees": employees,
                "felt": felt[unit, period],  # without error, so that the slope to recover is `effect`
                "felt_within": 0.09 * (employees - 1),
                "customers": CUSTOMERS,
                "outcome": outcome,
                "outcome_within": CUSTOMERS * outcome * (1 - outcome),
                "previous": score[unit, period - 1],
                "earlier": score[unit, period - 2],
            }
        )


QUARTERS = [
    pd.Timestamp("2025-01-01", tz="UTC") + pd.DateOffset(months=3 * one) for one in range(PERIODS + 2)
]

TEAM_LINK = Teams("teams, a real link", effect=0.10)
TEAM_NULL = Teams("teams, clustered, no link", lasting=0.9, own=0.1, controls=("period",))
TEAM_SELECTION = Teams("teams, pure selection", lasting=0.8, leaning=0.04, controls=("period",))
REGIMES = (TEAM_LINK, TEAM_NULL, TEAM_SELECTION)


def naive(table: pd.DataFrame) -> tuple[float, float]:
    """Slope and p of least squares on single customers' answers, each with its team's score, as if independent."""
    x, y, n = table["felt"].to_numpy(), table["outcome"].to_numpy(), table["customers"].to_numpy(dtype=float)
    centred = x - np.average(x, weights=n)
    squares = float(n @ centred**2)
    slope = float((n * centred) @ y) / squares
    fitted = np.average(y, weights=n) + slope * centred
    answers = float(n.sum())
    # Σ over answers of (0 or 1 less fitted)², from each team's share.
    rest = float(n @ (y * (1 - y) + (y - fitted) ** 2))
    error = np.sqrt(rest / (answers - 2) / squares)
    return slope, float(2 * stats.t.sf(abs(slope / error), answers - 2))
