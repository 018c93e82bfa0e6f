"""The one door into an organization.

Everything that reads or writes an organization's rows does so inside `organization_context`. The database refuses
the rest (row-level security); the guard in `cem.lib.db` turns that refusal into an error instead of an empty page.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast
from uuid import UUID

from django.db import DatabaseError, transaction
from django.db import connection as default
from psycopg2.extensions import TRANSACTION_STATUS_INERROR

from cem.lib.db.base import DatabaseWrapper
from cem.lib.db.guard import NoOrganization

__all__ = ["BrokenTransaction", "NoOrganization", "current_organization_id", "organization_context"]


connection = cast(DatabaseWrapper, default)


class BrokenTransaction(DatabaseError):
    """A database error was swallowed inside the context, so nothing of its transaction can be saved."""


class WrongOrganization(RuntimeError):
    """A context of one organization was entered inside another's."""


def current_organization_id() -> UUID:
    """The organization of the context that we are in.

    Raises:
        NoOrganization: outside any context.
    """
    if connection.organization_id is None:
        raise NoOrganization("No organization: enter organization_context first.")
    return UUID(connection.organization_id)


def _set(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.organization_id', %s, true)", [value])


@contextmanager
def organization_context(organization: Any) -> Iterator[None]:
    """A transaction in which one organization's rows are visible and writable.

    Args:
        organization: an Organization or its id.

    Raises:
        WrongOrganization: when entered inside another organization's context.
        BrokenTransaction: on leaving, when a database error was swallowed inside. Committing would silently
            save nothing.

    The same organization nests. `on_commit` hooks run after the setting is gone and open their own context.
    """
    organization_id = str(getattr(organization, "pk", organization))
    outer = connection.organization_id
    if outer not in (None, organization_id):
        raise WrongOrganization(f"inside organization {outer}, {organization_id} refused")
    nested = connection.in_atomic_block  # a caller's or a test's transaction, which outlives this block
    try:
        with transaction.atomic():
            if outer is None:
                _set(organization_id)
                connection.organization_id = organization_id
            yield
            status = connection.connection.info.transaction_status if connection.connection else None
            if connection.needs_rollback or status == TRANSACTION_STATUS_INERROR:
                raise BrokenTransaction(
                    "a database error was swallowed: nothing of this transaction can be saved"
                )
            if outer is None and nested:
                _set("")  # RELEASE SAVEPOINT would keep the value
            connection.organization_id = outer  # before on_commit hooks run
    finally:
        connection.organization_id = outer
