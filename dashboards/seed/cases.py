"""Cases that detractors, dissatisfied customers and complaints opened, and when they were closed."""

from dataclasses import dataclass

import numpy as np

from .asking import CSAT, NPS
from .company import EMPLOYEES_A_TEAM, TEAMS
from .contacts import Interactions
from .randomness import stream
from .responses import COMPLETE, Responses
from .truth import DAYS, Truth

OPENED_BY = ("detractor", "low_csat", "complaint")
ROOT_CAUSES = (
    "delivery partner",
    "stock and lead times",
    "damaged part",
    "advice",
    "invoice",
    "waiting time",
    "",
)
#: Days within which a case is to be closed, by what opened it.
TARGET_DAYS = np.array([10.0, 8.0, 6.0])


@dataclass(frozen=True)
class Cases:
    """Sorted by time; `closed_at` is NaN while open."""

    who: np.ndarray
    reason: np.ndarray  # index into OPENED_BY
    source: np.ndarray  # row of the responses, or of the interactions for complaints
    opened_at: np.ndarray
    due_at: np.ndarray
    closed_at: np.ndarray
    waiting: np.ndarray
    owner: np.ndarray  # employee, −1 nobody yet
    root_cause: np.ndarray  # index into ROOT_CAUSES

    def __len__(self) -> int:
        return len(self.who)


def make_cases(
    truth: Truth, seed: int, block: int, interactions: Interactions, responses: Responses
) -> Cases:
    rng = stream(seed, block, "cases")
    known = (responses.who >= 0) & responses.counts & (responses.status == COMPLETE)
    picked = rng.random(len(responses)) < truth.followed_up
    detractor = np.nonzero(known & picked & (responses.survey == NPS) & (responses.score <= 6))[0]
    unhappy = np.nonzero(known & picked & (responses.survey == CSAT) & (responses.score <= 2))[0]
    complaint = np.nonzero(interactions.complaint)[0]
    reason = np.repeat([0, 1, 2], [len(detractor), len(unhappy), len(complaint)])
    source = np.r_[detractor, unhappy, complaint]
    who = np.r_[responses.who[detractor], responses.who[unhappy], interactions.who[complaint]]
    opened = np.r_[responses.at[detractor], responses.at[unhappy], interactions.at[complaint]] + 0.01
    order = np.argsort(opened, kind="stable")
    order = order[opened[order] < DAYS]
    reason, source, who, opened = reason[order], source[order], who[order], opened[order]
    count = len(order)
    taken = TARGET_DAYS[reason] * np.exp(rng.normal(-0.85, 0.72, count))  # 12 % later than the target
    closed = opened + taken
    is_open = closed >= DAYS
    owner = rng.integers(0, len(TEAMS) * EMPLOYEES_A_TEAM, count)
    cause = np.where(is_open, len(ROOT_CAUSES) - 1, rng.integers(0, len(ROOT_CAUSES) - 1, count))
    return Cases(
        who=who,
        reason=reason,
        source=source,
        opened_at=opened,
        due_at=opened + TARGET_DAYS[reason],
        closed_at=np.where(is_open, np.nan, closed),
        waiting=is_open & (rng.random(count) < 0.25),
        owner=np.where(is_open & (rng.random(count) < 0.1), -1, owner),
        root_cause=cause,
    )
