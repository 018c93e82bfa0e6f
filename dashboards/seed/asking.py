"""Who is asked, who is not and why, and who answers."""

from dataclasses import dataclass

import numpy as np

from .contacts import CONTACT, TASK, Interactions
from .customers import Customers
from .moments import Moments
from .orders import Spend
from .randomness import sigmoid, stream, within_groups
from .truth import DAYS, Truth

NPS, CSAT, CES, PULSE = range(4)
#: Why somebody was not eligible; "" is eligible.
REASONS = ("", "opted_out", "no_address", "quarantine")


@dataclass(frozen=True)
class Asks:
    """Everybody who was due to be asked, asked or not; sorted by customer and time."""

    survey: np.ndarray  # NPS, CSAT or CES
    who: np.ndarray
    row: np.ndarray  # of the moments (NPS) or of the interactions (CSAT, CES)
    at: np.ndarray
    reason: np.ndarray  # index into REASONS
    probability: np.ndarray  # of being sampled, if eligible
    sampled: np.ndarray
    bounced: np.ndarray
    spend_before: np.ndarray  # € in the 90 days before
    attitude: np.ndarray  # points away from the mean; without the shock for contacts and tasks
    answered: np.ndarray
    answer_at: np.ndarray

    def __len__(self) -> int:
        return len(self.survey)

    @property
    def sent(self) -> np.ndarray:
        return np.asarray((self.reason == 0) & self.sampled)


def make_asks(
    truth: Truth,
    seed: int,
    block: int,
    customers: Customers,
    moments: Moments,
    interactions: Interactions,
    spend: Spend,
) -> Asks:
    rng = stream(seed, block, "asking")
    contact = np.nonzero(interactions.kind == CONTACT)[0]
    task = np.nonzero(interactions.kind == TASK)[0]
    about = np.r_[contact, task]
    due = interactions.at[about] + np.where(interactions.kind[about] == CONTACT, 2.0, 0.5) / 24
    survey = np.r_[np.full(len(moments), NPS), np.full(len(contact), CSAT), np.full(len(task), CES)]
    who = np.r_[moments.who, interactions.who[about]]
    at = np.r_[moments.ask_at, due]
    row = np.r_[np.arange(len(moments)), about]
    order = np.lexsort((at, who))
    order = order[at[order] < DAYS]
    survey, who, at, row = survey[order], who[order], at[order], row[order]

    probability = np.select(
        [survey == NPS, survey == CSAT],
        [np.asarray(truth.sampling)[customers.segment[who]], np.full(len(who), truth.contact_sampling)],
        truth.task_sampling,
    )
    sampled = rng.random(len(who)) < probability
    reason = np.where(customers.reachable[who], 0, 2)
    reason[at >= np.nan_to_num(customers.opted_out[who], nan=np.inf)] = 1
    reason = _quarantine(truth, who, at, reason, sampled)

    is_nps = survey == NPS
    attitude = customers.stable[who] + truth.attitude_tenure * (customers.tenure_years(who, at) - 2.5)
    attitude[is_nps] = moments.attitude[row[is_nps]]
    before = spend.between(who, at - 90.0, at)
    odds = np.where(
        is_nps,
        truth.answer_intercept
        + truth.answer_on_spend * np.log1p(before)
        + truth.answer_on_attitude * attitude,
        truth.contact_answer[0] + truth.contact_answer[1] * attitude,
    )
    answer_at = at + np.minimum(rng.exponential(0.8, len(who)), 9.0) + 0.003
    answer_at[is_nps] = moments.answer_at[row[is_nps]]
    bounced = rng.random(len(who)) < 0.012
    answered = (
        (reason == 0) & sampled & ~bounced & (rng.random(len(who)) < sigmoid(odds)) & (answer_at < DAYS)
    )
    return Asks(
        survey, who, row, at, reason, probability, sampled, bounced, before, attitude, answered, answer_at
    )


def _quarantine(
    truth: Truth, who: np.ndarray, at: np.ndarray, reason: np.ndarray, sampled: np.ndarray
) -> np.ndarray:
    """Nobody is asked twice within the quarantine. In order of time, all customers at once."""
    reason = reason.copy()
    turn = within_groups(who)
    by_turn = np.argsort(turn, kind="stable")
    ends = np.cumsum(np.bincount(turn)) if len(turn) else np.zeros(0, int)
    last = np.full(int(who.max()) + 1 if len(who) else 0, -np.inf)
    start = 0
    for end in ends:
        rows = by_turn[start:end]
        start = end
        close = at[rows] - last[who[rows]] < truth.quarantine_days
        reason[rows[close & (reason[rows] == 0)]] = 3
        asked = rows[(reason[rows] == 0) & sampled[rows]]
        last[who[asked]] = at[asked]
    return reason
