"""Refuse to serve or work as a role that row-level security does not bind."""

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
