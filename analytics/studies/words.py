"""Numbers and phrases of a result, as sentences need them.

No decimals that the interval does not support: two figures of its half width.
"""

import math
from dataclasses import dataclass

from .results import Interval, Result

MINUS = "−"
_SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "INR": "₹", "BRL": "R$"}


@dataclass(frozen=True, slots=True)
class Phrase:
    """How one outcome is told: "went on to <more>" with {} for the amount."""

    more: str
    less: str
    noun: str  # "No clear difference in <noun>"
    before: str  # "at the same earlier <before>"


PHRASES = {
    "revenue": Phrase("spend {} more", "spend {} less", "spending", "spend"),
    "net_revenue": Phrase(
        "spend {} more, net of refunds,", "spend {} less, net of refunds,", "net spending", "net spend"
    ),
    "orders": Phrase("place {} more orders", "place {} fewer orders", "orders", "orders"),
    "refunds": Phrase("take {} more refunds", "take {} fewer refunds", "refunds", "refunds"),
    "repurchased": Phrase(
        "order again more often, by {},", "order again less often, by {},", "ordering again", "ordering"
    ),
    "average_order_value": Phrase(
        "spend {} more an order", "spend {} less an order", "spending an order", "spending an order"
    ),
    "churned_contract": Phrase(
        "cancel more often, by {},", "cancel less often, by {},", "cancelling", "cancelling"
    ),
    "contacts": Phrase("make {} more contacts", "make {} fewer contacts", "contacts", "contacts"),
    "complaints": Phrase("make {} more complaints", "make {} fewer complaints", "complaints", "complaints"),
}
_CONTROLS = {
    "tenure_days": "tenure",
    "segment": "segment",
    "country": "country",
    "language": "language",
}


def decimals(reach: float, *, most: int) -> int:
    """So many that the half width of the interval shows two figures."""
    if reach <= 0:
        return most
    return max(0, min(most, 1 - math.floor(math.log10(reach))))


def amount(value: float, reach: float, unit: str, currency: str | None) -> str:
    """Without its sign: "€31", "0.42", "5.2 points"."""
    size, letter, most = abs(value), "", 3
    if unit == "share":
        size, reach, most = 100 * size, 100 * reach, 1
    elif unit == "money":
        most = 2
        if reach >= 1_000_000:
            size, reach, letter, most = size / 1_000_000, reach / 1_000_000, "M", 0
        elif reach >= 1_000:
            size, reach, letter, most = size / 1_000, reach / 1_000, "k", 0
        elif reach >= 1:
            most = 0
    digits = f"{size:,.{decimals(reach, most=most)}f}{letter}"
    if unit == "money":
        symbol = _SYMBOLS.get(currency or "", f"{currency}\u202f")
        return f"{symbol}{digits}"
    return f"{digits} points" if unit == "share" else digits


def reach_of(interval: Interval) -> float:
    return (interval.high - interval.low) / 2


def signed(value: float, reach: float, unit: str, currency: str | None) -> str:
    text = amount(value, reach, unit, currency)
    if not any(digit in text for digit in "123456789"):
        return text
    return f"{MINUS if value < 0 else '+'}{text}"


def span(interval: Interval, unit: str, currency: str | None) -> str:
    """ "€7 to €47", "−€12 to +€22" where an end is negative."""
    reach = reach_of(interval)
    write = signed if interval.low < 0 else amount
    return f"{write(interval.low, reach, unit, currency)} to {write(interval.high, reach, unit, currency)}"


def comparison(interval: Interval, outcome: str, unit: str, currency: str | None) -> str:
    """ "spend €31 more" or "spend €27 less", by the sign of the value."""
    phrase = PHRASES[outcome]
    words = phrase.more if interval.value > 0 else phrase.less
    return words.format(amount(interval.value, reach_of(interval), unit, currency))


def held_fixed(controls: list[str]) -> str:
    """ "at the same earlier spend and orders, tenure and segment"; empty without controls."""
    earlier = [PHRASES[name].before for name in controls if name in PHRASES]
    facts = [_CONTROLS[name] for name in controls if name in _CONTROLS]
    parts = ([f"earlier {listed(earlier)}"] if earlier and not facts else []) or (
        [f"earlier {', '.join(earlier)}", *facts] if earlier else facts
    )
    return f"at the same {listed(parts)}" if parts else ""


def listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"


def waiting(number: int) -> str:
    """A duration as coarse as its guess: "about nine days", "about 5 months"."""
    if number < 60:
        return f"about {days(max(1, number))}"
    if number < 730:
        return f"about {round(number / 30.4)} months"
    return f"about {round(number / 365)} years"


def full(interval: Interval, result: Result) -> str:
    """ "+€6 (−€10 to +€22)"."""
    value, low, high = _ends(interval, result)
    return f"{value} ({low} to {high})"


def plain(interval: Interval, result: Result) -> str:
    """ "+€6, −€10 to +€22": as it stands within brackets."""
    value, low, high = _ends(interval, result)
    return f"{value}, {low} to {high}"


def _ends(interval: Interval, result: Result) -> tuple[str, str, str]:
    unit, currency, reach = result.facts.unit, result.facts.currency, reach_of(interval)
    value, low, high = (
        signed(end, reach, unit, currency) for end in (interval.value, interval.low, interval.high)
    )
    return value, low, high


def cap(words: str) -> str:
    return words[:1].upper() + words[1:]
