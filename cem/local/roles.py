"""The two roles and the database `cem`, made as superuser; nobody else ever learns that password.

The owner creates what it needs by itself: `pg_trgm`, `unaccent`, `btree_gist` and `citext` are trusted, so
the owner of a database installs them there, in `cem` as in the databases that tests make from `template1`.
"""

from pathlib import Path

from psycopg2.extensions import connection, encrypt_password
from psycopg2.sql import SQL, Identifier, Literal

from cem.local.postgres import SUPERUSER, connect

OWNER = "cem_owner"
RUNTIME = "cem_runtime"
DATABASE = "cem"

# Said in full, so that a role somebody has widened by hand is narrow again after the next start.
_ATTRIBUTES = {
    OWNER: "LOGIN CREATEDB NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS INHERIT",
    RUNTIME: "LOGIN NOCREATEDB NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS INHERIT",
}


def ensure(sockets: Path, superuser: str, passwords: dict[str, str]) -> None:
    """Make roles and database, or bring them in line, however often it runs. `passwords` by role."""
    session = connect(sockets, SUPERUSER, superuser, "postgres")
    try:
        session.autocommit = True  # CREATE DATABASE refuses a transaction
        for role, attributes in _ATTRIBUTES.items():
            _role(session, role, attributes, passwords[role])
        _database(session)
    finally:
        session.close()


def _role(session: connection, role: str, attributes: str, password: str) -> None:
    # Hashed on this side, so that no log of the server can show it.
    verifier = encrypt_password(password, role, scope=session, algorithm="scram-sha-256")
    with session.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        verb = "ALTER" if cursor.fetchone() else "CREATE"
        cursor.execute(
            SQL("{} ROLE {} {} PASSWORD {}").format(
                SQL(verb), Identifier(role), SQL(attributes), Literal(verifier)
            )
        )


def _database(session: connection) -> None:
    owner, runtime, name = Identifier(OWNER), Identifier(RUNTIME), Identifier(DATABASE)
    with session.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if cursor.fetchone() is None:
            cursor.execute(SQL("CREATE DATABASE {} OWNER {}").format(name, owner))
        cursor.execute(SQL("REVOKE CONNECT ON DATABASE {} FROM PUBLIC").format(name))
        cursor.execute(SQL("GRANT CONNECT ON DATABASE {} TO {}").format(name, runtime))
