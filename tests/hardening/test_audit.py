"""What `make audit` makes of pip-audit's answer."""

import json

import pytest

from cem.local.audit import judge


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
    assert judge(report(UNKNOWN)).words.startswith("Nothing was audited")


def test_what_is_no_report_is_refused() -> None:
    with pytest.raises(ValueError):
        judge("no JSON")
