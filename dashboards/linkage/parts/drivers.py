"""What goes with the overall answer among the items answered with it."""

import msgspec

from analytics.studies.sections import sentences
from analytics.studies.sections.drivers import DriverMap
from dashboards.charts import RATIO, SHARE, Driver, DriversMap, Table
from dashboards.charts.numbers import count

from .figures import COEFFICIENT, Json, apart, p, some, told
from .section import Section

_QUADRANTS = {
    "matters_badly": "matters, goes badly",
    "matters_well": "matters, goes well",
    "less_badly": "matters less, goes badly",
    "less_well": "matters less, goes well",
}
_METHODS = {
    "shapley": "LMG shares of R²",
    "relative_weights": "Johnson’s relative weights, as above twelve items",
}


def sections(found: Json, facts: Json) -> list[Section]:
    items = found["drivers"]
    left_out = tuple(f"Left out: {name} ({why})." for name, why in found["left_out"].items())
    if not items:
        why = found["why"] or "No items were answered together with the overall question."
        return [Section("drivers", "What goes with the answer", lack=why, lines=left_out)]
    read = msgspec.convert(found, DriverMap)
    chart = DriversMap(
        tuple(
            Driver(one["label"], some(one["importance"]), some(one["performance"], one["n"])) for one in items
        ),
        performance_label="answers at its two best steps",
    )
    lost = f", {count(found['lost'])} lost to missing answers" if found["lost"] else ""
    draws = f", {count(found['draws'])} bootstrap draws" if found["draws"] else ""
    return [
        Section(
            "drivers",
            sentences.drivers(read),
            f"What goes with the {facts['predictor_label']} answer: {len(items)} rated items, n {count(found['n'])}"
            f"{lost}. R² = {told(found['r_squared'], RATIO)}. Crosses: 95% intervals.",
            foot=(
                f"Importance: {_METHODS[found['method']]}{draws}. Dashed: means. Orange: both intervals clear of "
                f"them. {sentences.HALO}"
            ),
            chart=chart,
        ),
        _items(found, read, facts, left_out),
    ]


def _items(found: Json, read: DriverMap, facts: Json, left_out: tuple[str, ...]) -> Section:
    rows = [
        [
            one["label"],
            apart(one["importance"], RATIO),
            told(one["performance"], SHARE),
            apart(one["coefficient"], COEFFICIENT),
            p(one["p"]),
            _QUADRANTS[one["quadrant"]] if one["clear"] else "open",
        ]
        for one in found["drivers"]
    ]
    return Section(
        "items",
        "The items",
        "Coefficient: points of the answer a point of the item, HC3 errors. Place: only where both intervals are "
        "clear of the means.",
        lines=(sentences.drivers_then(read, facts["predictor_label"]), *left_out),
        table=Table(["Item", "Share of R²", "Two best steps", "Coefficient", "p", "Place"], rows),
    )
