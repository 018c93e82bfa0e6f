"""No process serves, works or migrates as a role that policies do not bind: tried with real roles of a real server."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import psycopg2
import pytest

from cem.local.layout import REPO
from cem.local.postgres import SUPERUSER
from tests.local.machine import OURS, Machine

pytestmark = pytest.mark.services

BYPASS = "CREATE ROLE cem_passes LOGIN BYPASSRLS PASSWORD 'p'; GRANT cem_runtime TO cem_passes"


@pytest.fixture(scope="module")
def server() -> Iterator[dict[str, str]]:
    """A private server with a migrated database; addresses of the roles, and of one of each kind that passes."""
    machine = Machine()
    try:
        machine.begin(
            "exec", "--", sys.executable, "-c", "import sys; sys.stdin.read(); import time; time.sleep(600)"
        )
        known = machine.addresses()
        secret = (machine.layout.passwords / SUPERUSER).read_text().strip()
        runtime = known["DATABASE_URL"]
        superuser = f"postgresql://{SUPERUSER}:{quote(secret, safe='')}@/{runtime.partition('@/')[2]}"
        addresses = {
            **known,
            "superuser": superuser,
            "bypass": superuser.replace(f"{SUPERUSER}:{quote(secret, safe='')}", "cem_passes:p"),
        }
        done = run(addresses, "manage.py", "migrate", "-v", "0")
        assert done.returncode == 0, done.stderr
        with psycopg2.connect(superuser) as session, session.cursor() as cursor:
            cursor.execute(BYPASS)
        session.close()
        yield addresses
    finally:
        machine.close()


def run(addresses: dict[str, str], *command: str, **changes: str) -> "subprocess.CompletedProcess[str]":
    inherited = {name: value for name, value in os.environ.items() if name not in OURS}
    names = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")
    return subprocess.run(
        [sys.executable, *command],
        cwd=REPO,
        env={**inherited, **{name: addresses[name] for name in names}, **changes},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=180,
    )


START = {
    "web": ("-c", "import cem.wsgi"),
    "worker": ("-m", "celery", "-A", "cem", "worker", "--concurrency", "1"),
}


@pytest.mark.parametrize("process", list(START))
@pytest.mark.parametrize("role", ["superuser", "bypass", "DATABASE_OWNER_URL"])
def test_nothing_serves_or_works_as_a_role_that_passes(
    server: dict[str, str], role: str, process: str
) -> None:
    done = run(server, *START[process], DATABASE_URL=server[role], DATABASE_OWNER_URL="")
    assert done.returncode != 0
    assert "is not bound by row-level security" in done.stderr
    assert "Point DATABASE_URL at the runtime role" in done.stderr


def test_the_runtime_role_serves(server: dict[str, str]) -> None:
    done = run(server, *START["web"], DATABASE_OWNER_URL="")
    assert done.returncode == 0, done.stderr


def test_nothing_migrates_as_a_superuser(server: dict[str, str]) -> None:
    done = run(server, "manage.py", "migrate", "-v", "0", DATABASE_OWNER_URL=server["superuser"])
    assert done.returncode != 0
    assert "is a superuser" in done.stderr
    assert "DATABASE_OWNER_URL" in done.stderr


def test_the_owner_migrates_again(server: dict[str, str]) -> None:
    done = run(server, "manage.py", "migrate", "-v", "0")
    assert done.returncode == 0, done.stderr


def test_such_roles_really_see_everything(server: dict[str, str]) -> None:
    """So that the tests above are about something: what the runtime role does not see, they do."""
    script = """
import django, json; django.setup()
from accounts.models import Organization
from accounts.tenancy import organization_context
from crm.models import Customer
one = Organization.objects.create(name="A", slug="seen")
with organization_context(one):
    Customer.objects.create(external_id="C-1")
"""
    done = run(server, "-c", script, DJANGO_SETTINGS_MODULE="cem.settings")
    assert done.returncode == 0, done.stderr
    assert json.dumps(
        {name: rows(server[name]) for name in ("superuser", "bypass", "DATABASE_URL")}
    ) == json.dumps({"superuser": 1, "bypass": 1, "DATABASE_URL": 0})


def rows(address: str) -> Any:
    with psycopg2.connect(address) as session, session.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM crm_customer")
        found = cursor.fetchone()
    session.close()
    return found and found[0]
