"""What goes with the overall answer among the items answered with it."""

from dashboards.charts import RATIO, SHARE, Driver, DriversMap, Table
from dashboards.charts.numbers import bare, count

from .figures import COEFFICIENT, Json, apart, listed, p, some, told
from .section import Section

_QUADRANTS = {
    "matters_badly": "matters, goes badly",
    "matters_well": "matters, goes well",
    "less_badly": "matters less, goes badly",
    "less_well": "matters less, goes well",
}
_METHODS = {"shapley": "LMG shares of R²", "relative_weights": "Johnson’s relative weights"}
HALO = "Ratings given in the same moment share a halo: who is content rates everything higher."


def sections(found: Json, facts: Json) -> list[Section]:
    items = found["drivers"]
    if not items:
        why = found["why"] or "No items were answered together with the overall question."
        return [Section("drivers", "What goes with the answer", lack=why)]
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
            _title(items),
            f"What goes with the {facts['predictor_label']} answer: {len(items)} rated items, n {count(found['n'])}"
            f"{lost}. R² = {told(found['r_squared'], RATIO)}. Crosses: 95% intervals.",
            foot=(
                f"Importance: {_METHODS[found['method']]}{draws}. Dashed: means. Orange: both intervals clear of "
                f"them. {HALO}"
            ),
            chart=chart,
        ),
        _items(found),
    ]


def _title(items: list[Json]) -> str:
    urgent = [one["label"] for one in items if one["clear"] and one["quadrant"] == "matters_badly"]
    if not urgent:
        return "No item clearly matters more and goes worse than the others"
    verb = "matters and goes badly" if len(urgent) == 1 else "matter and go badly"
    return f"{listed(urgent)} {verb}, with both intervals clear of the means"


def _items(found: Json) -> Section:
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
    left_out = tuple(f"Left out: {name} ({why})." for name, why in found["left_out"].items())
    return Section(
        "items",
        "The items",
        "Coefficient: points of the answer a point of the item, HC3 errors. Place: only where both intervals are "
        "clear of the means.",
        lines=left_out,
        table=Table(["Item", "Share of R²", "Two best steps", "Coefficient", "p", "Place"], rows),
        foot=f"R² {bare(found['r_squared']['value'], 2)} is shared out among the items."
        if found["r_squared"]
        else "",
    )
