"""Two runs of a study beside each other: what went in, what was read, and the differences with intervals.

Runs of one study share most of their answers, so a change between them is described and not tested.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analytics.models import Run
from analytics.studies.results import READINGS
from dashboards.charts import Estimate, Unit
from dashboards.charts.numbers import MINUS, count, full_text

from . import figures
from .told import kind

Json = Mapping[str, Any]
SHARED = "Two runs of a study share most of their answers, so whether a change between them is real is not tested here."
#: Settings that differ between any two runs, or are shown on their own.
_ALWAYS = {"as_of", "seed"}


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of both runs, in words."""

    name: str
    first: str
    second: str
    change: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """One difference in both runs. `words`: whether the intervals overlap."""

    name: str
    first: Estimate | None
    second: Estimate | None
    first_reading: str
    second_reading: str
    unit: Unit

    @property
    def words(self) -> str:
        if self.first is None or self.second is None:
            return "in one run only"
        if self.first == self.second:
            return "the same"
        apart = self.first.low > self.second.high or self.second.low > self.first.high
        return "the intervals do not overlap" if apart else "the intervals overlap"


@dataclass(frozen=True, slots=True)
class Comparison:
    sentence: str
    then: str
    data: list[Line]
    pairs: list[Pair]
    settings: list[Line]
    frames: str


def compare(first: Run, second: Run) -> Comparison:
    """Both finished, of the same study; `first` is the earlier one."""
    one, two = first.result or {}, second.result or {}
    pairs = _pairs(one, two)
    return Comparison(
        sentence=_sentence(one, two),
        then=" ".join(filter(None, (_data_words(first, second), _pair_words(pairs), SHARED))),
        data=_data(first, second),
        pairs=pairs,
        settings=_settings(first.settings, second.settings),
        frames=_frames(first.frame_hash, second.frame_hash),
    )


def size(result: Json) -> tuple[int, str]:
    """n of a run and what it counts."""
    facts = result["facts"]
    for name in ("units", "contacts", "customers"):
        if name in facts and not (name == "customers" and kind(result) != "financial"):
            return int(facts[name]), name
    return 0, "rows"


def _sentence(one: Json, two: Json) -> str:
    before, after = READINGS[one["reading"]], READINGS[two["reading"]]
    if before == after:
        return f"The reading is the same in both runs: {after}."
    return f"The reading was “{before}” and is now “{after}”."


def _data_words(first: Run, second: Run) -> str:
    (was, noun), (now, _) = size(first.result or {}), size(second.result or {})
    if first.frame_hash == second.frame_hash:
        return f"Both were computed from exactly the same {count(now)} {noun}."
    if was == now:
        return f"Both have {count(now)} {noun}, but what is known of them changed."
    more = "more" if now > was else "fewer"
    return (
        f"Run {second.number} has {count(abs(now - was))} {more} {noun} than run {first.number}: "
        f"{count(now)} after {count(was)}."
    )


def _pair_words(pairs: list[Pair]) -> str:
    if not pairs or pairs[0].first is None or pairs[0].second is None:
        return ""
    pair = pairs[0]
    assert pair.first is not None
    assert pair.second is not None
    was, now = (full_text(end, pair.unit, sign=True) for end in (pair.first, pair.second))
    if was == now:
        return f"{pair.name}: {was} both times."
    return f"{pair.name}: {was} in the first run and {now} in the second; {pair.words}."


def _data(first: Run, second: Run) -> list[Line]:
    """The ledger of both, by reason."""
    labels = {line["label"]: None for run in (first, second) for line in run.ledger}
    lines = []
    for label in labels:
        was, now = (
            next((line["n"] for line in run.ledger if line["label"] == label), None)
            for run in (first, second)
        )
        change = "" if was is None or now is None else _signed(now - was)
        lines.append(Line(label, _count(was), _count(now), change))
    return lines


def _frames(one: str, two: str) -> str:
    if one == two:
        return f"Frame {one[:8]} in both: the same rows."
    return f"Frames {one[:8]} and {two[:8]}: not the same rows."


def _settings(one: Json, two: Json) -> list[Line]:
    names = [name for name in dict.fromkeys([*one, *two]) if name not in _ALWAYS]
    return [
        Line(name.replace("_", " ").capitalize(), _plain(one.get(name)), _plain(two.get(name)))
        for name in names
        if one.get(name) != two.get(name)
    ]


def _pairs(one: Json, two: Json) -> list[Pair]:
    before, after = figures.differences(one), figures.differences(two)
    found = []
    for name in dict.fromkeys([*before, *after]):
        was, now = before.get(name), after.get(name)
        unit = (now or was or {})["unit"]
        found.append(
            Pair(
                name,
                was["after"] if was else None,
                now["after"] if now else None,
                was["reading"] if was else "",
                now["reading"] if now else "",
                unit,
            )
        )
    return found


def _signed(number: int) -> str:
    return "0" if number == 0 else f"{'+' if number > 0 else MINUS}{count(abs(number))}"


def _count(number: int | None) -> str:
    return "–" if number is None else count(number)


def _plain(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(str(one) for one in value) or "–"
    return "–" if value in (None, "") else str(value)
