"""Tables of the sections that a result may have beside its bands; each is there only when the run has it."""

from collections.abc import Callable

from . import kinds
from .cells import Cell, Json, Sheet, ends, reading


def more(result: Json) -> list[Sheet]:
    """What schema 2 added, then what the other kinds have."""
    found = [make(result[key]) for key, make in _SECTIONS if result.get(key)]
    if result.get("kind") == "operational":
        found += kinds.operational(result)
    if result.get("kind") == "constituency":
        found += kinds.constituency(result)
    return found


def _pairs(found: Json) -> Sheet:
    headers = ["Attitude", "Outcome", "n", "Reading", "Declared"]
    for name in ("Raw ρ", "Partial ρ", "Placebo ρ", "Link less placebo"):
        headers += [name, f"{name}, low", f"{name}, high"]
    rows: list[list[Cell]] = [
        [
            *(one[name] for name in ("attitude", "outcome", "n")),
            reading(one["reading"]),
            one["declared"],
            *(end for name in ("raw", "partial", "placebo", "difference") for end in ends(one[name])),
            *(one[name] for name in ("p", "q", "placebo_n", "why")),
        ]
        for one in found["pairs"]
    ]
    return Sheet("pairs", "All associations", (*headers, "p", "q", "Placebo n", "Why not"), rows)


def _drivers(found: Json) -> Sheet:
    headers = ["Item", "n"]
    for name in ("Importance", "Performance", "Coefficient"):
        headers += [name, f"{name}, low", f"{name}, high"]
    rows: list[list[Cell]] = [
        [
            one["label"],
            one["n"],
            *(end for name in ("importance", "performance", "coefficient") for end in ends(one[name])),
            *(one[name] for name in ("p", "significant", "quadrant", "clear")),
        ]
        for one in found["drivers"]
    ]
    return Sheet("drivers", "Drivers", (*headers, "p", "Significant", "Quadrant", "Clear of means"), rows)


def _survival(found: Json) -> Sheet:
    rows: list[list[Cell]] = [
        [curve["band"], *(step[name] for name in ("day", "share", "low", "high"))]
        for curve in [*found["curves"], *filter(None, [found["nonresponders"]])]
        for step in curve["steps"]
    ]
    what = "Not cancelled" if found.get("outcome") == "days_to_cancellation" else "Not ordered again"
    return Sheet("survival", "Survival", ("Band", "Day", what, "Low", "High"), rows)


def _hazards(found: Json) -> Sheet:
    rows: list[list[Cell]] = [
        [one["label"], *ends(one["ratio"]), one["p"], one["ph_p"]] for one in found["hazards"]
    ]
    return Sheet("hazards", "Hazard ratios", ("Term", "Ratio", "Low", "High", "p", "Proportional, p"), rows)


def _stages(found: Json) -> Sheet:
    segments = list(dict.fromkeys(name for stage in found["stages"] for name in stage["segments"]))
    rows: list[list[Cell]] = [
        [
            *(one[name] for name in ("label", "customers", "revenue", "orders", "tenure_days")),
            *(one["segments"].get(name) for name in segments),
        ]
        for one in found["stages"]
    ]
    headers = ("Stage", "Customers", "Revenue before", "Orders before", "Tenure, days")
    return Sheet(
        "nonresponse", "Non-response", (*headers, *(f"Share {name or 'unknown'}" for name in segments)), rows
    )


def _quality(found: Json) -> Sheet:
    rows: list[list[Cell]] = [[one["label"], one["verdict"], one["words"]] for one in found["criteria"]]
    return Sheet("quality", "Metric quality", ("Criterion", "Verdict", "In words"), rows)


def _scales(found: Json) -> Sheet:
    rows: list[list[Cell]] = [
        [one["label"], len(one["items"]), one["n"], *ends(one["alpha"]), one["verdict"]]
        for one in found["scales"]
    ]
    return Sheet("scales", "Scales", ("Scale", "Items", "n", "Alpha", "Low", "High", "Verdict"), rows)


_SECTIONS: tuple[tuple[str, Callable[[Json], Sheet]], ...] = (
    ("associations", _pairs),
    ("drivers", _drivers),
    ("survival", _survival),
    ("survival", _hazards),
    ("nonresponse", _stages),
    ("quality", _quality),
    ("quality", _scales),
)
