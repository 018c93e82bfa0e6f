"""Our run and the notebook found the same, to stated digits, or their times mean nothing."""

import math
from collections.abc import Iterator
from typing import Any

#: Relative, or absolute below 1: both compute the same by other code, so that only rounding and the stopping rules of
#: iterations differ. lifelines stops a Cox model at six digits.
DIGITS = {"link": 1e-6, "associations": 1e-8, "survival": 1e-4, "response": 1e-6, "drivers": 1e-8}
#: Ends of bootstrap intervals, in widths of the interval: other draws, and by resampling and refitting where ours
#: weigh and take a step.
DRAWN = 0.2
#: Draws below which ends of intervals are not compared.
ENOUGH = 300


class Disagreement(AssertionError):
    """One of the two is wrong."""


def agreement(result: dict[str, Any], theirs: dict[str, Any]) -> dict[str, Any]:
    """How many figures were compared, and how far the worst of them is apart.

    Raises:
        Disagreement: naming figures that differ by more than `DIGITS` or `DRAWN`.
    """
    worst: dict[str, float] = {}
    wrong, count = [], 0
    for part, label, mine, other in [*_figures(result, theirs), *_drawn(result, theirs)]:
        apart = abs(mine - other) / max(1.0, abs(other)) if math.isfinite(other) else float(mine != other)
        count += 1
        worst[part] = max(worst.get(part, 0.0), apart)
        if not apart <= DIGITS.get(part, DRAWN):
            wrong.append(f"{part}, {label}: {mine!r} against {other!r}")
    if wrong:
        raise Disagreement("The notebook found something else: " + "; ".join(wrong))
    return {"figures agree": count, **{f"{part} apart": float(f"{most:.1g}") for part, most in worst.items()}}


def _figures(result: dict[str, Any], theirs: dict[str, Any]) -> Iterator[tuple[str, str, float, float]]:
    main = result["contrasts"][0]
    yield "link", "customers", result["after"]["n"], theirs["n"]
    yield "link", "adjusted difference", main["after"]["value"], theirs["difference"]
    yield "link", "placebo", main["before"]["value"], theirs["placebo"]
    for row in result["after"]["rows"]:
        yield "link", f"mean of {row['band']}", row["mean"], theirs["observed"][row["band"]]
    for pair in result["associations"]["pairs"]:
        other = theirs["associations"][pair["attitude"]][pair["outcome"]]
        for name in ("raw", "partial", "placebo"):
            label = f"{pair['attitude']} and {pair['outcome']}, {name}"
            yield "associations", label, pair[name]["value"], other[name]
    survival = result["survival"]
    for curve in survival["curves"]:
        mine = math.inf if curve["median"] is None else curve["median"]
        yield "survival", f"median of {curve['band']}", mine, theirs["survival"]["medians"][curve["band"]]
    yield "survival", "log-rank", survival["logrank_statistic"], theirs["survival"]["logrank"]
    yield "survival", "concordance", survival["concordance"], theirs["survival"]["concordance"]
    for hazard, ratio in zip(survival["hazards"], theirs["survival"]["hazards"], strict=True):
        yield "survival", f"hazard ratio of {hazard['name']}", hazard["ratio"]["value"], ratio
    weights = result["nonresponse"]["weights"]
    yield "response", "customers with a weight", weights["customers"], theirs["response"]["customers"]
    yield "response", "effective number", weights["effective"], theirs["response"]["effective"]
    weighted = weights["differences"][0]["weighted"]["value"]
    yield "response", "weighted difference", weighted, theirs["response"]["weighted"]
    yield "drivers", "complete answers", result["drivers"]["n"], theirs["drivers"]["n"]
    for driver in result["drivers"]["drivers"]:
        share = theirs["drivers"]["importance"][driver["metric"]]
        yield "drivers", f"importance of {driver['metric']}", driver["importance"]["value"], share
    yield "drivers", "alpha", result["quality"]["scales"][0]["alpha"]["value"], theirs["drivers"]["alpha"]


def _drawn(result: dict[str, Any], theirs: dict[str, Any]) -> Iterator[tuple[str, str, float, float]]:
    """Ends of bootstrap intervals, in widths of the notebook's interval."""
    if theirs["loops"]["link"]["draws"] >= ENOUGH:
        found, (low, high) = result["contrasts"][0]["difference_sd"], theirs["beside"]
        sign = 1.0 if result["contrasts"][0]["after"]["value"] >= 0 else -1.0
        ends = (found["low"], found["high"]) if sign > 0 else (-found["high"], -found["low"])
        for name, mine, other in (("low", ends[0], low), ("high", ends[1], high)):
            yield "link less placebo, drawn", name, (mine - other) / (high - low), 0.0
    if theirs["loops"]["drivers"]["draws"] >= ENOUGH:
        for driver in result["drivers"]["drivers"]:
            wide = theirs["drivers"]["width"][driver["metric"]]
            mine = driver["importance"]["high"] - driver["importance"]["low"]
            yield "drivers, drawn", f"width for {driver['metric']}", (mine - wide) / wide, 0.0
