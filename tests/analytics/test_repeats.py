"""The script that leaves with a run, really run: by another Python process that knows pandas and nothing of ours."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from accounts.tenancy import organization_context
from analytics.exports.script import script
from analytics.frames import store
from analytics.models import Run, Study
from tests.analytics import simulated
from tests.analytics.runs import EFFECT, do, start, study
from tests.analytics.test_other_kinds import ask, contacts, units
from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)


def financial(**fields: Any) -> Study:
    simulated.fill(300, effect=EFFECT)
    return study(**fields)


def operational(**fields: Any) -> Study:
    contacts()
    return ask(**fields)


def constituency(**fields: Any) -> Study:
    units()
    return ask("constituency", **fields)


CASES: dict[str, Callable[[], Study]] = {
    "revenue": financial,
    "ordered again": lambda: financial(outcome="repurchased"),
    "net revenue": lambda: financial(outcome="net_revenue"),
    "waits": operational,
    "waits over a declared threshold": lambda: operational(options={"threshold": 240}),
    "transfers-like levels and a mean": lambda: operational(outcome="csat", controls=["channel", "hour"]),
    "teams": constituency,
    "teams, the month after, nothing before": lambda: constituency(
        controls=["size", "region", "period"], options={"when": "next"}
    ),
}
#: Figures that must be there for the comparison to mean anything.
LEAST = {"financial": 6, "operational": 40, "constituency": 24}


def ran(cast: Cast, make: Callable[[], Study]) -> Run:
    with organization_context(cast.organization):
        run = start(make())
    run = do(cast.organization, run)
    assert run.status == "finished", run.error
    return run


def repeated(run: Run, folder: Path) -> "subprocess.CompletedProcess[str]":
    """In a folder of its own, isolated: neither this directory nor the environment is looked at."""
    (folder / "repeat.py").write_text(script(run), encoding="utf-8")
    command = [sys.executable, "-I", "repeat.py", "frame.parquet"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize("case", CASES)
def test_the_script_gives_the_figures_of_the_run(case: str, cast: Cast, tmp_path: Path) -> None:
    run = ran(cast, CASES[case])
    frame = store.read(store.absolute(run.frame_path))
    frame.to_parquet(tmp_path / "frame.parquet")
    done = repeated(run, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "DIFFERENT" not in done.stdout
    count = re.search(r"Everything agrees: (\d+) figures", done.stdout)
    assert count, done.stdout
    assert int(count[1]) >= LEAST[run.study.kind], done.stdout
    source = (tmp_path / "repeat.py").read_text("utf-8")
    for word in ("django", "analytics", "accounts"):
        assert not re.search(rf"^\s*(from|import) {word}", source, re.MULTILINE), word


@pytest.mark.parametrize(
    ("make", "column"), [(financial, "outcome"), (operational, "value"), (constituency, "outcome")]
)
def test_the_script_notices_another_frame(
    make: Callable[[], Study], column: str, cast: Cast, tmp_path: Path
) -> None:
    run = ran(cast, make)
    frame = store.read(store.absolute(run.frame_path))
    frame.loc[frame.index[:40], column] = frame[column].to_numpy()[:40][::-1] + 1
    frame.to_parquet(tmp_path / "frame.parquet")
    done = repeated(run, tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    assert re.search(r"\d+ of \d+ figures differ", done.stdout)


def test_a_run_without_figures_says_so(cast: Cast, tmp_path: Path) -> None:
    with organization_context(cast.organization):
        simulated.fill(60)
        run = start(study())
    run = do(cast.organization, run)
    assert run.result["reading"] == "insufficient_evidence"
    pd.read_parquet(store.absolute(run.frame_path)).to_parquet(tmp_path / "frame.parquet")
    done = repeated(run, tmp_path)
    assert done.returncode == 0, done.stderr
    assert "The run stored no figure" in done.stdout


def test_a_name_stands_in_the_script_as_text_only(cast: Cast, tmp_path: Path) -> None:
    name = "'''\"\"\"\n}; import os; os.abort() # \\"
    run = ran(cast, lambda: financial(name=name))
    store.read(store.absolute(run.frame_path)).to_parquet(tmp_path / "frame.parquet")
    done = repeated(run, tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.dumps(name)[1:5] in json.dumps(done.stdout)


def test_the_script_says_how_it_is_called(cast: Cast, tmp_path: Path) -> None:
    run = ran(cast, financial)
    (tmp_path / "repeat.py").write_text(script(run), encoding="utf-8")
    command = [sys.executable, "-I", "repeat.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "Give the frame: python repeat.py frame.parquet" in done.stderr
