"""The sentence the overview opens with, made from its verdicts and no stronger than they are."""

from collections.abc import Sequence

from dashboards.charts import Estimate, Unit, Verdict
from dashboards.charts.numbers import number

WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def opening(verdicts: Sequence[tuple[str, Verdict | None]]) -> str:
    """At most two changes, those furthest from zero relative to their interval; then what the rest did.

    Args:
        verdicts: (name of the figure, its verdict or None where there were too few answers).
    """
    known = [(name, verdict) for name, verdict in verdicts if verdict is not None]
    if not known:
        return "Not enough answers in these two periods to compare them."
    real = sorted((item for item in known if item[1].state == "real"), key=_distance, reverse=True)
    rest = len(known) - len(real)
    if not real:
        if len(known) == 1:
            return f"{known[0][0]} moved no more than chance would move it."
        return f"None of the {_word(len(known))} figures moved more than chance would move them."
    named = [_phrase(name, verdict) for name, verdict in real[:2]]
    sentence = " and ".join(named) + "."
    if len(real) > 2:
        more = len(real) - 2
        sentence += (
            f" {_word(more).capitalize()} more {'figure' if more == 1 else 'figures'} changed as well."
        )
    if rest == 1:
        sentence += " The other figure moved no more than chance would move it."
    elif rest:
        sentence += f" The other {_word(rest)} figures moved no more than chance would move them."
    return sentence


def _distance(item: tuple[str, Verdict]) -> float:
    change = item[1].change
    return abs(change.value) / change.reach if change.reach else float("inf")


def _phrase(name: str, verdict: Verdict) -> str:
    change, unit = verdict.change, verdict.unit
    verb = "rose" if change.value > 0 else "fell"
    return f"{name} {verb} {_size(change, unit)}"


def _size(change: Estimate, unit: Unit) -> str:
    size = number(abs(change.value), unit.difference(), reach=change.reach)
    bare = size.removesuffix(unit.difference().suffix)
    if unit.difference().suffix.strip() == "pt":
        return f"{bare} points"
    if not unit.prefix and not unit.suffix and unit.decimals == 0:
        return f"{bare} {'point' if bare == '1' else 'points'}"
    return size


def _word(count: int) -> str:
    return WORDS[count] if count < len(WORDS) else str(count)
