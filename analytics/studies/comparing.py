"""Two runs of a study as one JSON object: what went in, what was read, each difference with its interval.

Runs of one study share most of their answers, so whether a change between them is real is not tested.
"""

from collections.abc import Mapping
from typing import Any

from analytics.models import Run

from .kinds import kind_of

Json = Mapping[str, Any]
#: Settings that differ between any two runs.
_ALWAYS = ("as_of", "seed")


def compared(first: Run, second: Run) -> dict[str, Any]:
    """Both finished and of the same study; `first` is the earlier one."""
    one, two = first.result or {}, second.result or {}
    return {
        "first": first,
        "second": second,
        "readings": [one["reading"], two["reading"]],
        "reading_changed": one["reading"] != two["reading"],
        "same_rows": first.frame_hash == second.frame_hash,
        "ledger": _ledger(first, second),
        "settings": _settings(first.settings, second.settings),
        "differences": _differences(one, two),
    }


def _ledger(first: Run, second: Run) -> list[dict[str, Any]]:
    """Rows found, left out by reason, and kept, in both runs; null where a run has no such line."""
    found = [{line["reason"]: line for line in run.ledger} for run in (first, second)]
    reasons = dict.fromkeys([*found[0], *found[1]])
    return [
        {
            "reason": reason,
            "label": next(one[reason]["label"] for one in found if reason in one),
            "first": found[0].get(reason, {}).get("n"),
            "second": found[1].get(reason, {}).get("n"),
        }
        for reason in reasons
    ]


def _settings(one: Json, two: Json) -> list[dict[str, Any]]:
    names = [name for name in dict.fromkeys([*one, *two]) if name not in _ALWAYS]
    return [
        {"name": name, "first": one.get(name), "second": two.get(name)}
        for name in names
        if one.get(name) != two.get(name)
    ]


def _differences(one: Json, two: Json) -> list[dict[str, Any]]:
    before, after = named(one), named(two)
    found = []
    for name in dict.fromkeys([*before, *after]):
        was, now = before.get(name), after.get(name)
        ends = [side["after"] if side else None for side in (was, now)]
        found.append(
            {
                "name": name,
                "first": ends[0],
                "second": ends[1],
                "readings": [side["reading"] if side else None for side in (was, now)],
                "overlap": _overlap(*ends),
            }
        )
    return found


def named(result: Json) -> dict[str, Json]:
    """The tested differences of a result by name, whatever its kind."""
    if kind_of(result) == "financial":
        return {one["name"]: one for one in result["contrasts"]}
    found = result.get("contrast") or result.get("slope")
    return {"above_below" if result.get("contrast") else "slope": found} if found else {}


def _overlap(first: Json | None, second: Json | None) -> bool | None:
    """Whether the two intervals overlap; None where a run has none."""
    if first is None or second is None:
        return None
    return bool(first["low"] <= second["high"] and second["low"] <= first["high"])
