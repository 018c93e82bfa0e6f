"""Interactions: visits, deliveries, contacts with support, store visits, tasks on one's own."""

from dataclasses import dataclass, fields

import numpy as np

from .company import EMPLOYEES_A_TEAM, PLACE, REGIONS, TEAMS, Staff
from .customers import Customers
from .moments import Moments
from .orders import ORDER, Transactions
from .people import REGION_OF
from .randomness import stream
from .season import Calendar, at_hours
from .truth import DAYS, Truth

CHANNELS = ("web", "app", "email", "phone", "chat", "store", "callback", "other")
WEB, APP, EMAIL, PHONE, CHAT, STORE, CALLBACK, OTHER = range(8)
#: What a row is; asking (asking.py) reads it.
VISIT, DELIVERY, CONTACT, IN_STORE, TASK = range(5)
_PLACE_OF_CHANNEL = np.array(
    [PLACE[name] for name in ("website", "app", "support-mail", "support-call", "support-chat")]
    + [PLACE["store-visit"], PLACE["callback"], PLACE["delivery"]]
)
TASK_PLACES = np.array(
    [PLACE[one] for one in ("checkout", "order-tracking", "returns", "assembly", "account")]
)
#: Which teams take which channel: by the last word of their names; a store desk takes what is left.
_TAKES = {PHONE: "phone", CHAT: "chat", CALLBACK: "phone", EMAIL: "mail"}


@dataclass(frozen=True)
class Interactions:
    """Sorted by time. NaN: this kind of contact has no such measure; −1: no employee, no order."""

    who: np.ndarray
    at: np.ndarray
    kind: np.ndarray
    channel: np.ndarray
    place: np.ndarray
    employee: np.ndarray
    wait: np.ndarray
    handle: np.ndarray
    transfers: np.ndarray
    resolved: np.ndarray
    days_late: np.ndarray
    order: np.ndarray
    product: np.ndarray
    complaint: np.ndarray

    def __len__(self) -> int:
        return len(self.who)

    def at_rows(self, rows: np.ndarray) -> "Interactions":
        return Interactions(*(getattr(self, one.name)[rows] for one in fields(self)))


def events(
    rng: np.random.Generator, customers: Customers, a_year: np.ndarray | float
) -> tuple[np.ndarray, np.ndarray]:
    """(who, when) of something that happens at random, as long as somebody is an active customer."""
    start = np.maximum(customers.since, 0.0)
    length = np.maximum(np.minimum(customers.silent, DAYS) - start, 0.0)
    drawn = rng.poisson(np.asarray(a_year) / 365.25 * length)
    who = np.repeat(np.arange(len(customers)), drawn)
    return who, start[who] + rng.random(len(who)) * length[who]


def make_interactions(
    truth: Truth,
    seed: int,
    block: int,
    calendar: Calendar,
    staff: Staff,
    customers: Customers,
    moments: Moments,
    transactions: Transactions,
    products: int,
) -> Interactions:
    rng = stream(seed, block, "contacts")
    parts = [
        _visits(truth, rng, customers),
        _deliveries(truth, rng, transactions),
        _moments(rng, moments),
        _contacts(truth, rng, customers, moments),
        _in_store(truth, rng, customers),
        _tasks(truth, rng, customers),
    ]
    joined = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    kept = (joined["at"] < DAYS) & (joined["at"] >= 0)
    order = np.nonzero(kept)[0][np.argsort(joined["at"][kept], kind="stable")]
    joined = {name: values[order] for name, values in joined.items()}
    region = REGION_OF[customers.country[joined["who"]]]
    measures = _measures(truth, rng, joined["kind"], joined["channel"], joined["at"])
    product = np.where(joined["order"] >= 0, transactions.product[joined["order"]], -1)
    return Interactions(
        who=joined["who"],
        at=joined["at"],
        kind=joined["kind"],
        channel=joined["channel"],
        place=joined["place"],
        employee=_employees(rng, joined["kind"], joined["channel"], region),
        days_late=joined["late"],
        order=joined["order"],
        product=np.where(product >= 0, product, rng.integers(0, products, len(product))),
        complaint=joined["complaint"],
        **measures,
    )


Part = dict[str, np.ndarray]


def _part(who: np.ndarray, at: np.ndarray, kind: int, channel: np.ndarray, **more: np.ndarray) -> Part:
    count = len(who)
    plain = {
        "place": _PLACE_OF_CHANNEL[channel],
        "late": np.full(count, np.nan),
        "order": np.full(count, -1),
        "complaint": np.zeros(count, bool),
    }
    return {"who": who, "at": at, "kind": np.full(count, kind), "channel": channel, **plain, **more}


def _visits(truth: Truth, rng: np.random.Generator, customers: Customers) -> Part:
    who, at = events(rng, customers, truth.visits_per_year)
    return _part(who, at, VISIT, np.where(rng.random(len(who)) < 0.62, WEB, APP))


