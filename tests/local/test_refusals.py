"""What `up` says, in one line, when it cannot start."""

import os
import socket
from pathlib import Path

import pytest

from cem.local.errors import RefusedError
from cem.local.layout import private_folder
from tests.local.machine import Machine


def test_a_used_port(machine: Machine) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = machine.run("up", env={"PORT": str(port)})
    assert ended.code == 1
    assert ended.err == (
        f"cem: port {port} is in use by another program: choose another, for example PORT={port + 1}\n"
    )
    assert not machine.layout.postgres.exists()


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1"])
def test_no_port_at_all(machine: Machine, port: str) -> None:
    ended = machine.run("up", env={"PORT": port})
    assert ended.code == 1
    assert ended.err.startswith(f"cem: PORT={port} is not a port")


def test_some_addresses_without_the_others(machine: Machine) -> None:
    ended = machine.run("up", env={"DATABASE_URL": "postgresql://a@b/c", "REDIS_URL": "redis://r"})
    assert ended.code == 1
    assert ended.err.startswith("cem: DATABASE_URL, REDIS_URL is set but DATABASE_OWNER_URL is not")


def test_a_folder_in_use_names_who_has_it(machine: Machine) -> None:
    holder = machine.begin("exec", "--", "sleep", "60")
    machine.addresses()
    ended = machine.run("up")
    assert ended.code == 1
    assert f"already running in {machine.layout.var} (exec, pid {holder.pid})" in ended.err


def test_a_folder_that_is_a_link_is_not_trusted(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "mine")
    with pytest.raises(RefusedError, match="belongs to someone else"):
        private_folder(tmp_path / "link", None)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a folder somebody else's")
def test_somebody_elses_folder_is_not_trusted(tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    os.chown(tmp_path / "theirs", 12345, -1)
    with pytest.raises(RefusedError, match="belongs to someone else"):
        private_folder(tmp_path / "theirs", None)
