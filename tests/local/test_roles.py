"""What the two roles may do, asked of a real server."""

import json

import pytest

from tests.local.machine import Machine

pytestmark = pytest.mark.services

ATTRIBUTES = """
import json, os, psycopg2
session = psycopg2.connect(os.environ["DATABASE_OWNER_URL"])
with session.cursor() as cursor:
    cursor.execute('''
        SELECT rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication, rolcanlogin
        FROM pg_roles WHERE rolname LIKE 'cem%'
    ''')
    columns = [column.name for column in cursor.description]
    print(json.dumps({row[0]: dict(zip(columns[1:], row[1:])) for row in cursor}))
"""

OWNER_MAKES_A_TEST_DATABASE = """
import os, psycopg2
address = os.environ["DATABASE_OWNER_URL"]
session = psycopg2.connect(address)
session.autocommit = True
session.cursor().execute("CREATE DATABASE test_cem")
inside = psycopg2.connect(address.replace("/cem?", "/test_cem?"))
with inside, inside.cursor() as cursor:
    for name in ("pg_trgm", "unaccent", "btree_gist", "citext"):
        cursor.execute(f"CREATE EXTENSION {name}")
    cursor.execute("CREATE TABLE t (n int); GRANT SELECT ON t TO cem_runtime")
    cursor.execute("SELECT datlocprovider, datlocale FROM pg_database WHERE datname = 'test_cem'")
    assert cursor.fetchone() == ("b", "C.UTF-8")
inside.close()
runtime = psycopg2.connect(os.environ["DATABASE_URL"].replace("/cem?", "/test_cem?"))
runtime.cursor().execute("SELECT * FROM t")
runtime.close()
session.cursor().execute("DROP DATABASE test_cem")
"""

RUNTIME_TRIES = """
import os, sys, psycopg2
session = psycopg2.connect(os.environ["DATABASE_URL"])
session.autocommit = True
session.cursor().execute(sys.argv[1])
"""


def test_the_owner_makes_databases_and_the_runtime_role_nothing(settled: Machine) -> None:
    roles = json.loads(settled.python(ATTRIBUTES).out)
    for_both = {"rolsuper": False, "rolbypassrls": False, "rolcreaterole": False, "rolreplication": False}
    assert roles["cem_owner"] == {**for_both, "rolcreatedb": True, "rolcanlogin": True}
    assert roles["cem_runtime"] == {**for_both, "rolcreatedb": False, "rolcanlogin": True}


def test_the_owner_makes_a_test_database_with_its_extensions(settled: Machine) -> None:
    ended = settled.python(OWNER_MAKES_A_TEST_DATABASE)
    assert ended.code == 0, ended.err


@pytest.mark.parametrize("statement", ["CREATE TABLE t (n int)", "CREATE DATABASE d", "SET ROLE cem_owner"])
def test_the_runtime_role_is_refused(settled: Machine, statement: str) -> None:
    ended = settled.python(f"import sys; sys.argv = ['', {statement!r}]\n{RUNTIME_TRIES}")
    assert ended.code == 1
    assert "InsufficientPrivilege" in ended.err


def test_secrets_are_for_their_owner_alone(settled: Machine) -> None:
    files = [path for path in settled.layout.passwords.iterdir() if path.is_file()]
    assert {path.name for path in files} == {"postgres", "cem_owner", "cem_runtime", "redis"}
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    assert settled.layout.passwords.stat().st_mode & 0o777 == 0o700
