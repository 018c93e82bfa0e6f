"""Who was eligible, asked, answered and followed."""

from dashboards.charts import DAYS, SHARE, Table, Unit, money
from dashboards.charts.numbers import bare, count, exact, number
from dashboards.linkage.figures import estimate, unit_of

from .figures import Json, listed, told
from .section import Section

_COUNT = Unit(decimals=2)


def sections(found: Json, facts: Json) -> list[Section]:
    stages = found["stages"]
    if not stages:
        return [Section("nonresponse", "Who answered", lack=found["why"] or "Nobody was asked.")]
    currency = facts["currency"] or ""
    segments = list(dict.fromkeys(name for stage in stages for name in stage["segments"]))[:6]
    rows = [
        [
            stage["label"],
            count(stage["customers"]),
            _money(stage["revenue"], currency),
            _plain(stage["orders"], 2),
            _plain(stage["tenure_days"], 0),
            *(number(stage["segments"].get(name, 0.0), SHARE) for name in segments),
        ]
        for stage in stages
    ]
    headers = ["Customers", "n", "Revenue before", "Orders before", "Tenure, days"]
    ineligible = [f"{reason} {count(n)}" for reason, n in found["ineligible"].items()]
    shown = [
        Section(
            "nonresponse",
            _title(found, facts),
            "What they did in the look-back before their first occasion to be asked, mean of each.",
            lines=tuple(_gap(gap, facts) for gap in found["gaps"]),
            foot=f"{count(found['occasions'])} occasions."
            + (f" Not eligible: {', '.join(ineligible)}." if ineligible else ""),
            table=Table([*headers, *(name.capitalize() or "No segment" for name in segments)], rows),
        )
    ]
    if found["weights"]:
        shown.append(_weights(found["weights"], facts))
    elif found["why"]:
        shown.append(Section("weights", "Weighted for those who did not answer", lack=found["why"]))
    return shown


def _unit(gap: Json, facts: Json) -> Unit:
    if gap["unit"] == "money":
        return money(facts["currency"] or "")
    return DAYS if gap["unit"] == "days" else SHARE if gap["unit"] == "share" else _COUNT


def _title(found: Json, facts: Json) -> str:
    clear = []
    for gap in found["gaps"]:
        one = estimate(gap["difference"])
        if one is not None and (one.low > 0 or one.high < 0):
            clear.append(f"{gap['label'].lower()} {told(gap['difference'], _unit(gap, facts), sign=True)}")
    if not found["gaps"]:
        return "Who was asked, who answered, who was followed"
    if not clear:
        return "Those who answered did not clearly differ beforehand from those who did not"
    return f"Those who answered differed beforehand from those who did not: {listed(clear)}"


def _gap(gap: Json, facts: Json) -> str:
    return f"{gap['label']}, answered less not answered: {told(gap['difference'], _unit(gap, facts), sign=True)}."


def _weights(weights: Json, facts: Json) -> Section:
    unit = unit_of(facts).difference()
    rows = [
        [
            f"{one['first_noun'].capitalize()} less {one['second_noun']}",
            told(one["unweighted"], unit, sign=True),
            told(one["weighted"], unit, sign=True),
        ]
        for one in weights["differences"]
    ]
    terms = [f"{one['name']} {told(one['coefficient'], _COUNT, sign=True)}" for one in weights["terms"]]
    trimmed = (
        f" {count(weights['trimmed'])} weights were cut to {bare(weights['cap'], 1)}."
        if weights["trimmed"]
        else ""
    )
    return Section(
        "weights",
        "The differences, weighted to speak for all eligible customers",
        f"Weights for {count(weights['customers'])} customers, {number(weights['coverage'], SHARE)} of those followed; "
        f"as good as {count(round(weights['effective']))} equal ones (Kish).{trimmed}",
        foot=f"Log odds of answering, from data before the invitation: {'; '.join(terms)}." if terms else "",
        table=Table(["Difference", "Unweighted", "Weighted"], rows),
    )


def _money(value: float | None, currency: str) -> str:
    return "–" if value is None else exact(value, money(currency))


def _plain(value: float | None, decimals: int) -> str:
    return "–" if value is None else bare(value, decimals)
