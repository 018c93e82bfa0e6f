"""How good the measure itself is."""

import msgspec

from analytics.studies.sections import sentences
from analytics.studies.sections.quality import Quality, Scale
from dashboards.charts import RATIO, Table
from dashboards.charts.numbers import bare, count

from .figures import Json, apart, p
from .section import Section

_VERDICTS = {"good": "good", "fair": "fair", "low": "low", "unknown": "not known"}


def sections(found: Json, facts: Json) -> list[Section]:
    read = msgspec.convert(found, Quality)
    rows = [[one.label, _VERDICTS[one.verdict], one.words] for one in read.criteria]
    shown = [
        Section(
            "quality",
            sentences.quality(read, facts["predictor_label"]),
            "Definition, reliability, validity and usefulness, after Hayes.",
            lines=tuple(f"{label}: {verdict}. {words}" for label, verdict, words in rows),
        )
    ]
    if read.scales:
        shown.append(_scales(read.scales, found["scales"], read.left_out))
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


def _scales(read: list[Scale], scales: list[Json], left_out: dict[str, str]) -> Section:
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
    return Section(
        "scales",
        sentences.scales(read),
        "Cronbach’s alpha with Feldt’s 95% interval; good from .80, fair from .70.",
        lines=tuple(f"No alpha: {name} ({why})." for name, why in left_out.items()),
        table=Table(["Scale", "Items", "n", "Alpha", "Verdict"], rows),
    )
