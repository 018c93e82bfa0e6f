"""`migrate` as the owner, with the runtime role's grants around it."""

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from accounts.startup import refuse_superuser_owner
from cem.lib.db.base import as_owner
from cem.lib.db.grants import after_migrate, before_migrate


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        connection: Any = connections[options["database"]]
        runtime = connection.settings_dict["USER"]
        if connection.is_owner:
            raise SystemExit(
                "DATABASE_URL and DATABASE_OWNER_URL name the same role: row-level security would bind nobody. "
                "Use two roles (docs/deployment.md)."
            )
        with as_owner(connection):
            refuse_superuser_owner()
            before_migrate(connection, runtime)
            super().handle(*args, **options)
            after_migrate(connection, runtime)
