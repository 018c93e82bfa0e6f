"""Small worlds, made once."""

from datetime import date
from functools import lru_cache

from dashboards.seed.truth import Truth
from dashboards.seed.world import Block, World

UNTIL = date(2026, 11, 22)


@lru_cache(64)
def block(seed: int, customers: int = 1_500, truth: Truth | None = None) -> Block:
    return World(truth or Truth(), seed, UNTIL, customers).block(0)
