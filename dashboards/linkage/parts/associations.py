"""Every attitude beside every outcome."""

import msgspec

from analytics.studies import findings
from analytics.studies.sections.associations import Associations as Found
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

_ASKS = "customers followed; an association asks for"
_TOO_FEW = "too few customers followed; the workbook says how many."
#: More pairs or attitudes than this are counted.
NAMED = 3


def sections(found: Json, facts: Json) -> list[Section]:
    pairs = found["pairs"]
    rows = [row for row in (_row(pair, facts) for pair in pairs) if row is not None]
    without = _without([pair for pair in pairs if not (pair["partial"] or pair["raw"])])
    if found["left_out"]:
        without.append(f"Not correlated, beyond the number that one run takes: {listed(found['left_out'])}.")
    return [
        Section(
            "associations",
            _title([pair["reading"] for pair in pairs if pair["partial"] or pair["raw"]]),
            f"Spearman ρ given the controls, with 95% interval, {facts['horizon_days']} days. Filled: answer → later "
            "outcome. Hollow: answer → earlier outcome, the placebo.",
            foot=_foot(found),
            associations=Associations(tuple(rows)) if rows else None,
            lines=(findings.associations(msgspec.convert(found, Found)), *without) if rows else (),
            lack="" if rows else " ".join(without) or "There is nothing to correlate.",
        )
    ]


def _without(pairs: list[Json]) -> list[str]:
    """Pairs that show no figure, a line a reason: two or three by name, more by number and attitudes."""
    reasons: dict[str, list[Json]] = {}
    for pair in pairs:
        # How many were followed differs from pair to pair; the reason does not.
        reasons.setdefault(_TOO_FEW if _ASKS in pair["why"] else pair["why"] or "no figure", []).append(pair)
    lines = []
    for why, alike in reasons.items():
        if len(alike) <= NAMED:
            lines += [
                f"{one['attitude_label']} → {one['outcome_label']}: {one['why'] or why}" for one in alike
            ]
            continue
        names = list(dict.fromkeys(one["attitude_label"] for one in alike))
        more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        whose = f"{', '.join(names[:NAMED])}{more}" if more else listed(names)
        lines.append(f"{len(alike)} pairs of {whose}: {why}")
    return lines


def _foot(found: Json) -> str:
    """The families of tests: what was looked for among all, and what was expected beforehand."""
    tests, declared = found["tests"], found["declared"]
    if not declared:
        return f"q: Benjamini–Hochberg over all {tests} tests of the run, those of the bands among them."
    return (
        f"q: Benjamini–Hochberg within two families, the {declared} tests declared beforehand and the other "
        f"{tests - declared} of the run."
    )


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
