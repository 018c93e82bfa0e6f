"""Real PostgreSQL and Redis, one migrated template copied by each worker, and the cast."""

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cast import Cast, make_cast
from tests.chromium import chromium
from tests.queries import QueryBudget
from tests.workers import Workers

__all__ = ["chromium"]

ROOT = Path(__file__).resolve().parent.parent
#: What a migrated database is made of; a change makes a new template.
SOURCES = ("*/migrations/*.py", "cem/lib/db/*.py")


def fingerprint() -> str:
    files = sorted(path for pattern in SOURCES for path in ROOT.glob(pattern))
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:10]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: Any
) -> None:
    """Migrating takes seconds, copying a template tenths of one: migrate once per state of the migrations."""
    from django.db import connection

    settings = connection.settings_dict
    template = f"template_cem_{fingerprint()}"
    lock_name = f"cem-{hashlib.sha256(str(ROOT).encode()).hexdigest()[:10]}-template.lock"
    with open(Path(tempfile.gettempdir()) / lock_name, "w") as lock, django_db_blocker.unblock():
        fcntl.flock(lock, fcntl.LOCK_EX)
        with connection.creation._nodb_cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'template\\_cem\\_%%'")
            there = {name for (name,) in cursor.fetchall()}
            if template not in there:
                for stale in there:
                    cursor.execute(f'DROP DATABASE IF EXISTS "{stale}"')
        if template not in there:
            building, name, test = f"building_{template}", settings["NAME"], dict(settings["TEST"])
            settings["TEST"]["NAME"] = building
            connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
            connection.close()
            settings["NAME"] = name
            settings["TEST"].update(test)
            with (
                connection.creation._nodb_cursor() as cursor
            ):  # renamed when whole: a broken build is not reused
                cursor.execute(f'ALTER DATABASE "{building}" RENAME TO "{template}"')
    settings["TEST"]["TEMPLATE"] = template
    settings["TEST"]["MIGRATE"] = False


@pytest.fixture(scope="session", autouse=True)
def own_queue(worker_id: str) -> str:
    """Each xdist worker has a queue of its own in the one Redis."""
    from celery import current_app

    name = f"test-{os.getpid()}-{worker_id}"
    current_app.conf.task_default_queue = name
    current_app.conf.task_default_exchange = current_app.conf.task_default_routing_key = name
    return name


@pytest.fixture(autouse=True)
def plain_static(settings: Any) -> None:
    """No manifest in tests: nothing has been collected."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(autouse=True)
def quick_passwords(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def inside(cast: Cast) -> Iterator[Cast]:
    """Inside the cast's own organization."""
    from accounts.tenancy import organization_context

    with organization_context(cast.organization):
        yield cast


@pytest.fixture
def query_budget() -> type[QueryBudget]:
    """`with query_budget(7): …` fails when more statements run, and prints them."""
    return QueryBudget


@pytest.fixture
def workers(tmp_path: Path) -> Iterator[Workers]:
    """Real Celery workers of this test's own; `workers.start()` starts one."""
    started = Workers(tmp_path)
    try:
        yield started
    finally:
        started.stop()
