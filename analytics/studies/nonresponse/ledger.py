"""From those eligible to those followed: how many, and what they did beforehand."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analytics.stats import regression
from analytics.studies.interval import Interval
from analytics.studies.sections.nonresponse import Gap, Stage

#: Figures before the occasion: column, label, unit.
FIGURES = (
    ("revenue", "Revenue", "money"),
    ("orders", "Orders", "count"),
    ("contacts", "Contacts", "count"),
    ("tenure_days", "Tenure", "days"),
)


def eligible(asked: pd.DataFrame) -> pd.DataFrame:
    """Occasions that no rule kept back, in the part's order: by customer, then time."""
    return asked[(asked["reason"] == "").to_numpy()].reset_index(drop=True)


def ineligible(asked: pd.DataFrame) -> dict[str, int]:
    counts = asked["reason"].astype(str).value_counts()
    return {str(reason): int(n) for reason, n in sorted(counts.items()) if reason and n}


def reached(occasions: pd.DataFrame) -> np.ndarray:
    """Which customers (by number) answered an occasion and are followed."""
    came = (occasions["answered"] == 1) & (occasions["followed"] >= 0)
    found: np.ndarray = occasions["customer"].to_numpy()[came.to_numpy()]
    return found


def stages(occasions: pd.DataFrame) -> list[Stage]:
    """Of eligible occasions. A customer came as far as on any of them; what they did is that before the first."""
    if occasions.empty:
        return []
    first = occasions.drop_duplicates("customer").set_index("customer")
    return [
        _stage(key, label, first.loc[first.index.isin(customers)])
        for key, label, customers in _reached_by_stage(occasions)
    ]


def _reached_by_stage(occasions: pd.DataFrame) -> Iterator[tuple[str, str, np.ndarray]]:
    who = occasions["customer"].to_numpy()
    yield "eligible", "Eligible", who
    yield "sampled", "Sampled", who[occasions["sampled"].to_numpy() == 1]
    yield "invited", "Invited, and it arrived", who[occasions["delivered"].to_numpy() == 1]
    yield "answered", "Answered", who[occasions["answered"].to_numpy() == 1]
    yield "followed", "Followed to the end", reached(occasions)


def _stage(key: str, label: str, rows: pd.DataFrame) -> Stage:
    shares = rows["segment"].astype(str).value_counts(normalize=True)
    return Stage(
        key=key,
        label=label,
        customers=len(rows),
        revenue=_mean(rows["revenue"]),
        orders=_mean(rows["orders"]),
        tenure_days=_mean(rows["tenure_days"]),
        segments={str(name): float(share) for name, share in sorted(shares.items()) if share > 0},
    )


def _mean(values: pd.Series) -> float | None:
    return float(values.mean()) if values.notna().any() else None


def gaps(occasions: pd.DataFrame, level: float) -> list[Gap]:
    """Occasions that were answered less those that arrived and were not; errors clustered by customer."""
    there = occasions[(occasions["delivered"] == 1).to_numpy()]
    found = []
    for column, label, unit in FIGURES:
        rows = there[there[column].notna().to_numpy()]
        if rows["answered"].nunique() < 2 or rows[column].nunique() < 2 or rows["customer"].nunique() < 10:
            continue
        fit = regression.linear(
            rows[column].to_numpy(),
            {"answered": rows["answered"].to_numpy(dtype=np.float64)},
            groups=rows["customer"].to_numpy(),
            level=level,
        )
        term = fit.terms["answered"]
        found.append(Gap(column, label, unit, Interval(term.coefficient, term.low, term.high), term.p))
    return found