def _deliveries(truth: Truth, rng: np.random.Generator, transactions: Transactions) -> Part:
    online = (transactions.kind == ORDER) & ~transactions.store
    rows = np.nonzero(online & (rng.random(len(online)) < truth.delivered_share))[0]
    late = np.where(rng.random(len(rows)) < 0.14, rng.geometric(0.25, len(rows)), 0)
    at = at_hours(transactions.at[rows] + rng.integers(3, 12, len(rows)) + late, (7.0, 18.0))
    channel = np.full(len(rows), OTHER)
    return _part(transactions.who[rows], at, DELIVERY, channel, late=late.astype(float), order=rows)


def _moments(rng: np.random.Generator, moments: Moments) -> Part:
    """What the shock was: a replacement that came late or in time, a visit to the store."""
    rows = np.nonzero((moments.kind == 0) & (np.abs(moments.shock) > 0.3))[0]
    late = np.where(moments.shock[rows] < 0, np.ceil(-5.0 * moments.shock[rows]), 0.0)
    return _part(moments.who[rows], moments.moment_at[rows], DELIVERY, np.full(len(rows), OTHER), late=late)


def _contacts(truth: Truth, rng: np.random.Generator, customers: Customers, moments: Moments) -> Part:
    who, at = events(rng, customers, np.asarray(truth.contacts_per_year)[customers.segment])
    complaint = rng.random(len(who)) < 0.06
    bad = np.nonzero((moments.shock < -0.5) & (rng.random(len(moments)) < truth.shock_contact))[0]
    angry = rng.random(len(bad)) < truth.shock_complaint
    who = np.r_[who, moments.who[bad]]
    at = at_hours(np.r_[at, moments.moment_at[bad] + rng.uniform(0.05, 0.4, len(bad))], (8.0, 20.0))
    channel = rng.choice((PHONE, CHAT, EMAIL, CALLBACK), len(who), p=(0.46, 0.30, 0.17, 0.07))
    return _part(who, at, CONTACT, channel, complaint=np.r_[complaint, angry])


def _in_store(truth: Truth, rng: np.random.Generator, customers: Customers) -> Part:
    who, at = events(rng, customers, truth.store_visits_per_year)
    place = np.where(rng.random(len(who)) < 0.5, PLACE["store-visit"], PLACE["advice"])
    return _part(who, at_hours(at, (9.0, 20.0)), IN_STORE, np.full(len(who), STORE), place=place)


def _tasks(truth: Truth, rng: np.random.Generator, customers: Customers) -> Part:
    who, at = events(rng, customers, truth.tasks_per_year)
    channel = np.where(rng.random(len(who)) < 0.6, WEB, APP)
    return _part(who, at, TASK, channel, place=rng.choice(TASK_PLACES, len(who)))


def _measures(
    truth: Truth, rng: np.random.Generator, kind: np.ndarray, channel: np.ndarray, at: np.ndarray
) -> dict[str, np.ndarray]:
    count = len(kind)
    served = kind == CONTACT
    live = served & (channel != EMAIL)
    understaffed = (at > DAYS - truth.understaffed_days) & (channel == PHONE)
    wait = (
        150.0
        * np.exp(0.75 * rng.standard_normal(count))
        * np.where(understaffed, truth.understaffed_waits, 1.0)
    )
    base = np.where(channel == CHAT, 540.0, np.where(channel == EMAIL, 300.0, 400.0))
    handle = base * np.exp(0.5 * rng.standard_normal(count))
    transfers = rng.choice((0.0, 1.0, 2.0), count, p=(0.80, 0.15, 0.05))
    resolved = (rng.random(count) < 0.76).astype(float)
    return {
        "wait": np.where(live, np.round(wait), np.nan),
        "handle": np.where(served, np.round(handle), np.nan),
        "transfers": np.where(served, transfers, np.nan),
        "resolved": np.where(served, resolved, np.nan),
    }


def _employees(
    rng: np.random.Generator, kind: np.ndarray, channel: np.ndarray, region: np.ndarray
) -> np.ndarray:
    """Somebody of the customer's region who takes this channel; −1 where nobody serves."""
    chosen = np.full(len(kind), -1)
    names = list(REGIONS)
    for number, name in enumerate(names):
        for channel_code in (PHONE, CHAT, EMAIL, CALLBACK, STORE):
            rows = np.nonzero(
                (region == number) & (channel == channel_code) & np.isin(kind, (CONTACT, IN_STORE))
            )[0]
            word = _TAKES.get(channel_code, "store")
            teams = [i for i, (where, team) in enumerate(TEAMS) if where == name and word in team]
            if channel_code == EMAIL:  # mail goes where there is time, the store desks included
                teams = [i for i, (where, team) in enumerate(TEAMS) if where == name and "phone" not in team]
            people = np.concatenate([np.arange(EMPLOYEES_A_TEAM) + team * EMPLOYEES_A_TEAM for team in teams])
            chosen[rows] = rng.choice(people, len(rows))
    return chosen
