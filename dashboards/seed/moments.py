"""What happens to customers between two answers: shocks, and from when they count."""

from dataclasses import dataclass

import numpy as np

from .customers import Customers
from .randomness import stream
from .truth import DAYS, Truth


@dataclass(frozen=True)
class Moments:
    """One row for each time a customer is due to be asked; sorted by customer and time."""

    who: np.ndarray  # index into the block's customers
    moment_at: np.ndarray  # when it happened
    ask_at: np.ndarray
    #: When they answer if they do. From here on, and until the next one, the shock acts on orders.
    answer_at: np.ndarray
    shock: np.ndarray  # standard normal
    attitude: np.ndarray  # points away from the mean: segment + tenure + stable + shock
    kind: np.ndarray  # 0 delivery, 1 support, 2 store

    def __len__(self) -> int:
        return len(self.who)


def make_moments(truth: Truth, seed: int, block: int, customers: Customers) -> Moments:
    rng = stream(seed, block, "moments")
    rounds = int(np.ceil(DAYS / truth.ask_interval_days)) + 1
    count = len(customers)
    ask = customers.first_ask[:, None] + truth.ask_interval_days * np.arange(rounds)
    delay = np.minimum(rng.exponential(1.4, (count, rounds)), 12.0) + 0.01
    lead = rng.uniform(*truth.moment_lead_days, (count, rounds))
    shock = rng.standard_normal((count, rounds))
    kind = rng.choice(3, (count, rounds), p=(0.5, 0.35, 0.15))
    who, turn = np.nonzero((ask < DAYS) & (ask >= customers.since[:, None] + 60))
    ask, shock = ask[who, turn], shock[who, turn]
    attitude = (
        customers.stable[who]
        + truth.attitude_tenure * (customers.tenure_years(who, ask) - 2.5)
        + truth.shock_points * shock
    )
    return Moments(
        who=who,
        moment_at=np.maximum(ask - lead[who, turn], 0.0),
        ask_at=ask,
        answer_at=ask + delay[who, turn],
        shock=shock,
        attitude=attitude,
        kind=kind[who, turn],
    )
