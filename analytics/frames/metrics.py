"""Business metrics: what customers do, as figures that a study can follow or hold fixed.

Each is an aggregate over one customer's rows `x` in a half-open window; its SQL names the window as
``{window}``, so that one pass over the covering index answers every window at once.
"""

from dataclasses import dataclass
from typing import Literal

Role = Literal["outcome", "control", "both", "survival"]
Source = Literal["transaction", "interaction", "customer"]
Unit = Literal["money", "count", "share", "days", "text"]
Model = Literal["poisson", "gaussian", "binomial"]


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure of one customer in one window.

    direction: 1 where more is better for the company, −1 where less is, 0 where neither.
    without_rows: the value of a customer without any row in the window; None where they have none.
    among: whom it is about where that is not everybody: the figure of others is NULL. Its SQL may ask `held.holds`,
    whether the customer held a subscription at the answer.
    has_placebo: whether it can be drawn backwards.
    model: the mean model that adjusts it (`analytics.stats.regression.glm`); None for controls only, and for times
    until something happens (role "survival"), which are censored and so have curves and no mean.
    """

    name: str
    label: str
    role: Role
    source: Source
    unit: Unit
    direction: Literal[-1, 0, 1]
    sql: str
    model: Model | None = None
    without_rows: float | None = 0.0
    among: str = ""
    has_placebo: bool = True

    @property
    def is_outcome(self) -> bool:
        return self.role in ("outcome", "both")

    @property
    def is_control(self) -> bool:
        return self.role in ("control", "both")

    @property
    def in_window(self) -> bool:
        """Measured over a look-back window, as opposed to a fact about the customer."""
        return self.source != "customer"

    @property
    def needs_subscription(self) -> bool:
        """Asks what the customer held at the answer."""
        return "held." in self.sql


_PAID = (
    "CASE WHEN x.kind = 'order' THEN x.reporting_amount "
    "WHEN x.kind IN ('refund', 'cancellation') THEN -x.reporting_amount ELSE 0 END"
)
# greatest() passes over NULL, so that an unknown beginning would read as none.
_TENURE = (
    "CASE WHEN c.since IS NOT NULL THEN greatest(0, extract(epoch FROM k.t - c.since) / 86400) END::float8"
)

_ALL = (
    Metric(
        "revenue", "Revenue", "both", "transaction", "money", 1,
        "coalesce(sum(x.reporting_amount) FILTER (WHERE x.kind = 'order' AND {window}), 0)", "poisson",
    ),
    Metric(
        "orders", "Orders", "both", "transaction", "count", 1,
        "count(*) FILTER (WHERE x.kind = 'order' AND {window})", "poisson",
    ),
    Metric(
        "net_revenue", "Net revenue", "both", "transaction", "money", 1,
        f"coalesce(sum({_PAID}) FILTER (WHERE {{window}}), 0)", "gaussian",
    ),
    Metric(
        "refunds", "Refunds", "both", "transaction", "count", -1,
        "count(*) FILTER (WHERE x.kind = 'refund' AND {window})", "poisson",
    ),
    Metric(
        "repurchased", "Repurchase", "both", "transaction", "share", 1,
        "coalesce(bool_or(x.kind = 'order' AND {window}), false)::int", "binomial",
    ),
    Metric(
        "contacts", "Contacts", "both", "interaction", "count", -1,
        "count(*) FILTER (WHERE {window})", "poisson",
    ),
    Metric(
        "complaints", "Complaints", "both", "interaction", "count", -1,
        "count(*) FILTER (WHERE x.is_complaint AND {window})", "poisson",
    ),
    Metric(
        "average_order_value", "Average order value", "outcome", "transaction", "money", 1,
        "avg(x.reporting_amount) FILTER (WHERE x.kind = 'order' AND {window})", "poisson",
        without_rows=None, among="customers who ordered",
    ),
    # Who cancelled before the answer was not there to be asked, so that nothing can be drawn backwards.
    Metric(
        "churned_contract", "Cancellation", "outcome", "transaction", "share", -1,
        "CASE WHEN held.holds THEN "
        "coalesce(bool_or(x.kind = 'subscription_cancel' AND {window}), false)::int END", "binomial",
        without_rows=None, among="customers with a subscription", has_placebo=False,
    ),
    Metric(
        "days_to_next_order", "Days to the next order", "survival", "transaction", "days", -1,
        "x.kind = 'order'", without_rows=None,
    ),
    Metric(
        "days_to_cancellation", "Days to the cancellation", "survival", "transaction", "days", 1,
        "held.holds AND x.kind = 'subscription_cancel'",
        without_rows=None, among="customers with a subscription",
    ),
    Metric("tenure_days", "Tenure", "control", "customer", "days", 0, _TENURE),
    Metric("segment", "Segment", "control", "customer", "text", 0, "c.segment"),
    Metric("country", "Country", "control", "customer", "text", 0, "c.country"),
    Metric("language", "Language", "control", "customer", "text", 0, "c.language"),
)  # fmt: skip

METRICS: dict[str, Metric] = {metric.name: metric for metric in _ALL}


def outcome(name: str) -> Metric:
    """The metric a study follows.

    Raises:
        ValueError: naming what is not an outcome, and what is.
    """
    found = METRICS.get(name)
    if found is None or not found.is_outcome:
        known = ", ".join(metric.name for metric in _ALL if metric.is_outcome)
        raise ValueError(
            f"outcome: {name!r} is not a business metric that can be followed. Choose one of {known}."
        )
    return found


def control(name: str) -> Metric:
    """A metric a study holds fixed.

    Raises:
        ValueError: naming what is not a control, and what is.
    """
    found = METRICS.get(name)
    if found is None or not found.is_control:
        known = ", ".join(metric.name for metric in _ALL if metric.is_control)
        raise ValueError(f"controls: {name!r} cannot be held fixed. Choose from {known}.")
    return found


def waiting(outcome: str) -> Metric:
    """The time that is followed beside an outcome; its SQL says which row `x` ends it."""
    return METRICS["days_to_cancellation" if outcome == "churned_contract" else "days_to_next_order"]
