"""From a run's stored result (`analytics.studies.results`, as JSON) to the pictures and tables of its page."""

from collections.abc import Mapping
from typing import Any

from dashboards.charts import (
    DAYS,
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

Json = Mapping[str, Any]

_COUNT = Unit(decimals=2)


def unit_of(facts: Json) -> Unit:
    """How the outcome is written; `facts.unit` is the registry's."""
    if facts["unit"] == "money":
        return money(facts["currency"] or "")
    return {"share": SHARE, "days": DAYS, "count": _COUNT}.get(facts["unit"], PLAIN)


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
    first = result["contrasts"][0] if result["contrasts"] else None
    row = Association(
        f"{facts['predictor_label']} → {facts['outcome_label']}, {facts['horizon_days']} days",
        _rho(link),
        _rho(placebo) if placebo else None,
        first["q"] if first else None,
        result["reading"],
        note="given the controls" if found.get("partial") else "raw",
    )
    return Associations((row,))


def _rho(found: Json) -> Estimate:
    return Estimate(found["coefficient"], found["low"], found["high"], found["n"])


def whisker(result: Json) -> LinkWhisker | None:
    """Link and placebo of the contrast that decides the run's reading."""
    if not result["contrasts"]:
        return None
    first = result["contrasts"][0]
    link = estimate(first["after"])
    if link is None:
        return None
    tone: Any = "noise"
    if result["reading"] == "stands":
        favourable = (link.value > 0) == (result["facts"]["direction"] >= 0)
        tone = "good" if favourable else "bad"
    return LinkWhisker(link, estimate(first["before"]), unit_of(result["facts"]).difference(), tone)


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


def small(p: float) -> str:
    """A p or q value as papers write it."""
    return "< .001" if p < 0.001 else f"{p:.3f}".lstrip("0") if p < 1 else "1"
