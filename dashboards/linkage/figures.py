"""From a run's stored result (`analytics.studies.results`, as JSON) to the pictures and tables of its page."""

from collections.abc import Mapping
from typing import Any

from analytics.studies import findings
from analytics.studies.results import Interval
from dashboards.charts import (
    DAYS,
    MEAN,
    PLAIN,
    SHARE,
    Association,
    Associations,
    BandDots,
    BandPanel,
    BandRow,
    Estimate,
    LinkWhisker,
    Unit,
    money,
)
from dashboards.charts.base import Tone

from .told import kind

Json = Mapping[str, Any]

_COUNT = Unit(decimals=2)
#: NPS as a mean outcome: whole points are too coarse for its differences.
_POINTS = Unit(decimals=1)
_UNITS = {"share": SHARE, "days": DAYS, "count": _COUNT, "points": _POINTS, "scale": MEAN, "sd": _COUNT}


def unit_of(facts: Json) -> Unit:
    """How the outcome is written; `facts.unit` is the registry's."""
    if facts["unit"] == "money":
        return money(facts["currency"] or "")
    return _UNITS.get(facts["unit"], PLAIN)


def estimate(interval: Json | None, n: int | None = None) -> Estimate | None:
    """An interval of the result as charts take it."""
    if interval is None or interval.get("low") is None or interval.get("high") is None:
        return None
    return Estimate(interval["value"], interval["low"], interval["high"], n)


_TONES: tuple[Tone, Tone, Tone] = ("promoter", "passive", "detractor")


def bands(result: Json) -> BandDots | None:
    """Adjusted means by band after the answer and, where history allows it, before."""
    facts = result["facts"]
    days = facts["horizon_days"]
    panels = []
    for key, title, subtitle in (
        ("after", "After the answer", f"{days} days, the link"),
        ("before", "Before the answer", f"{days} days, the placebo"),
    ):
        rows = _band_rows(result.get(key))
        if rows:
            panels.append(BandPanel(title, subtitle, tuple(rows), placebo=key == "before"))
    return BandDots(tuple(panels), unit_of(facts), reference=1) if panels else None


def _band_rows(panel: Json | None) -> list[BandRow]:
    if panel is None:
        return []
    found = []
    for tone, row in zip(_TONES, panel["rows"], strict=False):
        mean = estimate(row["adjusted"], row["n"])
        if mean is None:
            return []
        found.append(BandRow(short_name(row["band"], row["noun"]), tone, mean, row["mean"]))
    return found


def short_name(band: str, noun: str) -> str:
    """A band's name where there is little room: "Promoters", "Satisfied"."""
    return (noun if noun.startswith(band) and " " not in noun else band).capitalize()


def omnibus(panel: Json | None) -> str:
    """`Welch F(2, 1,326) = 20.1, p < .001, ω² = .016.`"""
    test = panel and panel.get("omnibus")
    if not test:
        return ""
    first, second = test["df"]
    p = "< .001" if test["p"] < 0.001 else f"= {test['p']:.3f}".replace("0.", ".")
    size = f"{test['effect_size']:.3f}".replace("0.", ".", 1).replace("-", "−")
    if test["test"] == "welch":
        return f"Welch F({first:,.0f}, {second:,.0f}) = {test['statistic']:,.1f}, p {p}, ω² = {size}."
    return f"Kruskal H({first:,.0f}) = {test['statistic']:,.1f}, p {p}, ε² = {size}."


def association(result: Json) -> Associations | None:
    """Spearman's ρ given the controls, beside the same of the placebo window."""
    found = result.get("association")
    if not found or not (link := found.get("partial") or found.get("raw")):
        return None
    facts = result["facts"]
    before = result.get("placebo_association") or {}
    placebo = before.get("partial") or before.get("raw")
    tested = result.get("contrasts") or []
    first = tested[0] if tested else result.get("contrast") or result.get("slope")
    days = f", {facts['horizon_days']} days" if facts.get("horizon_days") else ""
    row = Association(
        f"{facts['predictor_label']} → {facts['outcome_label']}{days}",
        _rho(link),
        _rho(placebo) if placebo else None,
        first["q"] if first else None,
        result["reading"],
        note="given the controls" if found.get("partial") else "raw",
    )
    return Associations((row,))


def _rho(found: Json) -> Estimate:
    return Estimate(found["coefficient"], found["low"], found["high"], found["n"])


def _end(interval: Interval) -> Estimate:
    return Estimate(interval.value, interval.low, interval.high)


def whisker(result: Json) -> LinkWhisker | None:
    """Link and placebo of the contrast that the short sentence speaks about."""
    if kind(result) != "financial":
        return _other_whisker(result)
    told = findings.shown(result)
    if told is None:
        return None
    link = _end(told.after)
    placebo = _end(told.before) if told.before else None
    return LinkWhisker(link, placebo, unit_of(result["facts"]).difference(), _tone(result, link))


def _other_whisker(result: Json) -> LinkWhisker | None:
    """The result's own "link" and "placebo", which name their unit."""
    link = estimate(result.get("link"))
    if link is None:
        return None
    unit = _UNITS.get(result["link"]["unit"], PLAIN).difference()
    return LinkWhisker(link, estimate(result.get("placebo")), unit, _tone(result, link))


def _tone(result: Json, link: Estimate) -> Any:
    if result["reading"] != "stands":
        return "noise"
    return "good" if (link.value > 0) == (result["facts"]["direction"] >= 0) else "bad"


def contrasts(result: Json) -> list[dict[str, Any]]:
    """Each difference as the table shows it."""
    unit = unit_of(result["facts"])
    return [
        {
            "name": f"{short_name(one['first'], one['first_noun'])} less "
            f"{short_name(one['second'], one['second_noun']).lower()}",
            "after": estimate(one["after"]),
            "before": estimate(one["before"]),
            "p": small(one["p"]),
            "q": small(one["q"]),
            "reading": one["reading"],
            "unit": unit,
        }
        for one in result["contrasts"]
    ]


def differences(result: Json) -> dict[str, dict[str, Any]]:
    """Each tested difference of a run by name, whatever its kind: {"after", "reading", "unit"}."""
    unit = unit_of(result["facts"]).difference()
    if kind(result) == "financial":
        return {one["name"]: {**one, "unit": unit} for one in contrasts(result)}
    found = result.get("contrast") or result.get("slope")
    if not found:
        return {}
    name = (
        f"{found['above']['words'].capitalize()} less {found['below']['words']}"
        if kind(result) == "operational"
        else f"{result['facts']['outcome_label']} by {result['facts']['predictor_label']}"
    )
    return {name: {"after": estimate(found["after"]), "reading": found["reading"], "unit": unit}}


def small(p: float) -> str:
    """A p or q value as papers write it."""
    return "< .001" if p < 0.001 else f"{p:.3f}".lstrip("0") if p < 1 else "1"
