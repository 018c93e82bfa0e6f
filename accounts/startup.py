"""Refuse to serve or work as a role that row-level security does not bind, and to migrate as a superuser."""

from django.db import connection


class UnboundRole(SystemExit):
    """The database role of this process sees every organization."""


def refuse_unbound_role() -> None:
    """Stop the process unless policies bind its role.

    Raises:
        UnboundRole: with what to change. A superuser, a role with BYPASSRLS and the tables' owner pass policies.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, row_security_active('crm_customer')")
        role, bound = cursor.fetchone()
    connection.close()
    if not bound:
        raise UnboundRole(
            f"The database role {role!r} is not bound by row-level security (a superuser, BYPASSRLS or the owner). "
            "Point DATABASE_URL at the runtime role, which owns nothing: see docs/deployment.md."
        )


def refuse_superuser_owner() -> None:
    """Stop migrating as a superuser.

    The functions that lead past the policies run with the rights of who makes them: made by a superuser, a mistake
    in one of them would open the whole server instead of this database.

    Raises:
        UnboundRole: with what to change.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper FROM pg_roles WHERE rolname = current_user")
        role, is_super = cursor.fetchone()
    if is_super:
        raise UnboundRole(
            f"The owner {role!r} is a superuser, and so would be every function that runs as the owner. Point "
            "DATABASE_OWNER_URL at a role with NOSUPERUSER that owns the database: see docs/deployment.md."
        )
