"""What the page of a run shows, and its report."""

from datetime import datetime
from typing import Any

from analytics.exports import tables
from analytics.models import Run
from analytics.studies import repeating

from . import figures
from .parts import sections
from .told import kind, told


def context(run: Run) -> dict[str, Any]:
    """Empty but for study and run while there is no result."""
    found: dict[str, Any] = {"study": run.study, "run": run}
    if run.status != Run.Status.FINISHED or not run.result:
        return found
    result = run.result
    facts = result["facts"]
    found |= {
        "result": result,
        "kind": kind(result),
        "live": True,  # pictures can be explored
        "facts": facts,
        "told": told(result),
        "adjusted_for": [one["label"].lower() for one in facts["controls"] if one["used"]],
        "kept": run.ledger,
        "sections": sections(result),
        "first_answer": _moment(facts.get("first_answer")),
        "last_answer": _moment(facts.get("last_answer")),
        "settings": tables.settings(run, result).rows,
        "tables": [(sheet.key, sheet.title) for sheet in tables.sheets(run) if sheet.rows],
        "is_repeating": repeating.is_waiting(run),
    }
    if found["kind"] == "financial":
        found |= _financial(result)
    return found


def _financial(result: dict[str, Any]) -> dict[str, Any]:
    worth = result.get("worth")
    return {
        "bands": figures.bands(result),
        "bands_subtitle": _bands_subtitle(result["facts"]),
        "bands_foot": f"Small tick: unadjusted mean. {figures.omnibus(result['after'])}",
        "contrasts": figures.contrasts(result),
        "association": None if result.get("associations") else figures.association(result),
        "worth": worth,
        "worth_figure": figures.estimate((worth or {}).get("total")),
        "unit": figures.unit_of(result["facts"]),
    }


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _bands_subtitle(facts: dict[str, Any]) -> str:
    unit = f" in {facts['currency']}" if facts["unit"] == "money" else ""
    among = f", among {facts['among']}" if facts.get("among") else ""
    binning = f" {facts['binning']}" if facts.get("binning") else ""
    return (
        f"{facts['outcome_label']} per customer{unit}{among}, adjusted mean with 95% interval. "
        f"Dashed: the middle band’s mean.{binning}"
    )
