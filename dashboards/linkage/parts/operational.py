"""A measure of the contact and the answer about it: the curve, both sides of the threshold, the rank order."""

from dashboards.charts import (
    DAYS,
    PLAIN,
    SHARE,
    Associations,
    Curve,
    CurveDot,
    CurvePoint,
    Table,
    Threshold,
    Unit,
)
from dashboards.charts.numbers import bare, count
from dashboards.linkage import figures
from dashboards.linkage.told import title

from .figures import Json, listed, p, some, told
from .section import Section

_MINUTES, _SECONDS = Unit(suffix=" min", decimals=1), Unit(suffix=" s")
#: From here on seconds are told as minutes.
_LONG = 180


def sections(result: Json) -> list[Section]:
    found = []
    if result.get("curve"):
        found.append(_curve(result))
    if result.get("contrast"):
        found.append(_sides(result))
    rows = figures.association(result)
    if rows is not None:
        found.append(rank_order(rows, result))
    return found


def rank_order(rows: Associations, result: Json) -> Section:
    facts = result["facts"]
    return Section(
        "associations",
        f"{facts['predictor_label']} and {facts['outcome_label']}, in rank order",
        "Spearman ρ with 95% interval. Filled: the link. Hollow: the placebo.",
        associations=rows,
    )


def _measure(facts: Json, most: float) -> tuple[Unit, float]:
    """How the measure is written, and what its values are divided by."""
    if facts["measure_unit"] == "seconds":
        return (_MINUTES, 60.0) if most >= _LONG else (_SECONDS, 1.0)
    return {"days": DAYS, "share": SHARE}.get(facts["measure_unit"], PLAIN), 1.0


def _curve(result: Json) -> Section:
    facts, curve = result["facts"], result["curve"]
    ends = [one["x"] for one in curve["points"]]
    unit, by = _measure(facts, max(ends, default=0.0))
    low, high = min(ends, default=0.0), max(ends, default=1.0)
    dots = tuple(
        CurveDot(
            one["words"],
            _middle(one, low, high) / by,
            one["observed"]["value"],
            y_span=(one["observed"]["low"], one["observed"]["high"]),
            n=one["n"],
        )
        for one in curve["bins"]
        if one["observed"]
    )
    few = [f"{one['words']} ({count(one['n'])})" for one in curve["bins"] if not one["observed"]]
    contrast = result.get("contrast")
    thresholds = (Threshold(contrast["threshold"] / by, contrast["threshold_words"]),) if contrast else ()
    hidden = f" Too few to show: {listed(few)}." if few else ""
    return Section(
        "curve",
        title(result),
        f"{facts['outcome_label']} by {facts['predictor_label'].lower()}: line and band at the same controls, points "
        f"as observed, 95% intervals; n {count(facts['contacts'])}.",
        foot=f"Wald test that the curve is flat: F({bare(curve['df'][0], 0)}, {bare(curve['df'][1], 0)}) = "
        f"{bare(curve['statistic'], 1)}, p {_p(curve['p'])}, q {_p(curve['q'])}.{hidden}",
        chart=Curve(
            tuple(CurvePoint(one["x"] / by, some(one)) for one in curve["points"]),
            dots,
            facts["predictor_label"].lower(),
            facts["outcome_label"],
            thresholds,
            unit,
            figures.unit_of(facts),
        ),
    )


def _middle(one: Json, low: float, high: float) -> float:
    first = low if one["low"] is None else max(one["low"], low)
    last = high if one["high"] is None else min(one["high"], high)
    return float((first + last) / 2)


def _sides(result: Json) -> Section:
    contrast, unit = result["contrast"], figures.unit_of(result["facts"])
    rows = [
        [
            side["words"].capitalize(),
            count(side["n"]),
            told(side["observed"], unit),
            told(side["adjusted"], unit),
        ]
        for side in (contrast["above"], contrast["below"])
    ]
    difference = unit.difference()
    before = (
        f" Before, the placebo: {told(contrast['before'], difference, sign=True)}."
        if contrast["before"]
        else ""
    )
    how = (
        "The threshold was declared beforehand."
        if contrast["how"] == "declared"
        else "The threshold is the best of several fixed beforehand; interval and p are corrected for that search."
    )
    return Section(
        "sides",
        f"{contrast['above']['words'].capitalize()} and {contrast['below']['words']}",
        how,
        lines=(
            f"Difference at the same controls: {told(contrast['after'], difference, sign=True)}, "
            f"p {_p(contrast['p'])}, q {_p(contrast['q'])}.{before}",
        ),
        table=Table(["Contacts", "n", "As observed", "At the same controls"], rows),
    )


def _p(value: float | None) -> str:
    written = p(value)
    return written if written.startswith(("<", "–")) else f"= {written}"
