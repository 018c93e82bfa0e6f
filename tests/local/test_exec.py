"""`python -m cem.local exec`."""

import json
import os
import signal
import sys
from collections.abc import Iterator

import psycopg2
import pytest

from cem.local.postgres import stray
from cem.local.processes import look_up, parent
from tests.local.machine import Machine, descendants, gone, until

pytestmark = pytest.mark.services

WAIT = (sys.executable, "-c", "import signal; signal.pause()")
PRINT = (
    "import json, os; print(json.dumps({n: os.environ.get(n) for n in ('REDIS_URL', 'CEM_VAR', 'CEM_RUN')}))"
)
TOUCH_DATABASE = """
import os, psycopg2
owner = psycopg2.connect(os.environ["DATABASE_OWNER_URL"])
with owner, owner.cursor() as cursor:
    cursor.execute("CREATE TABLE IF NOT EXISTS seen (n int)")
    cursor.execute("INSERT INTO seen SELECT count(*) FROM seen")
    cursor.execute("SELECT max(n) FROM seen")
    print(cursor.fetchone()[0])
"""


@pytest.fixture(autouse=True)
def _nothing_runs_on(settled: Machine) -> Iterator[None]:
    """What a failed test has left running would be shared by the next."""
    yield
    settled.stop()


def test_it_returns_the_commands_exit_code_and_stops_everything(settled: Machine) -> None:
    ended = settled.run("exec", "--", "sh", "-c", "exit 7")
    assert ended.code == 7
    assert stray(settled.layout.postgres) == []
    assert not settled.layout.services.exists()
    assert not settled.layout.record.exists()


def test_it_keeps_the_data(settled: Machine) -> None:
    assert settled.python(TOUCH_DATABASE).out.strip() == "0"
    assert settled.python(TOUCH_DATABASE).out.strip() == "1"


def test_the_command_learns_the_addresses_and_not_the_mark_of_the_run(settled: Machine) -> None:
    known = json.loads(settled.python(PRINT).out)
    assert known["REDIS_URL"].startswith("redis://:")
    assert known["CEM_VAR"] == str(settled.layout.var)
    assert known["CEM_RUN"] is None


def test_a_command_that_does_not_exist(settled: Machine) -> None:
    ended = settled.run("exec", "--", "no-such-command")
    assert ended.code == 127
    assert "no-such-command" in ended.err


def test_a_second_one_shares_the_servers_and_the_first_waits_for_it(settled: Machine) -> None:
    first = settled.begin(
        "exec", "--", "sh", "-c", f"while [ ! -e '{settled.folder}/enough' ]; do sleep 0.05; done; exit 1"
    )
    settled.addresses()
    second = settled.begin("exec", "--", *WAIT)
    until(lambda: _command_line(second.pid).split(b"\0")[1:2] == [b"-c"], "the second became its command")
    (settled.folder / "enough").touch()
    servers = descendants(first.pid)
    until(lambda: "waiting for another" in _log(settled), "the first waits")
    assert not gone(servers)
    second.terminate()
    assert second.wait(60) == -signal.SIGTERM
    assert first.wait(60) == 1
    assert gone(servers)


def test_sigterm_reaches_the_command_and_stops_everything(settled: Machine) -> None:
    outer = settled.begin("exec", "--", *WAIT)
    settled.addresses()
    until(
        lambda: any(b"signal.pause" in _command_line(pid) for pid in descendants(outer.pid)), "command runs"
    )
    below = descendants(outer.pid)
    outer.terminate()
    assert outer.wait(60) == 128 + signal.SIGTERM
    assert gone(below)


def test_killed_outright_it_leaves_nothing_and_the_next_start_is_clean(settled: Machine) -> None:
    outer = settled.begin("exec", "--", *WAIT)
    settled.addresses()
    below = descendants(outer.pid)
    os.kill(outer.pid, signal.SIGKILL)
    until(lambda: gone(below), "children ended with their supervisor")
    assert settled.run("exec", "--", "true").code == 0


def test_a_killed_postmaster_is_started_again(settled: Machine) -> None:
    outer = settled.begin("exec", "--", *WAIT)
    address = settled.addresses()["DATABASE_OWNER_URL"]
    busy = psycopg2.connect(address)
    (postmaster,) = [pid for pid in stray(settled.layout.postgres) if _child_of(pid, outer.pid)]
    os.kill(postmaster, signal.SIGKILL)
    until(lambda: _answers(address), "PostgreSQL is back")
    busy.close()
    outer.terminate()
    assert outer.wait(60) == 128 + signal.SIGTERM
    assert look_up(postmaster) is None


def test_stale_pid_file_socket_and_lock_are_survived(settled: Machine) -> None:
    layout = settled.layout
    layout.lock.write_text("up, pid 1")
    layout.services.write_text('{"DATABASE_URL": "postgresql://gone"}')
    # As after a crash and a reboot: the pid now belongs to a living process of the same user.
    (layout.postgres / "postmaster.pid").write_text(f"{os.getpid()}\n{layout.postgres}\n1\n5432\n")
    (layout.sockets / ".s.PGSQL.5432.lock").write_text(f"{os.getpid()}\n")
    (layout.sockets / ".s.PGSQL.5432").touch()
    assert settled.run("exec", "--", "true").code == 0


def test_another_versions_data_is_refused_in_one_line(settled: Machine) -> None:
    version = settled.layout.postgres / "PG_VERSION"
    real = version.read_text()
    version.write_text("14\n")
    try:
        ended = settled.run("exec", "--", "true")
    finally:
        version.write_text(real)
    assert ended.code == 1
    assert len(ended.err.splitlines()) == 1
    assert "was made by PostgreSQL 14" in ended.err


def test_separate_servers_are_used_as_they_are(machine: Machine) -> None:
    given = {
        "DATABASE_URL": "postgresql://a@b/c",
        "DATABASE_OWNER_URL": "postgresql://o@b/c",
        "REDIS_URL": "redis://r",
    }
    ended = machine.python(PRINT, env=given)
    assert json.loads(ended.out)["REDIS_URL"] == "redis://r"
    assert not machine.layout.var.exists()


def test_some_addresses_without_the_others_are_refused_in_one_line(machine: Machine) -> None:
    ended = machine.run("exec", "--", "true", env={"DATABASE_URL": "postgresql://a@b/c"})
    assert ended.code == 1
    assert len(ended.err.splitlines()) == 1
    assert "DATABASE_OWNER_URL and REDIS_URL is not" in ended.err


def test_a_long_path_with_spaces_and_accents(machine: Machine) -> None:
    deep = machine.folder / ("a long folder, é 日本 " * 4).strip() / ("x" * 60) / "var"
    ended = machine.python(TOUCH_DATABASE, env={"CEM_VAR": str(deep)})
    assert ended.out.strip() == "0", ended.err


def _command_line(pid: int) -> bytes:
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return file.read()
    except OSError:
        return b""


def _log(machine: Machine) -> str:
    return (machine.layout.logs / "up.log").read_text()


def _child_of(pid: int, mother: int) -> bool:
    return parent(pid) == mother


def _answers(address: str) -> bool:
    try:
        psycopg2.connect(address).close()
    except psycopg2.OperationalError:
        return False
    return True
