"""The whole world, block by block: the same for the same truth, seed, end and size."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from typing import Any

import numpy as np

from . import defaults
from .answers import Answers, Pulse, make_answers, make_pulse, quarter_numbers
from .asking import Asks, make_asks
from .cases import Cases, make_cases
from .company import HALDEN, Company, Staff, make_staff
from .contacts import Interactions, make_interactions
from .customers import Customers, make_customers
from .moments import Moments, make_moments
from .orders import Spend, Transactions, make_transactions, spend_of
from .randomness import stream
from .responses import Responses, make_responses
from .season import Calendar
from .truth import DAYS, Truth

#: Customers generated (and written) at a time. Part of what the world is: another size is another world.
BLOCK = 10_000


@dataclass(frozen=True)
class Block:
    """Some of the customers with everything about them."""

    number: int
    customers: Customers
    moments: Moments
    transactions: Transactions
    spend: Spend
    interactions: Interactions
    asks: Asks
    answers: Answers
    responses: Responses
    cases: Cases

    def digest(self) -> str:
        """SHA-256 of every array, to tell equal worlds."""
        found = hashlib.sha256()
        for table in (getattr(self, one.name) for one in fields(self)):
            if is_dataclass(table):
                for one in fields(table):
                    value: Any = getattr(table, one.name)
                    found.update(value.tobytes() if isinstance(value, np.ndarray) else repr(value).encode())
        return found.hexdigest()


@dataclass(frozen=True)
class World:
    """What is to be generated. `blocks` makes it, a block at a time, so that memory stays flat."""

    truth: Truth
    seed: int
    until: date
    customers: int
    company: Company = HALDEN

    @property
    def calendar(self) -> Calendar:
        return Calendar.ending(self.until, self.truth)

    @property
    def staff(self) -> Staff:
        quarters = int(quarter_numbers(self.calendar, np.array([DAYS - 1e-3]))[0]) + 1
        return make_staff(self.truth, stream(self.seed, 0, "staff"), quarters)

    @property
    def pulse(self) -> Pulse:
        return make_pulse(self.truth, self.seed, self.calendar, self.staff)

    @property
    def block_numbers(self) -> range:
        return range(-(-self.customers // BLOCK))

    def blocks(self) -> Iterator[Block]:
        for number in self.block_numbers:
            yield self.block(number)

    def block(self, number: int) -> Block:
        truth, seed, calendar, staff = self.truth, self.seed, self.calendar, self.staff
        first = number * BLOCK + 1
        customers = make_customers(truth, seed, number, first, min(BLOCK, self.customers - first + 1))
        moments = make_moments(truth, seed, number, customers)
        transactions = make_transactions(truth, seed, number, calendar, self.company, customers, moments)
        spend = spend_of(transactions)
        interactions = make_interactions(
            truth,
            seed,
            number,
            calendar,
            staff,
            customers,
            moments,
            transactions,
            len(self.company.products),
        )
        asks = make_asks(truth, seed, number, customers, moments, interactions, spend)
        answers = make_answers(truth, seed, number, calendar, staff, customers, interactions, asks)
        responses = make_responses(
            seed, number, self.company, calendar, customers, interactions, asks, answers
        )
        cases = make_cases(truth, seed, number, interactions, responses)
        return Block(
            number, customers, moments, transactions, spend, interactions, asks, answers, responses, cases
        )


def demo(until: date, *, seed: int = defaults.SEED, customers: int = defaults.CUSTOMERS) -> World:
    """Halden Home as the demo shows it."""
    return World(Truth(), seed, until, customers)
