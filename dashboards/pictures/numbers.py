"""The numbers behind a chart as numbers, unrounded, in the unit that its picture shows them in."""

from functools import singledispatch

from analytics.exports.cells import Cell, Sheet
from dashboards.charts import (
    Associations,
    BandDots,
    Chart,
    Curve,
    Distribution,
    DriversMap,
    Estimate,
    LinkWhisker,
    SaidDid,
    SurvivalCurves,
    Trend,
    Unit,
)
from dashboards.charts.associations import READINGS

ENDS = ("value", "low", "high")


@singledispatch
def numbers(chart: Chart) -> Sheet | None:
    """None where the chart's own table is all there is."""
    return None


def heads(name: str, unit: Unit | None = None) -> list[str]:
    """ "NPS", "NPS, low", "NPS, high"; with the unit where there is one to name."""
    mark = (unit.suffix or unit.prefix).strip() if unit is not None else ""
    shown = f"{name} ({mark})" if mark else name
    return [shown, f"{shown}, low", f"{shown}, high"]


def ends(estimate: Estimate | None, unit: Unit | None = None) -> list[Cell]:
    if estimate is None:
        return [None, None, None]
    by = unit.factor if unit is not None else 1.0
    return [float(f"{getattr(estimate, end) * by:.12g}") for end in ENDS]


def one(value: float | None, unit: Unit) -> Cell:
    return None if value is None else float(f"{value * unit.factor:.12g}")


@numbers.register
def _trend(chart: Trend) -> Sheet:
    rows: list[list[Cell]] = [
        [
            point.day.isoformat(),
            *ends(point.estimate, chart.unit),
            point.estimate.n if point.estimate else None,
        ]
        for point in chart.points
    ]
    rows += [[period.words, *ends(period.mean, chart.unit), period.mean.n] for period in chart.periods]
    return Sheet("trend", chart.title, ("From", *heads(chart.title, chart.unit), "n"), rows)


@numbers.register
def _distribution(chart: Distribution) -> Sheet:
    names = [group.label for group in chart.groups for _ in group.counts]
    rows: list[list[Cell]] = [
        [score, name, amount, amount / chart.total if chart.total else None]
        for score, name, amount in zip(chart.scores, names, chart.counts, strict=True)
    ]
    return Sheet("distribution", "Answers by score", ("Score", "Group", "Answers", "Share"), rows)


@numbers.register
def _bands(chart: BandDots) -> Sheet:
    rows: list[list[Cell]] = [
        [panel.title, row.label, row.mean.n, one(row.raw, chart.unit), *ends(row.mean, chart.unit)]
        for panel in chart.panels
        for row in panel.rows
    ]
    adjusted = heads("Adjusted mean", chart.unit)
    return Sheet("bands", "Bands", ("Window", "Band", "n", "Unadjusted", *adjusted), rows)


@numbers.register
def _curve(chart: Curve) -> Sheet:
    """The line's points, then what was observed; the second column says which."""
    rows: list[list[Cell]] = [
        ["", "line", one(point.x, chart.x_unit), None, None, *ends(point.y, chart.y_unit), None]
        for point in chart.line
    ]
    for dot in chart.dots:
        x_low, x_high = dot.x_span or (None, None)
        y_low, y_high = dot.y_span or (None, None)
        rows.append(
            [
                dot.label,
                "observed",
                *(one(end, chart.x_unit) for end in (dot.x, x_low, x_high)),
                *(one(end, chart.y_unit) for end in (dot.y, y_low, y_high)),
                dot.n,
            ]
        )
    across = heads(chart.x_label.capitalize(), chart.x_unit)
    return Sheet("curve", "Curve", ("Name", "What", *across, *heads(chart.y_label, chart.y_unit), "n"), rows)


@numbers.register
def _drivers(chart: DriversMap) -> Sheet:
    rows: list[list[Cell]] = [
        [
            driver.label,
            driver.performance.n,
            *ends(driver.importance, chart.importance_unit),
            *ends(driver.performance, chart.performance_unit),
        ]
        for driver in chart.drivers
    ]
    importance = heads(chart.importance_label.capitalize(), chart.importance_unit)
    performance = heads(chart.performance_label.capitalize(), chart.performance_unit)
    return Sheet("drivers", "Drivers", ("Driver", "n", *importance, *performance), rows)


@numbers.register
def _survival(chart: SurvivalCurves) -> Sheet:
    rows: list[list[Cell]] = [
        [curve.label, step.time, *ends(step.share, chart.unit), dict(curve.at_risk).get(step.time)]
        for curve in chart.curves
        for step in curve.steps
    ]
    headers = ("Group", chart.time_label.capitalize(), *heads(chart.title, chart.unit), "Followed")
    return Sheet("survival", "Survival", headers, rows)


@numbers.register
def _link(chart: LinkWhisker) -> Sheet:
    unit = chart.unit.difference()
    rows: list[list[Cell]] = [[name, *ends(item, unit)] for name, item, _, _ in chart.rows()]
    return Sheet("link", "Link", ("What", *heads("Difference", unit)), rows)


@numbers.register
def _associations(chart: Associations) -> Sheet:
    rows: list[list[Cell]] = [
        [
            row.label,
            *ends(row.estimate),
            *ends(row.placebo),
            row.estimate.n,
            row.q,
            READINGS[row.reading][0],
        ]
        for row in chart.rows
    ]
    headers = ("Attitude → outcome", *heads(chart.symbol), *heads("Placebo"), "n", "q", "Reading")
    return Sheet("associations", "Associations", headers, rows)


@numbers.register
def _said_did(chart: SaidDid) -> Sheet:
    said = [(answer.day, chart.measure, float(answer.score)) for answer in chart.answers]
    did = [(order.day, f"Order ({chart.currency})", float(order.amount)) for order in chart.orders]
    rows: list[list[Cell]] = [[day.isoformat(), what, value] for day, what, value in sorted(said + did)]
    return Sheet("said-did", "Said and did", ("Day", "What", "Value"), rows)
