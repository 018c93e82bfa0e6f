"""The script that repeats a run: `repeat.py` beside this file, with the run written into it."""

import pprint
from pathlib import Path
from typing import Any

from analytics.frames import attitudes, metrics
from analytics.models import Run, Study
from analytics.studies.settings import Settings

_SOURCE = Path(__file__).with_name("repeat.py")
_EMPTY = "RUN: dict[str, Any] = {}\n"


def script(run: Run) -> str:
    """Python source that needs nothing of ours."""
    source = _SOURCE.read_text("utf-8")
    assert source.count(_EMPTY) == 1
    # Text of people stands in it as literals only, so that a study's name is never run as code.
    written = pprint.pformat(what_was_run(run), width=100, sort_dicts=False)
    return source.replace(_EMPTY, f"RUN: dict[str, Any] = {written}\n")


def what_was_run(run: Run) -> dict[str, Any]:
    settings = Settings.from_json(run.settings)
    metric = metrics.outcome(settings.outcome)
    result: dict[str, Any] = run.result or {}
    return {
        "study": run.study.name,
        "number": run.number,
        "outcome": metric.label,
        "unit": settings.currency if metric.unit == "money" else metric.unit,
        "model": metric.model,
        "bands": list(attitudes.attitude(settings.predictor).bands),
        "controls": [{"name": name, "kind": _kind(name)} for name in settings.controls],
        "level": settings.level,
        "settings": run.settings,
        "versions": run.versions,
        "frame_sha256_of_content": run.frame_hash,
        "contrasts": [
            {key: one[key] for key in ("first", "second", "after", "before")}
            for one in result.get("contrasts", [])
        ],
    }


def _kind(name: str) -> str:
    metric = metrics.control(name)
    return "levels" if metric.unit == "text" else "amount" if metric.in_window else "tenure"


def can_repeat(run: Run) -> bool:
    """Bands at the same controls; the other kinds are another comparison, which `repeat.py` does not draw."""
    return bool(run.study.kind == Study.Kind.FINANCIAL)
