"""The script that repeats a run: the pieces in `repeats/` put together, with the run written into them."""

import pprint
from pathlib import Path
from typing import Any

from analytics.frames import attitudes, metrics
from analytics.frames.scored import scored
from analytics.models import Run
from analytics.studies.kinds import kind_of
from analytics.studies.settings import Settings
from feedback import scoring

_FOLDER = Path(__file__).with_name("repeats")
#: What stands above it in a piece is for reading it here: its imports, which the script brings itself.
_CUT = "\n# ---\n"
_HEAD = """

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
{imports}
# fmt: off
#: The run: its settings, what was computed with, and what was stored.
RUN: dict[str, Any] = {run}
# fmt: on
"""
_IMPORTS = {
    "financial": "import statsmodels.api as sm\nfrom scipy import stats\n",
    "operational": "import statsmodels.api as sm\nfrom scipy import special, stats\n",
    "constituency": "from scipy import special, stats\n",
}
#: The pieces that a kind's own stands on.
_BEFORE = {
    "financial": ("common",),
    "operational": ("common", "clusters", "thresholds"),
    "constituency": ("common",),
}


def script(run: Run) -> str:
    """Python source that needs nothing of ours."""
    kind = kind_of(run.settings)
    # Text of people stands in it as literals only, so that a study's name is never run as code.
    written = pprint.pformat(what_was_run(run), width=100, sort_dicts=False)
    words, own = _piece(kind)
    before = [_piece(name)[1] for name in _BEFORE[kind]]
    return words + _HEAD.format(imports=_IMPORTS[kind], run=written) + "\n\n".join([*before, own])


def _piece(name: str) -> tuple[str, str]:
    """A piece's docstring, and what stands below its mark."""
    head, _, body = (_FOLDER / f"{name}.py").read_text("utf-8").partition(_CUT)
    return head[: head.index('"""', 3) + 3], body.strip("\n") + "\n"


def what_was_run(run: Run) -> dict[str, Any]:
    result: dict[str, Any] = run.result or {}
    kind = kind_of(run.settings)
    return {
        "study": run.study.name,
        "number": run.number,
        "level": run.settings["level"],
        **_OWN[kind](run, result),
        "settings": run.settings,
        "versions": run.versions,
        "frame_sha256_of_content": run.frame_hash,
    }


def _financial(run: Run, result: dict[str, Any]) -> dict[str, Any]:
    settings = Settings.from_json(run.settings)
    metric = metrics.outcome(settings.outcome)
    return {
        "outcome": metric.label,
        "unit": settings.currency if metric.unit == "money" else metric.unit,
        "model": metric.model,
        "bands": list(attitudes.attitude(settings.predictor).bands),
        "controls": [{"name": name, "kind": _kind(name)} for name in settings.controls],
        "contrasts": [
            {key: one[key] for key in ("first", "second", "after", "before")}
            for one in result.get("contrasts", [])
        ],
    }


def _operational(run: Run, result: dict[str, Any]) -> dict[str, Any]:
    outcome, curve = scored(run.settings["outcome"]), result.get("curve")
    bands = scoring.family(outcome.name).bands
    return {
        "unit": outcome.unit,
        "model": outcome.model,
        # The highest answer of the lowest band and of the middle one.
        "ends": [one.highest for one in bands[:2]],
        "controls": run.settings["controls"],
        "seed": run.settings["seed"],
        "draws": run.settings["draws"],
        "tried": [one["value"] for one in curve["thresholds"]] if curve else [],
        "contrast": result.get("contrast"),
        "curve": {key: value for key, value in curve.items() if key != "bins"} if curve else None,
    }


def _constituency(run: Run, result: dict[str, Any]) -> dict[str, Any]:
    return {
        "controls": run.settings["controls"],
        "units": result["facts"]["units"],
        **{key: result.get(key) for key in ("slope", "line", "agreement")},
    }


_OWN = {"financial": _financial, "operational": _operational, "constituency": _constituency}


def _kind(name: str) -> str:
    metric = metrics.control(name)
    return "levels" if metric.unit == "text" else "amount" if metric.in_window else "tenure"
