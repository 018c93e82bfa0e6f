"""PostgreSQL through two roles.

`USER` is the runtime role, which row-level security binds. `OWNER` (from DATABASE_OWNER_URL; absent in web and
worker) makes tables, test databases and flushes. Both on one alias, so that the stock test runner, xdist and
pytest-django work unchanged.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.postgresql import base, creation

from .guard import guard


class DatabaseCreation(creation.DatabaseCreation):
    @contextmanager
    def _nodb_cursor(self) -> Iterator[Any]:
        """CREATE, copy and DROP DATABASE are the owner's."""
        with as_owner(self.connection), super()._nodb_cursor() as cursor:  # type: ignore[misc]
            yield cursor


class DatabaseWrapper(base.DatabaseWrapper):
    creation_class = DatabaseCreation
    #: The organization whose rows this connection may see now; set by accounts.tenancy and by nothing else.
    organization_id: str | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.execute_wrappers.append(guard)

    @property
    def owner(self) -> dict[str, Any]:
        owner: dict[str, Any] | None = self.settings_dict.get("OWNER")
        if not owner:
            raise ImproperlyConfigured(
                "This needs the owner of the database: set DATABASE_OWNER_URL for this command "
                "(never for web or worker)."
            )
        return owner

    @property
    def is_owner(self) -> bool:
        owner: dict[str, Any] | None = self.settings_dict.get("OWNER")
        return owner is not None and self.settings_dict["USER"] == owner["USER"]


@contextmanager
def as_owner(connection: Any) -> Iterator[None]:
    """Reconnect as the owner for the block.

    `settings_dict` is shared by the threads of a process, so this is for commands and test set-up only, never
    while others serve; and never inside a transaction, which a reconnect would lose.
    """
    if connection.is_owner:
        yield
        return
    connection.validate_no_atomic_block()
    settings = connection.settings_dict
    owner = connection.owner
    before = {key: settings[key] for key in owner}
    connection.close()
    settings.update(owner)
    try:
        yield
    finally:
        connection.close()
        settings.update(before)
