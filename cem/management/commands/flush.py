"""`flush` as the owner: the runtime role may not TRUNCATE."""

from typing import Any

from django.core.management.commands import flush
from django.db import connections

from cem.lib.db.base import as_owner


class Command(flush.Command):
    def handle(self, **options: Any) -> None:
        with as_owner(connections[options["database"]]):
            super().handle(**options)
