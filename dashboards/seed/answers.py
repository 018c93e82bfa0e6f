"""What is answered: NPS with its rated items, CSAT of a contact, CES of a task, the employees' pulse."""

from dataclasses import dataclass

import numpy as np

from .asking import CES, CSAT, NPS, Asks
from .company import EMPLOYEES_A_TEAM, TEAMS, Staff
from .contacts import Interactions
from .customers import Customers
from .randomness import stream
from .season import Calendar
from .truth import DAYS, ITEMS, Truth


@dataclass(frozen=True)
class Answers:
    """What each ask would be answered with, whether it was asked and answered or not; aligned with `Asks`."""

    score: np.ndarray
    items: np.ndarray  # ask × item, 1–5; NaN outside the relationship survey and where left out
    items_latent: np.ndarray  # before rounding, without halo: each item's own part
    latent: np.ndarray  # the score before rounding


def steps(latent: np.ndarray, low: int, high: int) -> np.ndarray:
    return np.asarray(np.clip(np.round(latent), low, high))


def make_answers(
    truth: Truth,
    seed: int,
    block: int,
    calendar: Calendar,
    staff: Staff,
    customers: Customers,
    interactions: Interactions,
    asks: Asks,
) -> Answers:
    rng = stream(seed, block, "answers")
    count = len(asks)
    latent, score = np.full(count, np.nan), np.full(count, np.nan)
    items = np.full((count, len(ITEMS)), np.nan)
    own = np.full((count, len(ITEMS)), np.nan)

    rows = np.nonzero(asks.survey == NPS)[0]
    part = truth.item_sd * rng.standard_normal((len(rows), len(ITEMS)))
    part[:, 0] += np.where(asks.at[rows] > DAYS - truth.partner_days, truth.partner_lift, 0.0)
    rated = steps(np.asarray(truth.item_means) + truth.item_halo * asks.attitude[rows, None] + part, 1, 5)
    left_out = (rng.random((len(rows), 1)) < 0.12) | (rng.random(rated.shape) < 0.03)
    own[rows], items[rows] = part, np.where(left_out, np.nan, rated)
    noise = truth.nps_noise_sd * rng.standard_normal(len(rows))
    latent[rows] = truth.attitude_mean + asks.attitude[rows] + part @ np.asarray(truth.driver_weights) + noise
    score[rows] = steps(latent[rows], 0, 10)

    rows = np.nonzero(asks.survey == CSAT)[0]
    about = interactions.at_rows(asks.row[rows])
    quarter = quarter_numbers(calendar, about.at)
    latent[rows] = (
        truth.csat_mean
        + truth.csat_long_wait * (np.nan_to_num(about.wait) > truth.wait_threshold_seconds)
        + truth.csat_transfer * about.transfers
        + truth.csat_resolved * (about.resolved - 0.76)
        + truth.csat_handle * (about.handle - 400.0) / 400.0
        + truth.csat_attitude * asks.attitude[rows]
        + truth.engagement_on_csat * staff.engagement[staff.team_of[about.employee], quarter]
        + staff.agent[about.employee]
        + truth.csat_noise_sd * rng.standard_normal(len(rows))
    )
    score[rows] = steps(latent[rows], 1, 5)

    rows = np.nonzero(asks.survey == CES)[0]
    who = asks.who[rows]
    latent[rows] = (
        truth.ces_mean
        + np.asarray(truth.ces_segment)[customers.segment[who]]
        + truth.ces_on_frailty * customers.frailty_z[who]
        + truth.ces_noise_sd * rng.standard_normal(len(rows))
    )
    score[rows] = steps(latent[rows], 1, 7)
    return Answers(score, items, own, latent)


def quarter_numbers(calendar: Calendar, time: np.ndarray) -> np.ndarray:
    """0 for the quarter the world begins in, 1 for the next …"""
    months = calendar.instants(time).astype("datetime64[M]").astype(np.int64)
    first = calendar.instants(np.zeros(1)).astype("datetime64[M]").astype(np.int64)
    return np.asarray(months // 3 - first // 3)


#: The employees' pulse: overall ("engagement") and its items.
PULSE_ITEMS = ("supported", "tools", "recognition", "growth")


@dataclass(frozen=True)
class Pulse:
    """One row an answering employee and quarter."""

    employee: np.ndarray
    at: np.ndarray
    overall: np.ndarray  # 1–5
    items: np.ndarray  # × PULSE_ITEMS, 1–5


def make_pulse(truth: Truth, seed: int, calendar: Calendar, staff: Staff) -> Pulse:
    """Each quarter's first days, four in five employees answer."""
    rng = stream(seed, 0, "pulse")
    days = np.arange(0.0, DAYS)
    quarters = quarter_numbers(calendar, days)
    starts = [float(days[np.argmax(quarters == q)]) for q in range(int(quarters.max()) + 1)]
    employees = np.arange(len(TEAMS) * EMPLOYEES_A_TEAM)
    grid_employee, grid_quarter = (one.ravel() for one in np.meshgrid(employees, np.arange(len(starts))))
    at = np.asarray(starts)[grid_quarter] + rng.uniform(0.3, 12.0, len(grid_employee))
    kept = (rng.random(len(at)) < 0.85) & (at < DAYS)
    employee, quarter, at = grid_employee[kept], grid_quarter[kept], at[kept]
    felt = 3.7 + 0.55 * staff.engagement[staff.team_of[employee], quarter]
    felt = felt + truth.engagement_noise_sd * rng.standard_normal(len(employee))
    items = felt[:, None] + 0.6 * rng.standard_normal((len(employee), len(PULSE_ITEMS)))
    return Pulse(employee, at, steps(felt, 1, 5), steps(items, 1, 5))
