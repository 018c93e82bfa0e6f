"""Numbers as they are read: true minus, no decimals that the interval does not support.

Values arrive in natural units (a share is 0.784, money is 31.0); a `Unit` says how they are shown.
"""

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import SupportsFloat

MINUS = "−"
DASH = "–"

_SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "INR": "₹", "BRL": "R$", "PLN": "zł\u202f"}


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its interval and the number of answers it rests on."""

    value: float
    low: float
    high: float
    n: int | None = None

    def __post_init__(self) -> None:
        if not all(math.isfinite(float(part)) for part in (self.value, self.low, self.high)):
            raise ValueError(f"an estimate needs finite numbers, got {self}")
        if self.low > self.high:
            raise ValueError(f"an interval runs from low to high, got {self}")

    @property
    def reach(self) -> float:
        """Half the width of the interval."""
        return (self.high - self.low) / 2


@dataclass(frozen=True, slots=True)
class Unit:
    """How values of one kind are written."""

    prefix: str = ""
    suffix: str = ""
    change_suffix: str | None = None  # a difference of shares is points, not per cent
    factor: float = 1.0
    decimals: int = 0  # most decimals this kind ever gets
    leading_zero: bool = True
    thousands: bool = False  # write 412k where the interval is as coarse as that

    def difference(self) -> "Unit":
        suffix = self.suffix if self.change_suffix is None else self.change_suffix
        return Unit(self.prefix, suffix, None, self.factor, self.decimals, self.leading_zero, self.thousands)


PLAIN = Unit()
SCORE = Unit()  # NPS: whole points
SHARE = Unit(suffix="%", change_suffix=" pt", factor=100, decimals=1)
MEAN = Unit(decimals=2)
RATIO = Unit(decimals=2, leading_zero=False)
DAYS = Unit(suffix=" days")


def money(currency: str) -> Unit:
    symbol = _SYMBOLS.get(currency, f"{currency}\u202f")
    return Unit(prefix=symbol, thousands=True)


def decimals_for(reach: float, unit: Unit) -> int:
    """The fewest decimals whose step is at most a quarter of the half width, and never more than the unit's.

    ±4 supports none, ±3.6 and ±1.9 one, ±0.07 two.
    """
    shown = abs(reach) * unit.factor
    if shown == 0:
        return unit.decimals
    return max(0, min(unit.decimals, math.ceil(-math.log10(shown / 4) - 1e-9)))


def _magnitude(reach: float | None, unit: Unit) -> tuple[float, str]:
    if unit.thousands and reach is not None:
        if reach >= 1_000_000:
            return 1_000_000, "M"
        if reach >= 1_000:
            return 1_000, "k"
    return 1, ""


def bare(value: float, decimals: int, *, leading_zero: bool = True, sign: bool = False) -> str:
    """Digits with thousands commas; minus zero is zero."""
    digits = f"{abs(value):,.{decimals}f}"
    if not leading_zero and digits.startswith("0."):
        digits = digits[1:]
    if not any(mark in digits for mark in "123456789"):
        return digits
    return (MINUS if value < 0 else "+" if sign else "") + digits


def number(
    value: SupportsFloat,
    unit: Unit = PLAIN,
    *,
    reach: float | None = None,
    sign: bool = False,
    mark: bool = True,
) -> str:
    """One number with its unit; `reach` is the half width of its interval, in the value's own unit."""
    amount = float(value) * unit.factor
    size, letter = _magnitude(None if reach is None else reach * unit.factor, unit)
    if letter:
        assert reach is not None
        places = max(0, min(1, math.ceil(-math.log10(reach * unit.factor / size / 4) - 1e-9)))
    else:
        places = unit.decimals if reach is None else decimals_for(reach, unit)
    digits = bare(amount / size, places, leading_zero=unit.leading_zero, sign=sign)
    if not mark:
        return digits + letter
    lead = digits[0] if digits[0] in f"+{MINUS}" else ""
    return f"{lead}{unit.prefix}{digits[len(lead) :]}{letter}{unit.suffix}"


def tick(value: float, unit: Unit, step: float, *, mark: bool = True) -> str:
    """A value on an axis, as fine as the axis' own step."""
    if unit.factor == 1 and unit.leading_zero is False and value == 0:
        return "0"
    return number(value, unit, reach=4 * step, mark=mark)


def exact(value: SupportsFloat | Decimal, unit: Unit, decimals: int = 2) -> str:
    """A counted amount, without interval: an order of €649.00."""
    digits = bare(float(value) * unit.factor, decimals)
    lead = digits[0] if digits[0] == MINUS else ""
    return f"{lead}{unit.prefix}{digits[len(lead) :]}{unit.suffix}"


def count(value: int) -> str:
    return bare(value, 0)


def value_text(estimate: Estimate, unit: Unit, *, sign: bool = False) -> str:
    return number(estimate.value, unit, reach=estimate.reach, sign=sign)


def reach_text(estimate: Estimate, unit: Unit) -> str:
    """`±4`, or the two ends where the interval is not symmetric."""
    below, above = estimate.value - estimate.low, estimate.high - estimate.value
    mean = (below + above) / 2
    texts = {number(part, unit, reach=mean, mark=False) for part in (below, above)}
    if len(texts) == 1 or (mean > 0 and abs(above - below) <= 0.05 * mean):
        return f"±{number(max(below, above), unit, reach=mean, mark=False)}"
    return range_text(estimate, unit)


def range_text(
    estimate: Estimate, unit: Unit, *, sign: bool = False, mark: bool = True, to: bool = False
) -> str:
    """Both ends: `€356k–471k`, `−€41k to +€69k`; a negative end needs the word, so does a change."""
    low, high = (
        number(end, unit, reach=estimate.reach, sign=sign, mark=mark) for end in (estimate.low, estimate.high)
    )
    if to or sign or estimate.low < 0:
        if mark and unit.suffix and low.endswith(unit.suffix):
            low = low.removesuffix(unit.suffix)
        return f"{low} to {high}"
    if mark:
        low = low.removesuffix(unit.suffix) if unit.suffix else low
        high = high.removeprefix(unit.prefix)
    return f"{low}{DASH}{high}"


def full_text(estimate: Estimate, unit: Unit, *, sign: bool = False) -> str:
    """`31 ±4`, or `€412k (€356k–471k)` where the interval is written out."""
    value = value_text(estimate, unit, sign=sign)
    if sign:
        return f"{value} ({range_text(estimate, unit, sign=True)})"
    reach = reach_text(estimate, unit)
    return f"{value} {reach}" if reach.startswith("±") else f"{value} ({reach})"


def n_text(n: int | None) -> str:
    return "" if n is None else f"n\u202f{count(n)}"
