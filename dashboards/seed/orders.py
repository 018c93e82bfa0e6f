"""Orders as a Poisson process whose rate the shocks change; what was bought, refunds, cancellations."""

from dataclasses import dataclass

import numpy as np

from .company import Company
from .customers import Customers
from .moments import Moments
from .randomness import stream
from .season import Calendar
from .truth import DAYS, Truth

ORDER, REFUND, CANCELLATION = 0, 1, 2
#: Pounds for one euro, for customers in the United Kingdom.
POUND = 0.86


@dataclass(frozen=True)
class Transactions:
    """Orders first, sorted by customer and time; then refunds and cancellations, which name their order."""

    who: np.ndarray
    at: np.ndarray
    kind: np.ndarray
    order: np.ndarray  # the order's own position, for refunds and cancellations that of theirs
    product: np.ndarray
    quantity: np.ndarray
    euros: np.ndarray  # in the reporting currency, whole cents
    store: np.ndarray
    orders: int  # how many of the rows are orders

    def __len__(self) -> int:
        return len(self.who)


@dataclass(frozen=True)
class Spend:
    """Euros ordered by each customer up to any moment."""

    keys: np.ndarray
    total: np.ndarray

    def between(self, who: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
        """Gross revenue of each customer in [start, end)."""
        return np.asarray(self._until(who, end) - self._until(who, start))

    def _until(self, who: np.ndarray, time: np.ndarray) -> np.ndarray:
        return np.asarray(self.total[np.searchsorted(self.keys, key(who, time), side="left")])


def key(who: np.ndarray, time: np.ndarray) -> np.ndarray:
    return np.asarray(who * 10_000.0 + np.clip(time, 0.0, 9_999.0))


def multiplier(truth: Truth, shock: np.ndarray) -> np.ndarray:
    """What a shock does to the order rate; 1 on average."""
    return np.asarray(np.exp(truth.shock_on_orders * shock - truth.shock_on_orders**2 / 2))


@dataclass(frozen=True)
class Spells:
    """Stretches in which a customer's shock stays the same: expected orders are rate × factor × season."""

    who: np.ndarray
    start: np.ndarray
    end: np.ndarray
    factor: np.ndarray


def make_spells(truth: Truth, customers: Customers, moments: Moments) -> Spells:
    count = len(customers)
    who = np.r_[np.arange(count), moments.who]
    start = np.r_[np.maximum(customers.since, 0.0), moments.answer_at]
    factor = np.r_[np.ones(count), multiplier(truth, moments.shock)]
    order = np.lexsort((start, who))
    who, start, factor = who[order], start[order], factor[order]
    end = np.minimum(customers.silent[who], DAYS)
    same = who[1:] == who[:-1]
    end[:-1] = np.where(same, np.minimum(end[:-1], start[1:]), end[:-1])
    return Spells(who, start, np.maximum(end, np.minimum(start, DAYS)), factor)


def make_transactions(
    truth: Truth,
    seed: int,
    block: int,
    calendar: Calendar,
    company: Company,
    customers: Customers,
    moments: Moments,
) -> Transactions:
    rng = stream(seed, block, "orders")
    spells = make_spells(truth, customers, moments)
    opened = calendar.season(spells.start)
    length = np.maximum(calendar.season(spells.end) - opened, 0.0)
    drawn = rng.poisson(customers.daily_rate[spells.who] * spells.factor * length)
    spell = np.repeat(np.arange(len(drawn)), drawn)
    at = calendar.moment(opened[spell] + rng.random(len(spell)) * length[spell])
    new = np.nonzero(customers.since >= 0)[0]  # who comes new comes with an order
    who = np.r_[spells.who[spell], new]
    at = np.r_[at, customers.since[new]]
    order = np.lexsort((at, who))
    who, at = who[order], at[order]

    prices = company.prices
    product = np.floor(len(prices) * rng.random(len(who)) ** customers.taste[who]).astype(np.int64)
    most = np.where(prices[product] < 40, 3, 1)
    quantity = 1 + np.floor(rng.random(len(who)) * most).astype(np.int64)
    euros = np.round(prices[product] * quantity * rng.choice((1.0, 1.0, 1.0, 0.9, 0.8), len(who)), 2)
    store = rng.random(len(who)) < 0.22
    after = _afterwards(rng, at)
    back = after[0]
    share = np.where(after[2] == CANCELLATION, 1.0, rng.choice((1.0, 1.0, 0.5, 0.25), len(back)))
    position = np.arange(len(who))
    return Transactions(
        who=np.r_[who, who[back]],
        at=np.r_[at, after[1]],
        kind=np.r_[np.zeros(len(who), np.int64), after[2]],
        order=np.r_[position, back],
        product=np.r_[product, product[back]],
        quantity=np.r_[quantity, quantity[back]],
        euros=np.r_[euros, np.round(euros[back] * share, 2)],
        store=np.r_[store, store[back]],
        orders=len(who),
    )


def _afterwards(rng: np.random.Generator, at: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Which orders are refunded or cancelled, when, and which of the two."""
    luck = rng.random(len(at))
    refunded, cancelled = np.nonzero(luck < 0.06)[0], np.nonzero(luck > 0.975)[0]
    which = np.r_[refunded, cancelled]
    when = np.r_[
        at[refunded] + rng.uniform(5, 30, len(refunded)),
        at[cancelled] + rng.uniform(0.02, 1.5, len(cancelled)),
    ]
    kind = np.r_[np.full(len(refunded), REFUND), np.full(len(cancelled), CANCELLATION)]
    kept = when < DAYS
    return which[kept], when[kept], kind[kept]


def spend_of(transactions: Transactions) -> Spend:
    """Gross: orders only, as the business metric `revenue` counts them."""
    first = slice(0, transactions.orders)
    return Spend(
        key(transactions.who[first], transactions.at[first]), np.r_[0.0, np.cumsum(transactions.euros[first])]
    )
