"""What the tables of one block share: ids, texts of times, references to what was there before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .. import people
from ..ids import uuids
from ..world import Block, World

#: What goes into one table: model, fields, rows.
Table = tuple[Any, Sequence[str], Iterable[Sequence[Any]]]
Texts = list[Any]
#: Order and other numbers of a block start anew after so many, so that no two blocks share one.
NUMBERS_A_BLOCK = 1_000_000
#: Metric and question id of each survey's overall score.
METRICS = ("nps", "csat", "ces")


@dataclass(frozen=True)
class References:
    """Ids of what is there before the first block."""

    touchpoints: Texts
    employees: Texts
    teams: Texts  # of each employee
    surveys: Texts
    versions: Texts
    survey_names: tuple[str, ...]


class BlockRows:
    """One block with the ids its rows will have."""

    def __init__(self, world: World, block: Block, references: References) -> None:
        self.world, self.block, self.to = world, block, references
        self.calendar = world.calendar
        self.products = world.company.product_names
        self.customers = uuids(len(block.customers))
        self.interactions = uuids(len(block.interactions))
        self.asks = uuids(len(block.asks))
        self.responses = uuids(len(block.responses))
        self.first_number = block.number * NUMBERS_A_BLOCK + 1
        countries = block.customers.country
        self.names = people.names(countries, np.random.default_rng([world.seed, block.number, 1]))

    def time(self, time: np.ndarray) -> Texts:
        """ISO texts; None for NaN."""
        known = ~np.isnan(time)
        texts = np.datetime_as_string(
            self.calendar.instants(np.where(known, time, 0.0)), timezone="UTC"
        ).tolist()
        return texts if known.all() else [text if k else None for text, k in zip(texts, known, strict=True)]

    def order_number(self, position: int) -> str:
        return f"88-{self.first_number + position:06d}"
