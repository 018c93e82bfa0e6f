"""Which processes an earlier run is held responsible for."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cem.local import leftovers
from cem.local.environment import RUN_MARK
from cem.local.processes import boot, look_up
from tests.local.machine import until

TOKEN = "0123456789abcdef"


@pytest.fixture
def marked() -> "Iterator[subprocess.Popen[bytes]]":
    """A process that carries the token."""
    process = subprocess.Popen(
        [sys.executable, "-c", "import signal; signal.pause()"], env={**os.environ, RUN_MARK: TOKEN}
    )
    until(lambda: b"pause" in Path(f"/proc/{process.pid}/cmdline").read_bytes(), "it runs")
    yield process
    process.kill()
    process.wait()


def written(folder: Path, **changes: object) -> Path:
    record = folder / "record.json"
    record.write_text(json.dumps({"boot": boot(), "token": TOKEN, "since": 0, "children": [], **changes}))
    return record


def test_the_token_and_a_later_start(marked: "subprocess.Popen[bytes]", tmp_path: Path) -> None:
    assert [process.pid for process in leftovers.find(written(tmp_path))] == [marked.pid]


def test_the_token_in_a_process_older_than_the_run(marked: "subprocess.Popen[bytes]", tmp_path: Path) -> None:
    process = look_up(marked.pid)
    assert process
    assert leftovers.find(written(tmp_path, since=process.started + 1)) == []


def test_the_token_after_a_reboot(marked: "subprocess.Popen[bytes]", tmp_path: Path) -> None:
    assert leftovers.find(written(tmp_path, boot="another")) == []


def test_a_recorded_child_and_a_pid_that_was_given_to_somebody_else(
    marked: "subprocess.Popen[bytes]", tmp_path: Path
) -> None:
    process = look_up(marked.pid)
    assert process
    mine = written(tmp_path, token="other", children=[[process.pid, process.started]])
    assert leftovers.find(mine) == [process]
    reused = written(tmp_path, token="other", children=[[process.pid, process.started - 1]])
    assert leftovers.find(reused) == []


def test_never_ourselves(tmp_path: Path) -> None:
    me = look_up(os.getpid())
    assert me
    assert leftovers.find(written(tmp_path, children=[[me.pid, me.started]])) == []


def test_a_sweep_ends_them_and_forgets(marked: "subprocess.Popen[bytes]", tmp_path: Path) -> None:
    said: list[str] = []
    # Its parent is this test, so it stays a zombie until `marked` collects it; that counts as ended.
    leftovers.sweep(written(tmp_path), said.append)
    assert look_up(marked.pid) is None
    assert str(marked.pid) in said[0]
    assert not (tmp_path / "record.json").exists()


def test_a_broken_record_names_nobody(tmp_path: Path) -> None:
    (tmp_path / "record.json").write_text("{")
    assert leftovers.find(tmp_path / "record.json") == []
