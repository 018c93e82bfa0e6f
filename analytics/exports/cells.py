"""What tables are made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from analytics.studies.results import READINGS

Cell: TypeAlias = str | float | int | bool | None
Json: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table; `key` names it in addresses, `title` to people."""

    key: str
    title: str
    headers: tuple[str, ...]
    rows: list[list[Cell]]


def reading(name: str) -> str:
    return READINGS.get(name, name)


def ends(interval: Json | None) -> list[Cell]:
    """Value, low, high; three empty cells where there is none."""
    return [None, None, None] if interval is None else [interval["value"], interval["low"], interval["high"]]
