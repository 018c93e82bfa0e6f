"""The whole demo, with the real application in it."""

import http.client
import os
import signal
import subprocess
import sys
import urllib.request

import psycopg2
import pytest

from cem.local.processes import environment, look_up, parent
from cem.local.redis import free_port
from tests.local.machine import REPO, Machine, descendants, gone, until

pytestmark = pytest.mark.services


class Demo:
    """`up` on a data folder of its own, begun and waited for."""

    def __init__(self, machine: Machine) -> None:
        self.machine, self.port = machine, free_port()
        self.process = machine.begin("up", "--port", str(self.port))
        until(self.said, "serving")

    def said(self) -> bool:
        assert self.process.poll() is None, self.process.communicate()
        try:
            log = (self.machine.layout.logs / "up.log").read_text()
        except FileNotFoundError:
            return False
        return f"serving http://127.0.0.1:{self.port}/" in log

    def healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (OSError, http.client.HTTPException):
            return False

    def child(self, *words: str) -> int:
        """The supervisor's own child whose command line holds these words; 0 when there is none."""
        for pid in descendants(self.process.pid):
            if parent(pid) == self.process.pid and all(word in command_line(pid) for word in words):
                return pid
        return 0

    def await_child(self, *words: str) -> int:
        return until(lambda: self.child(*words), f"{words} runs")


def command_line(pid: int) -> list[str]:
    try:
        with open(f"/proc/{pid}/cmdline") as file:
            return file.read().split("\0")
    except OSError:
        return []


@pytest.fixture(scope="module")
def demo(settled: Machine) -> Demo:
    return Demo(settled)


def test_it_serves(demo: Demo) -> None:
    until(demo.healthy, "it serves")


def test_serving_processes_do_not_hold_the_owners_password(demo: Demo) -> None:
    for words in (("granian",), ("celery", "worker"), ("celery", "beat")):
        known = b"\0".join(environment(demo.await_child(*words)))
        assert b"DATABASE_URL=postgresql://cem_runtime:" in known
        assert b"cem_owner" not in known
        assert (demo.machine.layout.passwords / "postgres").read_bytes() not in known


def test_a_command_beside_it_finds_the_servers(demo: Demo) -> None:
    clean = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
    show = "from django.conf import settings; print(settings.DATABASES['default']['USER'])"
    ended = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", show],
        cwd=REPO,
        env={**clean, "CEM_VAR": str(demo.machine.layout.var)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.stdout.strip() == "cem_runtime", ended.stderr


@pytest.mark.parametrize("words", [("celery", "worker"), ("celery", "beat"), ("granian",)])
def test_a_killed_child_is_started_again(demo: Demo, words: tuple[str, ...]) -> None:
    before = demo.await_child(*words)
    below = {before} | descendants(before)
    os.kill(before, signal.SIGKILL)
    until(lambda: gone(below), "nothing is left of it")
    assert demo.await_child(*words) != before
    until(demo.healthy, "it serves")


def test_sigterm_leaves_nothing_and_the_next_start_has_the_data(demo: Demo) -> None:
    address = demo.machine.addresses()["DATABASE_OWNER_URL"]
    with psycopg2.connect(address) as session, session.cursor() as cursor:
        cursor.execute("CREATE TABLE kept (n int)")
    session.close()
    below = descendants(demo.process.pid)
    demo.process.terminate()
    assert demo.process.wait(60) == 0
    assert gone(below)
    assert not list(demo.machine.layout.run.glob("*.json"))

    second = Demo(demo.machine)
    with (
        psycopg2.connect(demo.machine.addresses()["DATABASE_OWNER_URL"]) as session,
        session.cursor() as cursor,
    ):
        cursor.execute("SELECT count(*) FROM kept")
    session.close()
    below = descendants(second.process.pid)
    second.process.send_signal(signal.SIGINT)
    assert second.process.wait(60) == 0
    assert gone(below)
    assert look_up(second.process.pid) is None
