"""What `make audit` makes of pip-audit's answer."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cem.local.audit import judge, main
from cem.local.layout import REPO


def report(*packages: dict[str, object]) -> str:
    return json.dumps({"dependencies": list(packages), "fixes": []})


CLEAN = {"name": "django", "version": "5.2.9", "vulns": []}
HOLED = {"name": "x", "version": "1", "vulns": [{"id": "CVE-1", "fix_versions": ["2"]}]}
UNKNOWN = {"name": "y", "skip_reason": "not found"}


def test_holes_are_named_with_what_mends_them() -> None:
    verdict = judge(report(CLEAN, HOLED, UNKNOWN))
    assert verdict.holes == ("x 1: CVE-1 (mended in 2)",)


def test_a_clean_bill_says_what_was_not_looked_up() -> None:
    assert judge(report(CLEAN, UNKNOWN)).words == "No known holes in 1 packages; 1 could not be looked up."


def test_an_index_without_advisories_is_no_clean_bill() -> None:
    words = judge(report(UNKNOWN)).words
    assert words.startswith("not run: pip-audit, since the index knows of holes in none of 1 packages")


def test_what_is_no_report_is_refused() -> None:
    with pytest.raises(ValueError):
        judge("no JSON")


def program(tmp_path: Path, said: str, code: int = 0) -> str:
    """Something that answers as pip-audit does."""
    path = tmp_path / "pip-audit"
    lines = ["import sys", f"print({said!r})", "print('no network', file=sys.stderr)", f"sys.exit({code})"]
    path.write_text("\n".join([f"#!{sys.executable}", *lines]))
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize(
    ("said", "code", "ends", "words"),
    [
        (report(CLEAN), 0, 0, "No known holes in 1 packages"),
        (report(CLEAN, HOLED), 1, 1, "x 1: CVE-1 (mended in 2)"),
        (report(UNKNOWN), 0, 0, "not run: pip-audit, since"),
        ("", 1, 0, "not run: pip-audit ended with 1: no network"),
    ],
)
def test_holes_fail_and_what_cannot_be_looked_up_does_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], said: str, code: int, ends: int, words: str
) -> None:
    assert main(program(tmp_path, said, code)) == ends
    assert words in capsys.readouterr().out


def test_make_check_ends_with_it() -> None:
    """As make itself would run it, without running it."""
    # The tests run below make themselves: what it hands on would have this one say where it comes and goes.
    env = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    done = subprocess.run(
        ["make", "-n", "check"], cwd=REPO, env=env, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.rstrip().splitlines()[-1].endswith("-m cem.local.audit var/audit/bin/pip-audit")
