"""What an items frame says of its columns."""

import pandas as pd

from analytics.frames.item import Item


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
