"""What an items frame says of its columns."""

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True, slots=True)
class Item:
    """As `analytics.frames.items.Item`: a rated item, the matrix it is part of ("" without) and its ends."""

    column: str
    metric: str
    label: str
    scale: str
    scale_label: str
    low: float
    high: float


def items_of(frame: pd.DataFrame) -> list[Item]:
    """The rated items beside the attitude, labels told apart where two read the same."""
    found = [Item(**stored) for stored in frame.attrs.get("items", [])]
    labels = [item.label for item in found]
    return [
        item
        if labels.count(item.label) == 1
        else Item(
            item.column,
            item.metric,
            f"{item.label} ({item.scale_label or item.metric})",
            item.scale,
            item.scale_label,
            item.low,
            item.high,
        )
        for item in found
    ]


def own_of(frame: pd.DataFrame) -> Item | None:
    """The attitude itself as an item; None where no survey's document knows it."""
    stored = frame.attrs.get("own")
    return Item(**stored) if stored else None
