"""What customers write: a small grammar a topic, mood and language, all phrases our own.

A text is an optional opening, a clause about the topic, an optional detail and an optional close. `{p}` is a
product, `{d}` a number of days, `{m}` of minutes.
"""

import random
from typing import Any

import numpy as np

from .phrases import PHRASES
from .phrases_other import OTHER

LANGUAGES: dict[str, Any] = {"en": PHRASES, **OTHER}
_MOODS = {-1: "bad", 0: "mixed", 1: "good"}


class Writer:
    """Writes verbatims with one stream of random numbers."""

    def __init__(self, rng: np.random.Generator, products: tuple[str, ...]) -> None:
        self._random = random.Random(int(rng.integers(2**63)))
        self._products = products

    def write(self, topic: str, mood: int, language: str, product: int = -1) -> str:
        """One verbatim.

        Args:
            topic: a rated item, "resolution" or "assembly".
            mood: −1, 0 or 1.
            product: which one it is about; −1 any.
        """
        luck, phrases = self._random, LANGUAGES[language]
        tone = phrases[_MOODS[mood]]
        parts = [luck.choice(phrases["topics"][topic][_MOODS[mood]])]
        if luck.random() < 0.45:
            parts.insert(0, luck.choice(tone["openings"]))
        if luck.random() < 0.40:
            parts.append(luck.choice(tone["details"]))
        if luck.random() < 0.35:
            parts.append(luck.choice(tone["closings"]))
        name = self._products[product] if product >= 0 else luck.choice(self._products)
        text = " ".join(parts).format(p=name, d=luck.randint(3, 29), m=luck.randint(6, 55))
        return text if luck.random() > 0.06 else text.lower().rstrip(".")
