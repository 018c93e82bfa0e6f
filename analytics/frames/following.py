"""What follows an answer at a moment of its own: the next order, or the end of a subscription that was held."""

from dataclasses import dataclass

from . import metrics
from .question import Question

SUBSCRIPTIONS = "('subscription_start', 'subscription_renewal', 'subscription_cancel')"
#: Whether the latest row about a subscription until `k.t` is no cancellation; NULL without any.
HELD = f"""LEFT JOIN LATERAL (
            SELECT x.kind <> 'subscription_cancel' AS holds
              FROM crm_transaction x
             WHERE x.organization_id = %(organization)s AND x.customer_id = k.customer_id
               AND x.kind IN {SUBSCRIPTIONS} AND x.occurred_at <= k.t
             ORDER BY x.occurred_at DESC, x.id DESC LIMIT 1
          ) held ON true"""


@dataclass(frozen=True, slots=True)
class Following:
    """SQL beside rows `k` (customer_id, t): the join, begun days until it came (NULL where it did not until the
    as-of moment), and whole days followed (NULL for customers whom it is not about)."""

    join: str
    next_days: str
    followed_days: str
    needs_subscription: bool


def following(question: Question) -> Following:
    """The time that is followed beside the question's outcome (`metrics.waiting`)."""
    ended = metrics.waiting(question.outcome)
    join = f"""LEFT JOIN LATERAL (
            SELECT x.occurred_at FROM crm_transaction x
             WHERE x.organization_id = %(organization)s AND x.customer_id = k.customer_id
               AND {ended.sql} AND x.occurred_at > k.t AND x.occurred_at <= %(as_of)s
             ORDER BY x.occurred_at LIMIT 1
          ) came ON true"""
    followed = "floor(extract(epoch FROM %(as_of)s::timestamptz - k.t) / 86400)::float8"
    return Following(
        join=join,
        next_days="ceil(extract(epoch FROM came.occurred_at - k.t) / 86400)::float8",
        followed_days=f"CASE WHEN held.holds THEN {followed} END" if ended.needs_subscription else followed,
        needs_subscription=ended.needs_subscription,
    )
