"""How soon customers order again, by band."""

from dashboards.charts import Estimate, SurvivalCurve, SurvivalCurves, SurvivalStep, Table
from dashboards.charts.base import Tone
from dashboards.charts.numbers import bare

from .figures import COEFFICIENT, Json, apart, listed, p
from .section import Section

_TONES: tuple[Tone, Tone, Tone] = ("promoter", "passive", "detractor")
ALPHA = 0.05


def sections(found: Json, facts: Json) -> list[Section]:
    curves = [_curve(one, tone) for one, tone in zip(found["curves"], _TONES, strict=False)]
    if found["nonresponders"]:
        curves.append(_curve(found["nonresponders"], "noise"))
    drawn = tuple(curve for curve in curves if curve.steps)
    if not drawn:
        return [
            Section("survival", "Time to the next order", lack=found["why"] or "No customer was followed.")
        ]
    test = (
        f"Log-rank χ² = {found['logrank_statistic']:.1f}, p {_p(found['logrank_p'])}. "
        if found["logrank_p"] is not None
        else ""
    )
    shown = [
        Section(
            "survival",
            _title(found),
            "Share that has not ordered again, Kaplan–Meier with 95% interval; not adjusted. The clock starts at "
            "the answer, for those who did not answer at their invitation.",
            foot=f"{test}{found['why']}".strip(),
            chart=SurvivalCurves(drawn, title="Not ordered again"),
        )
    ]
    if found["hazards"]:
        shown.append(_hazards(found))
    return shown


def _curve(one: Json, tone: Tone) -> SurvivalCurve:
    steps = tuple(SurvivalStep(step["day"], _share(step)) for step in one["steps"])
    return SurvivalCurve(one["noun"].capitalize(), tone, steps, tuple((day, n) for day, n in one["at_risk"]))


def _share(step: Json) -> Estimate:
    """At the very start nobody has ordered and there is no doubt about it."""
    low, high = step["low"], step["high"]
    share = step["share"]
    return Estimate(share, share if low is None else low, share if high is None else high)


def _title(found: Json) -> str:
    value = found["logrank_p"]
    if value is None:
        return "Time to the next order, by band"
    if value >= ALPHA:
        return "How soon customers order again shows no clear difference between bands"
    medians = [
        f"half of {one['noun']} had ordered after {bare(one['median'], 0)} days"
        for one in found["curves"]
        if one["median"] is not None
    ]
    told = f": {listed(medians)}" if medians else ""
    return f"How soon customers order again differs by band{told}"


def _hazards(found: Json) -> Section:
    rows = [
        [one["label"], apart(one["ratio"], COEFFICIENT), p(one["p"]), p(one["ph_p"])]
        for one in found["hazards"]
    ]
    if found["ph_violated"]:
        title = "Hazards are not proportional, so each ratio is an average over time"
    elif found["ph_violated"] is None:
        title = "Hazard ratios at the same controls"
    else:
        title = "Hazard ratios at the same controls; proportional hazards are not contradicted"
    concordance = f" Concordance {bare(found['concordance'], 2)}." if found["concordance"] is not None else ""
    return Section(
        "hazards",
        title,
        "Cox regression, chance of the next order against the middle band; 95% interval.",
        foot=(
            f"Proportional hazards: exact test on Schoenfeld residuals, global p {_p(found['ph_global_p'])}."
            f"{concordance}"
        ),
        table=Table(["Term", "Hazard ratio", "p", "Proportional, p"], rows),
    )


def _p(value: float | None) -> str:
    told = p(value)
    return told if told.startswith(("<", "–")) else f"= {told}"
