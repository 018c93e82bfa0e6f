"""What the runtime role may do. Part of migrating, so that no table is ever without its grants."""

from typing import Any

from django.apps import apps
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
    """A schema for bulk input that the runtime role owns things in; a migration record it can only read; tables
    it can only add to.
    """
    with connection.cursor() as cursor:
        for statement in (
            "CREATE SCHEMA IF NOT EXISTS staging",
            "GRANT USAGE, CREATE ON SCHEMA staging TO {runtime}",
            "REVOKE ALL ON django_migrations FROM {runtime}",
            "GRANT SELECT ON django_migrations TO {runtime}",
        ):
            cursor.execute(sql.SQL(statement).format(runtime=sql.Identifier(runtime)))
        for table in append_only():
            cursor.execute("SELECT to_regclass(%s)", [table])
            if cursor.fetchone()[0] is not None:  # it is not there when migrating backwards
                statement = "REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {runtime}"
                cursor.execute(
                    sql.SQL(statement).format(table=sql.Identifier(table), runtime=sql.Identifier(runtime))
                )


def append_only() -> list[str]:
    """Tables whose rows the runtime role may add and read, and nothing else."""
    return [model._meta.db_table for model in apps.get_models() if getattr(model, "APPEND_ONLY", False)]
