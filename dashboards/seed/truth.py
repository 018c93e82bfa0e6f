"""Everything that is true in the seeded world, and how large it is.

A link is *real* when the generator uses the one to make the other, *null* when what correlation there is
comes from a common cause alone. Effects on orders are on the log of the order rate, effects on answers in
points of the answer's own scale before it is rounded to a whole one.
"""

from dataclasses import dataclass

SEGMENTS = ("Basic", "Silver", "Gold", "Trade")
#: The rated items of the relationship survey, in its order.
ITEMS = ("delivery", "quality", "knowledge", "wait", "returns", "website", "value", "staff")
DAYS = 730


@dataclass(frozen=True)
class Truth:
    """Parameters of the generator. The defaults are those of the demo; tests and bench vary them."""

    # ---- Who buys how much. Order rate of a customer = orders_per_year[segment] × exp(tenure) × frailty
    # × season.
    segment_share: tuple[float, ...] = (0.50, 0.28, 0.14, 0.08)
    #: Share of each segment that was a customer before the data begin.
    segment_old: tuple[float, ...] = (0.45, 0.60, 0.80, 0.65)
    #: Tiers are given for spend, so the segment carries the confounding by prior spend.
    orders_per_year: tuple[float, ...] = (4.2, 8.0, 14.0, 10.0)
    #: Log order rate per year of tenure at the start: a second confounder, since attitude rises with it too.
    tenure_on_orders: float = 0.04
    #: Gamma frailty of shape 2 and mean 1: relative standard deviation .71 between customers of one segment.
    frailty_shape: float = 2.0
    #: Customers fall silent for good at this rate a year, whatever they feel (no link).
    silence_per_year: float = 0.12
    #: Season: log amplitude of the yearly wave (peak in late November) and of the weekly one (peak on
    #: Saturday).
    season_year: float = 0.25
    season_week: float = 0.20

    # ---- Attitude, in points of the 0–10 scale: segment + tenure + a stable part + a shock.
    attitude_mean: float = 7.80
    attitude_segment: tuple[float, ...] = (-0.55, 0.20, 1.20, 0.30)
    attitude_tenure: float = 0.08  # points a year
    attitude_stable_sd: float = 0.55
    #: Points of attitude per standard deviation of the customer's log frailty. Zero: given segment and
    #: tenure, history tells nothing more about attitude, so the adjusted link is exact and its placebo
    #: zero. Raise it (and set `shock_on_orders` to 0) for a world of pure selection, which only the
    #: placebo can unmask.
    attitude_on_frailty: float = 0.0
    #: Points per standard deviation of the shock: a standard normal moment (late delivery, good advice …).
    shock_points: float = 1.20

    # ---- REAL financial link: log order rate per standard deviation of the shock, from the answer until
    # the next moment, about half a year later. exp(.40) = 1.5 times the orders for one standard deviation.
    shock_on_orders: float = 0.40
    #: Lag: the moment happens this many days before the question, and orders change only from the answer
    #: on, so that the window before the answer shows nothing of it.
    moment_lead_days: tuple[float, float] = (0.5, 6.0)
    #: Days between two questions to one customer: half of the customers each quarter.
    ask_interval_days: float = 182.5

    # ---- Drivers of NPS: points of NPS per point of the item, at equal attitude. Store staff: no weight
    # at all.
    driver_weights: tuple[float, ...] = (0.90, 0.80, 0.60, 0.50, 0.40, 0.30, 0.20, 0.0)
    #: Mean of each item on 1–5, so that what matters most goes worst.
    item_means: tuple[float, ...] = (3.55, 4.25, 4.05, 3.65, 3.85, 4.15, 3.80, 4.30)
    #: Standard deviation of each item's own part.
    item_sd: float = 0.75
    #: Halo: points of every item per point of attitude. Items are not independent witnesses.
    item_halo: float = 0.22
    #: Noise of one NPS answer, in points: regression to the mean, since it is gone the next time.
    nps_noise_sd: float = 0.80
    #: A new delivery partner this many days before the end lifts the delivery item by this much (and so
    #: NPS by weight × lift = .41 points, about 11 points of NPS).
    partner_days: float = 72.0
    partner_lift: float = 0.45

    # ---- Non-response to the relationship survey: log odds of answering.
    answer_intercept: float = -1.30
    answer_on_spend: float = 0.10  # per log(1 + € spent in the 90 days before the question)
    answer_on_attitude: float = 0.20  # per point of attitude away from its mean
    #: Chance to be sampled in a wave, by segment, stored with each invitation.
    sampling: tuple[float, ...] = (0.70, 0.85, 1.0, 1.0)
    #: Chance that an eligible contact (CSAT) or task (CES) is asked about.
    contact_sampling: float = 0.70
    task_sampling: float = 0.70
    #: Log odds of answering about a contact or task: constant, and per point of attitude.
    contact_answer: tuple[float, float] = (-0.95, 0.10)
    quarantine_days: float = 14.0
    opted_out: float = 0.04
    unreachable: float = 0.02

    # ---- REAL operational links: CSAT (1–5) of the contact.
    csat_mean: float = 4.52
    wait_threshold_seconds: float = 240.0
    csat_long_wait: float = -0.60  # a step: waits beyond the threshold; below it, waiting costs nothing
    csat_transfer: float = -0.45  # each transfer
    csat_resolved: float = 0.40  # resolved at first contact
    #: NULL operational measure: handle time depends on the channel and on nothing that CSAT depends on.
    csat_handle: float = 0.0
    #: CSAT leans on the stable attitude, not on the shock: no link with later revenue of its own.
    csat_attitude: float = 0.10  # per point of segment + tenure + stable part
    csat_noise_sd: float = 0.85
    #: Phone is understaffed for the last days: waits are this many times longer, so CSAT falls by 4
    #: points or so.
    understaffed_days: float = 60.0
    understaffed_waits: float = 1.6

    # ---- REAL constituency link: CSAT points per standard deviation of the team's engagement that quarter.
    engagement_on_csat: float = 0.25
    engagement_wobble: float = 0.5  # standard deviation of a team's quarter around its own mean (1.0)
    engagement_noise_sd: float = 0.7  # of one employee's answer
    agent_sd: float = 0.15

    # ---- NULL financial link: CES (1–7) leans on the customer's *stable* frailty (frequent buyers know
    # their way) and on nothing that changes. Its link with later orders is selection, and its placebo is
    # as large.
    ces_mean: float = 5.25
    ces_on_frailty: float = 0.85  # points per standard deviation of log frailty
    ces_segment: tuple[float, ...] = (-0.15, 0.05, 0.25, 0.10)
    ces_noise_sd: float = 1.0

    # ---- Volumes a customer and year.
    contacts_per_year: tuple[float, ...] = (1.3, 1.5, 1.9, 2.4)
    tasks_per_year: float = 1.25
    visits_per_year: float = 3.2
    store_visits_per_year: float = 0.5
    delivered_share: float = 0.30  # of orders: with a delivery appointment
    #: Chance that a shock below −.5 brings a contact of its own, and that this is a complaint.
    shock_contact: float = 0.45
    shock_complaint: float = 0.5

    # ---- Cases. Share of detractors and dissatisfied that are followed up. NULL: closing a case changes
    # nothing in the next answer (the generator makes answers first and cases from them); what rises from
    # one answer to the next is regression to the mean.
    followed_up: float = 0.8
