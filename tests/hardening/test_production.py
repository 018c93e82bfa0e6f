"""The settings of production, each in a process of its own, as they would start."""

import os
import secrets
import subprocess
import sys
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.conf import settings
from django.db import connection

STRONG = secrets.token_urlsafe(50)
PRODUCTION = {
    "HTTPS": "1",
    "BEHIND_PROXY": "1",
    "DEBUG": "0",
    "SECRET_KEY": STRONG,
    "ALLOWED_HOSTS": "cem.example",
    "CSRF_TRUSTED_ORIGINS": "https://cem.example",
    "DATABASE_OWNER_URL": "",
}


def url(role: dict[str, Any]) -> str:
    known = connection.settings_dict
    where = {key.lower(): str(known[key]) for key in ("HOST", "PORT") if known[key]}
    return f"postgresql://{quote(role['USER'])}:{quote(role['PASSWORD'])}@/{known['NAME']}?{urlencode(where)}"


def run(*command: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    # Browser tests of the same run leave this behind; nobody sets it in production.
    inherited = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    return subprocess.run(
        [sys.executable, *command],
        cwd=settings.BASE_DIR,
        env={**inherited, **PRODUCTION, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_check_deploy_finds_nothing() -> None:
    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_check_deploy_would_find_a_mistake() -> None:
    """The same check with one thing wrong, so that the test above can fail."""
    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", SECRET_KEY="short")
    assert done.returncode == 1
    assert "security.W009" in done.stderr


def test_a_session_outlives_the_rotation_of_the_key() -> None:
    sign = "from django.core import signing; print(signing.dumps('maya'))"
    read = "import sys; from django.core import signing; print(signing.loads(sys.argv[1]))"
    setup = (
        "import django, os; os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'cem.settings'); django.setup(); "
    )
    token = run("-c", setup + sign).stdout.strip()
    new = secrets.token_urlsafe(50)
    kept = run("-c", setup + read, token, SECRET_KEY=new, SECRET_KEY_FALLBACKS=STRONG)
    assert kept.stdout.strip() == "maya", kept.stderr
    dropped = run("-c", setup + read, token, SECRET_KEY=new)
    assert "BadSignature" in dropped.stderr


@pytest.mark.django_db
@pytest.mark.parametrize("process", ["web", "worker"])
def test_no_process_starts_as_a_role_that_policies_do_not_bind(process: str) -> None:
    owner = url(connection.settings_dict["OWNER"])  # type: ignore[typeddict-item]
    start = {
        "web": ("-c", "import cem.wsgi"),
        "worker": ("-m", "celery", "-A", "cem", "worker", "--concurrency", "1"),
    }[process]
    done = run(*start, DATABASE_URL=owner)
    assert done.returncode != 0
    assert "is not bound by row-level security" in done.stderr
    assert "Point DATABASE_URL at the runtime role" in done.stderr
    bound = run("-c", "import cem.wsgi", DATABASE_URL=url(dict(connection.settings_dict)))
    assert bound.returncode == 0, bound.stderr
