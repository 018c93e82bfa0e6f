"""What the runtime role may do. Part of migrating, so that no table is ever without its grants."""

from typing import Any

from psycopg2 import sql


def before_migrate(connection: Any, runtime: str) -> None:
    """Default privileges: every table, sequence and function made from now on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [runtime])
        if cursor.fetchone() is None:
            raise SystemExit(
                f"The runtime role {runtime!r} does not exist. Create it first: "
                f"CREATE ROLE {runtime} LOGIN PASSWORD '…' NOSUPERUSER NOBYPASSRLS; (docs/deployment.md)"
            )
        for statement in (
            "ALTER DEFAULT PRIVILEGES IN SCHEMA public "
            "GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {runtime}",
            "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO {runtime}",
            "ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",
            "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO {runtime}",
            "GRANT USAGE ON SCHEMA public TO {runtime}",
        ):
            cursor.execute(sql.SQL(statement).format(runtime=sql.Identifier(runtime)))


def after_migrate(connection: Any, runtime: str) -> None:
    """A schema for bulk input that the runtime role owns things in, and a migration record it can only read."""
    with connection.cursor() as cursor:
        for statement in (
            "CREATE SCHEMA IF NOT EXISTS staging",
            "GRANT USAGE, CREATE ON SCHEMA staging TO {runtime}",
            "REVOKE ALL ON django_migrations FROM {runtime}",
            "GRANT SELECT ON django_migrations TO {runtime}",
        ):
            cursor.execute(sql.SQL(statement).format(runtime=sql.Identifier(runtime)))
