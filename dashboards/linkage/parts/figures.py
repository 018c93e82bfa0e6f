"""Numbers of a section as its words and tables write them."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards.charts import PLAIN, RATIO, Estimate, Unit
from dashboards.charts.numbers import count, full_text, range_text, value_text
from dashboards.linkage import figures

Json = Mapping[str, Any]
#: Coefficients, hazard ratios and log odds, which have no unit of their own.
COEFFICIENT = Unit(decimals=2)


def told(interval: Json | None, unit: Unit = PLAIN, *, sign: bool = False) -> str:
    """Value with its interval; a dash where there is none."""
    found = figures.estimate(interval)
    return "–" if found is None else full_text(found, unit, sign=sign)


def apart(interval: Json | None, unit: Unit) -> str:
    """ "1.31 (1.10 to 1.52)", both ends written out."""
    found = figures.estimate(interval)
    if found is None:
        return "–"
    return f"{value_text(found, unit)} ({range_text(found, unit, mark=False, to=True)})"


def ratio(interval: Json | None) -> str:
    return apart(interval, RATIO)


def some(interval: Json, n: int | None = None) -> Estimate:
    return Estimate(interval["value"], interval["low"], interval["high"], n)


def counted(number: int | None) -> str:
    return "–" if number is None else count(number)


def p(value: float | None) -> str:
    return "–" if value is None else figures.small(value)


def listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
