"""How good the measure itself is."""

from dashboards.charts import RATIO, Table
from dashboards.charts.numbers import bare, count

from .figures import Json, apart, p
from .section import Section

_VERDICTS = {"good": "good", "fair": "fair", "low": "low", "unknown": "not known"}


def sections(found: Json, facts: Json) -> list[Section]:
    rows = [[one["label"], _VERDICTS[one["verdict"]], one["words"]] for one in found["criteria"]]
    low = [one["label"].lower() for one in found["criteria"] if one["verdict"] == "low"]
    title = (
        f"As a measure, {facts['predictor_label']} is low in {' and '.join(low)}"
        if low
        else f"How good a measure {facts['predictor_label']} is"
    )
    shown = [
        Section(
            "quality",
            title,
            "Definition, reliability, validity and usefulness, after Hayes.",
            lines=tuple(f"{label}: {verdict}. {words}" for label, verdict, words in rows),
        )
    ]
    if found["scales"]:
        shown.append(_scales(found["scales"]))
    units = found["units"]
    if units:
        shown.append(
            Section(
                "units",
                "Whether answers tell touchpoints apart",
                lines=(
                    f"ICC(1) {bare(units['icc1'], 3)}, ICC(2) {bare(units['icc2'], 2)}, p {p(units['p'])}: "
                    f"{count(units['groups'])} touchpoints, {count(units['n'])} answers.",
                ),
            )
        )
    return shown


def _scales(scales: list[Json]) -> Section:
    rows = [
        [
            one["label"],
            str(len(one["items"])),
            count(one["n"]),
            apart(one["alpha"], RATIO),
            _VERDICTS[one["verdict"]],
        ]
        for one in scales
    ]
    low = [one["label"] for one in scales if one["verdict"] == "low"]
    title = (
        f"The items of {' and '.join(low)} hang together poorly" if low else "How well items hang together"
    )
    return Section(
        "scales",
        title,
        "Cronbach’s alpha with Feldt’s 95% interval; good from .80, fair from .70.",
        table=Table(["Scale", "Items", "n", "Alpha", "Verdict"], rows),
    )
