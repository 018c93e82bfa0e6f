"""Finding the servers of a running supervisor."""

import json
from pathlib import Path

import pytest

from cem.local.discovery import discover
from cem.local.lock import exclusive

FOUND = {"DATABASE_URL": "postgresql://d", "DATABASE_OWNER_URL": "postgresql://o", "REDIS_URL": "redis://r"}


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project folder with an announcement in it, and nobody behind it yet."""
    for name in (*FOUND, "CEM_VAR"):
        monkeypatch.delenv(name, raising=False)
    run = tmp_path / "var" / "run"
    run.mkdir(parents=True)
    services = run / "services.json"
    services.write_text(json.dumps(FOUND))
    services.chmod(0o600)
    (run / "lock").touch()
    return tmp_path


def test_a_living_supervisors_addresses(base: Path) -> None:
    with exclusive(base / "var/run/lock", "test"):
        assert discover(base) == FOUND


def test_what_a_dead_one_announced_counts_for_nothing(base: Path) -> None:
    assert discover(base) == {}


def test_another_folder_by_cem_var(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CEM_VAR", str(base / "var"))
    with exclusive(base / "var/run/lock", "test"):
        assert discover(base / "elsewhere") == FOUND


def test_addresses_in_the_environment_win(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://mine")
    with exclusive(base / "var/run/lock", "test"):
        assert discover(base) == {}


def test_an_announcement_others_can_read_is_not_believed(base: Path) -> None:
    (base / "var/run/services.json").chmod(0o644)
    with exclusive(base / "var/run/lock", "test"):
        assert discover(base) == {}


@pytest.mark.parametrize("text", ["", "[1]", "{"])
def test_a_broken_announcement(base: Path, text: str) -> None:
    (base / "var/run/services.json").write_text(text)
    with exclusive(base / "var/run/lock", "test"):
        assert discover(base) == {}


def test_nothing_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("CEM_VAR", raising=False)
    assert discover(tmp_path) == {}
