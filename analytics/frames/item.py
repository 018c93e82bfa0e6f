"""What an items frame says of one of its columns: read by what computes, too, so nothing of Django is loaded here."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Item:
    """A rated item: its column, metric, name, the matrix it is part of (a scale; "" without) and its ends."""

    column: str
    metric: str
    label: str
    scale: str
    scale_label: str
    low: float
    high: float
