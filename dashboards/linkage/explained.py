"""One line for each choice that a study asks for."""

from analytics.frames import attitudes, metrics
from feedback import scoring

OUTCOMES = {
    "revenue": "What they ordered, before refunds. Customers without an order count as 0.",
    "orders": "How many orders they placed.",
    "net_revenue": "What they ordered less refunds and cancellations; may be below 0.",
    "refunds": "How many refunds they took.",
    "repurchased": "Whether they ordered again at all.",
    "average_order_value": "What an order of theirs came to, among customers who ordered.",
    "churned_contract": "Whether they cancelled, among customers with a subscription.",
    "contacts": "How often they were in touch. The contact that was asked about is left out.",
    "complaints": "How many of their contacts were complaints.",
}
CONTROLS = {
    "tenure_days": "How long they have been customers.",
    "segment": "Their segment as it stands today.",
    "country": "Their country as it stands today.",
    "language": "Their language as it stands today.",
}


def attitude(name: str) -> str:
    """The measure's own definition, or how its answers are cut where it has no bands."""
    if attitudes.attitude(name).is_cut:
        return "A rating, compared by thirds of its answers."
    return scoring.family(name).definition


def outcome(metric: metrics.Metric) -> str:
    return OUTCOMES.get(metric.name, "")


def control(metric: metrics.Metric) -> str:
    if metric.in_window:
        return f"{metric.label} in the look-back before the answer."
    return CONTROLS.get(metric.name, "")
