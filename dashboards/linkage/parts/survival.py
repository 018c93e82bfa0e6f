"""How soon what follows the answer comes, by band."""

import msgspec

from analytics.studies.sections import sentences
from analytics.studies.sections.survival import Survival
from dashboards.charts import Estimate, SurvivalCurve, SurvivalCurves, SurvivalStep, Table
from dashboards.charts.base import Tone
from dashboards.charts.numbers import bare

from .figures import COEFFICIENT, Json, apart, p
from .section import Section

_TONES: tuple[Tone, Tone, Tone] = ("promoter", "passive", "detractor")


def sections(found: Json, facts: Json) -> list[Section]:
    read = msgspec.convert(found, Survival)
    curves = [_curve(one, tone) for one, tone in zip(found["curves"], _TONES, strict=False)]
    if found["nonresponders"]:
        curves.append(_curve(found["nonresponders"], "noise"))
    drawn = tuple(curve for curve in curves if curve.steps)
    done = sentences.done(read)
    if not drawn:
        return [
            Section("survival", sentences.survival(read), lack=found["why"] or "No customer was followed.")
        ]
    silent = ", for those who did not answer at their invitation" if found["nonresponders"] else ""
    test = (
        f"Log-rank χ² = {found['logrank_statistic']:.1f}, p {_p(found['logrank_p'])}. "
        if found["logrank_p"] is not None
        else ""
    )
    longest = "A curve ends where fewer than ten of its band are followed longer. "
    among = f" Among {facts['among']}." if facts.get("among") and _is_cancellation(read) else ""
    binning = f" {facts['binning']}" if facts.get("binning") else ""
    shown = [
        Section(
            "survival",
            sentences.survival(read),
            f"Share that has not {done}, Kaplan–Meier with 95% interval; not adjusted. The clock starts at the "
            f"answer{silent}.{among}{binning}",
            foot=f"{test}{longest}{found['why']}".strip(),
            chart=SurvivalCurves(drawn, title=f"Not {done}"),
        )
    ]
    if found["hazards"]:
        shown.append(_hazards(found, read, done))
    return shown


def _is_cancellation(read: Survival) -> bool:
    return read.outcome == "days_to_cancellation"


def _curve(one: Json, tone: Tone) -> SurvivalCurve:
    steps = tuple(SurvivalStep(step["day"], _share(step)) for step in one["steps"])
    at_risk = tuple((day, n) for day, n in one["at_risk"])
    return SurvivalCurve(one["noun"].capitalize(), tone, steps, at_risk, one.get("until"))


def _share(step: Json) -> Estimate:
    """At the very start it has come for nobody, and there is no doubt about it."""
    low, high = step["low"], step["high"]
    share = step["share"]
    return Estimate(share, share if low is None else low, share if high is None else high)


def _hazards(found: Json, read: Survival, done: str) -> Section:
    rows = [
        [one["label"], apart(one["ratio"], COEFFICIENT), p(one["p"]), p(one["ph_p"])]
        for one in found["hazards"]
    ]
    concordance = f" Concordance {bare(found['concordance'], 2)}." if found["concordance"] is not None else ""
    what = "the next order" if done == "ordered again" else "a cancellation"
    return Section(
        "hazards",
        sentences.hazards(read),
        f"Cox regression, rate of {what} against {read.curves[1].noun}; 95% interval.",
        lines=(sentences.hazards_then(read),),
        foot=(
            f"Proportional hazards: exact test on Schoenfeld residuals, global p {_p(found['ph_global_p'])}."
            f"{concordance}"
        ),
        table=Table(["Term", "Hazard ratio", "p", "Proportional, p"], rows),
    )


def _p(value: float | None) -> str:
    told = p(value)
    return told if told.startswith(("<", "–")) else f"= {told}"
