"""Who was eligible, asked, answered and followed."""

import msgspec

from analytics.studies import findings
from analytics.studies.results import Facts
from analytics.studies.sections.nonresponse import NonResponse, Weights
from dashboards.charts import DAYS, SHARE, Table, Unit, money
from dashboards.charts.numbers import bare, count, exact, number
from dashboards.linkage.figures import unit_of

from .figures import Json, told
from .section import Section

_COUNT = Unit(decimals=2)
#: More columns than this do not fit beside each other.
MOST_SEGMENTS = 6


def sections(found: Json, facts: Json) -> list[Section]:
    stages, read = found["stages"], msgspec.convert(found, NonResponse)
    if not stages:
        return [Section("nonresponse", "Who answered", lack=found["why"] or "Nobody was asked.")]
    currency = facts["currency"] or ""
    shares = stages[0]["segments"]
    segments = sorted(shares, key=lambda name: (-shares[name], name))[:MOST_SEGMENTS]
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
    ineligible = [f"{reason.replace('_', ' ')} {count(n)}" for reason, n in found["ineligible"].items()]
    shown = [
        Section(
            "nonresponse",
            findings.gaps(read),
            "What they did in the look-back before their first occasion to be asked, mean of each.",
            lines=(
                findings.nonresponse(read),
                *(_gap(gap, facts) for gap in found["gaps"]),
            ),
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
        lines=tuple(
            filter(
                None,
                [findings.weighted(msgspec.convert(weights, Weights), msgspec.convert(facts, Facts))],
            )
        ),
        foot=f"Log odds of answering, from data before the invitation: {'; '.join(terms)}." if terms else "",
        table=Table(["Difference", "Unweighted", "Weighted"], rows),
    )


def _money(value: float | None, currency: str) -> str:
    return "–" if value is None else exact(value, money(currency))


def _plain(value: float | None, decimals: int) -> str:
    return "–" if value is None else bare(value, decimals)
