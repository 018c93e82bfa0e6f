"""The settings of production, each in a process of its own, as they would start."""

import os
import secrets
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client

from tests.cast import Cast

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


def run(*command: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    # Browser tests of the same run leave this behind; nobody sets it in production.
    inherited = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    return subprocess.run(
        [sys.executable, *command],
        cwd=configured.BASE_DIR,
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
def test_nobody_is_logged_out_by_the_rotation_of_the_key(client: Client, cast: Cast, settings: Any) -> None:
    """A session is bound to the password by a hash under the secret key: the one before is known, too."""
    client.force_login(cast.maya)
    old = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = secrets.token_urlsafe(50), [old]
    assert client.get("/o/halden/").status_code == 200
    settings.SECRET_KEY_FALLBACKS = []
    assert client.get("/o/halden/").status_code == 200, "the session was bound anew when it was used"
    settings.SECRET_KEY = secrets.token_urlsafe(50)
    assert client.get("/o/halden/").headers["Location"].startswith("/login/")


def test_secrets_of_the_second_step_outlive_it(settings: Any) -> None:
    from accounts.login.adapters import MFAAdapter

    adapter: Any = MFAAdapter()
    kept, old = adapter.encrypt("JBSWY3DPEHPK3PXP"), settings.SECRET_KEY
    assert "JBSWY3DPEHPK3PXP" not in kept
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = secrets.token_urlsafe(50), [old]
    assert adapter.decrypt(kept) == "JBSWY3DPEHPK3PXP"
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(Exception, match=r"^$"):
        adapter.decrypt(kept)
