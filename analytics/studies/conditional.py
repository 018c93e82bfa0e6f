"""Worth in words: always conditional, with its interval, and never proof."""

from .results import Interval, Result, Told, Worth
from .words import PHRASES, amount, days, full, reach_of, span


def worth(result: Told) -> str:
    """Conditional, with interval, and only of a link that stands; empty otherwise."""
    result = Result.of(result)
    found = result.worth
    if found is None:
        return ""
    horizon, gain = days(result.facts.horizon_days), full(found.difference, result)
    whom = (
        f"{found.customers:,.0f} customers × {gain}"
        if found.eligible is None
        else f"{found.customers:,.0f} of {found.eligible:,} eligible customers, weighted for those who did not answer, "
        f"× {gain}"
    )
    return (
        f"{if_they_did(result)}: {change(found.total, found, result)} in {horizon}, {whom}. Association, not proof: "
        "this assumes that a customer who answers differently also behaves differently, which this run cannot show."
    )


def if_they_did(result: Result) -> str:
    _, middle, low = (row.noun for row in result.after.rows)
    return f"If one in ten {low} answered as {middle} do"


def change(total: Interval, found: Worth, result: Result) -> str:
    """ "€21k more (€5k to €37k)"; customers instead of points where the outcome is a share."""
    unit = "count" if found.unit == "share" else found.unit
    size = amount(total.value, reach_of(total), unit, found.currency)
    noun = PHRASES[result.facts.outcome].noun
    if unit == "money":
        what = f"{size} {'more' if total.value > 0 else 'less'}"
    else:
        kind = f"customers {noun}" if found.unit == "share" else noun
        what = f"{size} {'more' if total.value > 0 else 'fewer'} {kind}"
    return f"{what} ({span(total, unit, found.currency)})"
