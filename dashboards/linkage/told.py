"""A result's sentences, whatever its kind."""

from collections.abc import Mapping
from typing import Any

from analytics.exports.tables import sentences

Json = Mapping[str, Any]


def kind(result: Json) -> str:
    """Results from before there were kinds are financial."""
    return str(result.get("kind", "financial"))


def told(result: Json) -> Any:
    """lede, then, short, foot, worth, checks, and `title` (financial: `bands_title`) of the main picture."""
    return sentences(result)


def title(result: Json) -> str:
    words = told(result)
    return str(getattr(words, "title", "") or getattr(words, "bands_title", ""))
