"""A run as tables: numbers as numbers, in the outcome's own unit, unrounded."""

from collections.abc import Mapping
from typing import Any

from analytics.models import Run
from analytics.studies import findings, told

from .cells import Cell, Json, Sheet, ends, reading
from .sections import more


def sheets(run: Run) -> list[Sheet]:
    """Every table of a finished run. What its schema does not have yet is left out."""
    result: Json = run.result or {}
    own = [_bands(result), _differences(result)] if result.get("kind", "financial") == "financial" else []
    return [
        _findings(result),
        *own,
        _associations(result),
        *more(result),
        _ledger(run),
        settings(run, result),
    ]


def sheet(run: Run, key: str) -> Sheet | None:
    return next((one for one in sheets(run) if one.key == key), None)


def _findings(result: Json) -> Sheet:
    words = sentences(result)
    rows: list[list[Cell]] = [
        ["Finding", words.lede],
        ["Beside it", words.then],
        ["Reading", reading(result["reading"])],
        ["What it would be worth", words.worth or result["why"].get("worth", "")],
    ]
    rows += [[f"Check: {one.name}", f"{one.word}. {one.words}"] for one in words.checks]
    rows += [["Why not", why] for key, why in sorted(result["why"].items()) if key != "worth"]
    return Sheet("findings", "Findings", ("What", "In words"), [row for row in rows if row[1]])


def sentences(result: Json) -> Any:
    """Those of a financial result are written anew, so that a better wording reaches old runs too."""
    if result.get("kind", "financial") == "financial":
        return findings.write(result)
    return told.Findings.of(result["findings"])


def _bands(result: Json) -> Sheet:
    unit = _unit(result)
    rows: list[list[Cell]] = [
        [
            window,
            row["band"],
            row["n"],
            *(row[name] for name in ("mean", "low", "high", "median")),
            *ends(row.get("adjusted")),
            unit,
        ]
        for window in ("after", "before")
        for row in (result.get(window) or {}).get("rows", [])
    ]
    headers = ("Window", "Band", "n", "Mean", "Mean, low", "Mean, high", "Median")
    adjusted = ("Adjusted mean", "Adjusted, low", "Adjusted, high", "Unit")
    return Sheet("bands", "Bands", headers + adjusted, rows)


def _differences(result: Json) -> Sheet:
    unit = _unit(result)
    headers = ["First band", "Second band", "After", "After, low", "After, high", "p", "q", "Reading", "Unit"]
    headers += ["Before", "Before, low", "Before, high", "Before, p"]
    for name in ("After in SD", "Before in SD", "After less before in SD"):
        headers += [name, f"{name}, low", f"{name}, high"]
    rows: list[list[Cell]] = [
        [
            one["first"],
            one["second"],
            *ends(one["after"]),
            one["p"],
            one["q"],
            reading(one["reading"]),
            unit,
            *ends(one.get("before")),
            one.get("before_p"),
            *(end for name in ("link_sd", "placebo_sd", "difference_sd") for end in ends(one.get(name))),
        ]
        for one in result["contrasts"]
    ]
    return Sheet("differences", "Differences", tuple(headers), rows)


def _associations(result: Json) -> Sheet:
    rows: list[list[Cell]] = []
    facts = result["facts"]
    for window, key in (("after", "association"), ("before", "placebo_association")):
        for kind, found in (result.get(key) or {}).items():
            if isinstance(found, Mapping) and "coefficient" in found:
                name = f"{facts['predictor_label']} → {facts['outcome_label']}"
                figures = [found[part] for part in ("coefficient", "low", "high", "p", "n")]
                rows.append([name, window, kind, *figures])
    headers = ("Attitude → outcome", "Window", "Kind", "Spearman ρ", "Low", "High", "p", "n")
    return Sheet("associations", "Associations", headers, rows)


def _ledger(run: Run) -> Sheet:
    rows: list[list[Cell]] = [
        [line["label"], -line["n"] if line["dropped"] else line["n"]] for line in run.ledger
    ]
    return Sheet("ledger", "Ledger", ("Answers", "n"), rows)


def settings(run: Run, result: Json) -> Sheet:
    facts = result["facts"]
    rows: list[list[Cell]] = [
        ["Study", run.study.name],
        ["Run", run.number],
        ["As of", run.as_of.isoformat()],
        ["Finished", run.finished_at.isoformat() if run.finished_at else None],
        ["Customers", facts.get("customers")],
        ["Tests in this run", facts.get("tests")],
        ["Frame (SHA-256 of its content)", run.frame_hash],
        ["Schema of the result", run.schema_version],
    ]
    rows += [[_label(name), _plain(value)] for name, value in run.settings.items()]
    rows += [[f"Version of {name}", value] for name, value in run.versions.items()]
    return Sheet("settings", "Settings", ("Setting", "Value"), rows)


def _label(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _plain(value: Any) -> Cell:
    return ", ".join(str(one) for one in value) if isinstance(value, (list, tuple)) else value


def _unit(result: Json) -> str:
    facts = result["facts"]
    return str(facts["currency"] if facts["unit"] == "money" else facts["unit"])
