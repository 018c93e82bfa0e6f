"""Who they are: segment, tenure, how often they buy, what they feel when nothing happens."""

from dataclasses import dataclass

import numpy as np
from scipy.special import digamma, polygamma

from .people import COUNTRIES, COUNTRY_SHARE
from .randomness import stream
from .truth import DAYS, Truth


@dataclass(frozen=True)
class Customers:
    """One block of customers; every array has one element a customer."""

    number: np.ndarray  # over all blocks, from 1
    segment: np.ndarray  # index into SEGMENTS
    since: np.ndarray  # day they became a customer; negative before the data begin
    silent: np.ndarray  # day of their last chance to buy
    frailty_z: np.ndarray  # log frailty, standardised
    daily_rate: np.ndarray  # orders a day at season 1 and without shock
    stable: np.ndarray  # attitude in points away from its mean, without tenure and shock
    taste: np.ndarray  # ≥ small likes cheap things
    country: np.ndarray
    language: np.ndarray  # "en", "pt", "de"
    trade: np.ndarray  # number of their company, −1 without
    opted_out: np.ndarray  # day they said "never ask me again", NaN if not
    reachable: np.ndarray
    first_ask: np.ndarray  # day of the half-yearly cycle on which they are asked

    def __len__(self) -> int:
        return len(self.number)

    def tenure_years(self, who: np.ndarray, time: np.ndarray) -> np.ndarray:
        return np.asarray((time - self.since[who]) / 365.25)


def make_customers(truth: Truth, seed: int, block: int, first: int, count: int) -> Customers:
    rng = stream(seed, block, "customers")
    segment = rng.choice(4, count, p=truth.segment_share)
    old = rng.random(count) < np.asarray(truth.segment_old)[segment]
    before = np.minimum(rng.exponential(2.5, count), 8.0) * 365.25
    since = np.where(old, -before, rng.uniform(0, DAYS - 5, count))
    frailty = np.maximum(rng.gamma(truth.frailty_shape, 1 / truth.frailty_shape, count), 1e-3)
    log_mean = digamma(truth.frailty_shape) - np.log(truth.frailty_shape)
    frailty_z = (np.log(frailty) - log_mean) / np.sqrt(polygamma(1, truth.frailty_shape))
    rate = np.asarray(truth.orders_per_year)[segment] / 365.25 * frailty
    rate *= np.exp(truth.tenure_on_orders * np.maximum(-since, 0) / 365.25)
    stable = (
        np.asarray(truth.attitude_segment)[segment]
        + truth.attitude_stable_sd * rng.standard_normal(count)
        + truth.attitude_on_frailty * frailty_z
    )
    country = rng.choice(len(COUNTRIES), count, p=COUNTRY_SHARE)
    foreign = rng.random(count)
    language = np.where((country == 0) & (foreign < 0.30), "pt", "en")
    language = np.where((country == 2) & (foreign < 0.55), "de", language)
    trade = np.where(segment == 3, first + np.cumsum(segment == 3) // 3, -1)
    tired = np.maximum(since, 0) + rng.uniform(0, 400, count)
    return Customers(
        number=first + np.arange(count),
        segment=segment,
        since=since,
        silent=np.maximum(since, 0) + rng.exponential(365.25 / truth.silence_per_year, count),
        frailty_z=frailty_z,
        daily_rate=rate,
        stable=stable,
        taste=np.exp(rng.normal(0.55, 0.25, count)),
        country=country,
        language=language,
        trade=trade,
        opted_out=np.where((rng.random(count) < truth.opted_out) & (tired < DAYS), tired, np.nan),
        reachable=rng.random(count) >= truth.unreachable,
        first_ask=rng.uniform(0, truth.ask_interval_days, count),
    )
