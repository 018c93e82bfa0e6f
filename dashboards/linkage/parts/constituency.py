"""Employees' and customers' answers of the same units: a point a unit, the slope, how far units differ at all."""

from dashboards.charts import MEAN, Curve, CurveDot, CurvePoint, Table
from dashboards.charts.numbers import bare, count
from dashboards.linkage import figures
from dashboards.linkage.told import title

from .figures import Json, p, some, told
from .operational import rank_order
from .section import Section


def sections(result: Json) -> list[Section]:
    found = []
    if result.get("units"):
        found.append(_dots(result))
    if result.get("slope"):
        found.append(_slope(result))
    if result.get("agreement"):
        found.append(_agreement(result["agreement"]))
    rows = figures.association(result)
    if rows is not None:
        found.append(rank_order(rows, result))
    return found


def _dots(result: Json) -> Section:
    facts = result["facts"]
    dots = tuple(
        CurveDot(
            one["name"],
            one["predictor"],
            one["outcome"],
            x_span=_span(one["predictor_interval"]),
            y_span=_span(one["outcome_interval"]),
            n=one["customers"],
        )
        for one in result["units"]
    )
    return Section(
        "dots",
        title(result),
        f"A point a unit, mean of its {facts['period']}s: {facts['outcome_label']} of customers by "
        f"{facts['predictor_label'].lower()} of employees, with 95% intervals; n {count(facts['units'])} units. Line "
        "and band: at the same controls.",
        foot=f"Units with fewer than {facts['minimum_employees']} answering employees are not shown.",
        chart=Curve(
            tuple(CurvePoint(one["x"], some(one)) for one in result["line"]),
            dots,
            f"{facts['predictor_label'].lower()} of employees",
            f"{facts['outcome_label']} of customers",
            x_unit=MEAN,
            y_unit=figures.unit_of(facts),
            named=True,
        ),
    )


def _span(interval: Json | None) -> tuple[float, float] | None:
    return (interval["low"], interval["high"]) if interval else None


def _slope(result: Json) -> Section:
    slope, facts = result["slope"], result["facts"]
    unit = figures.unit_of(facts).difference()
    rows = [["After, the link", told(slope["after"], unit, sign=True), p(slope["p"]), p(slope["q"])]]
    if slope["before"]:
        rows.append(
            ["Before, the placebo", told(slope["before"], unit, sign=True), p(slope["before_p"]), "–"]
        )
    return Section(
        "slope",
        "Customers’ score for one point more of the employees’",
        f"At the same controls, 95% interval by leaving out one unit at a time; employees’ scores differ by "
        f"{bare(slope['spread'], 2)} points (standard deviation).",
        table=Table(["Window", "Change for one point", "p", "q"], rows),
    )


def _agreement(rows: list[Json]) -> Section:
    return Section(
        "agreement",
        "Whether answers tell units apart",
        "ICC(1): one answer as a measure of its unit. ICC(2): the unit’s mean.",
        table=Table(
            ["Answers of", "ICC(1)", "ICC(2)", "Answers", "Cells", "p"],
            [
                [
                    one["who"],
                    bare(one["icc1"], 3),
                    bare(one["icc2"], 2),
                    count(one["n"]),
                    count(one["cells"]),
                    p(one["p"]),
                ]
                for one in rows
            ],
        ),
    )
