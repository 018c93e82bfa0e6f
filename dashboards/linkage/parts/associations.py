"""Every attitude beside every outcome."""

from dashboards.charts import Association, Associations
from dashboards.linkage.figures import estimate

from .figures import Json, listed
from .section import Section

_READ = {
    "stands": ("stands", "stand"),
    "matched_by_placebo": ("is matched by its placebo", "are matched by their placebo"),
    "not_separable_from_placebo": (
        "is not separable from its placebo",
        "are not separable from their placebo",
    ),
    "no_placebo_possible": ("has no placebo", "have no placebo"),
    "noise": ("is noise", "are noise"),
}


def sections(found: Json, facts: Json) -> list[Section]:
    pairs = found["pairs"]
    rows = [row for row in (_row(pair, facts) for pair in pairs) if row is not None]
    without = [
        f"{pair['attitude_label']} → {pair['outcome_label']}: {pair['why'] or 'no figure'}"
        for pair in pairs
        if not (pair["partial"] or pair["raw"])
    ]
    if found["left_out"]:
        without.append(f"Not correlated, beyond the number that one run takes: {listed(found['left_out'])}.")
    declared = f", {found['declared']} of them declared beforehand" if found["declared"] else ""
    return [
        Section(
            "associations",
            _title([pair["reading"] for pair in pairs if pair["partial"] or pair["raw"]]),
            f"Spearman ρ given the controls, with 95% interval, {facts['horizon_days']} days. Filled: answer → later "
            "outcome. Hollow: answer → earlier outcome, the placebo.",
            foot=f"q: Benjamini–Hochberg over all {found['tests']} tests of the run{declared}.",
            associations=Associations(tuple(rows)) if rows else None,
            lines=tuple(without) if rows else (),
            lack="" if rows else " ".join(without) or "There is nothing to correlate.",
        )
    ]


def _title(readings: list[str]) -> str:
    parts = []
    for reading, (one, several) in _READ.items():
        n = readings.count(reading)
        if n:
            parts.append(f"{n} {one if n == 1 else several}")
    if not parts:
        return "What else goes with what"
    noun = "association" if len(readings) == 1 else "associations"
    return f"Of {len(readings)} {noun}, {listed(parts)}"


def _row(pair: Json, facts: Json) -> Association | None:
    shown = estimate(pair["partial"] or pair["raw"], pair["n"])
    if shown is None:
        return None
    notes = ["" if pair["partial"] else "raw", "declared beforehand" if pair["declared"] else ""]
    return Association(
        f"{pair['attitude_label']} → {pair['outcome_label']}",
        shown,
        estimate(pair["placebo"], pair["placebo_n"]),
        pair["q"],
        pair["reading"],
        note=", ".join(filter(None, notes)),
    )
