"""Python refuses before the database answers with an empty page.

Row-level security shows no row without an organization; that is safe but silent. This execute wrapper turns the
silence into an error. It sees what the ORM writes (quoted table names); raw SQL that passes it still meets the
policy.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.apps import apps


class NoOrganization(RuntimeError):
    """A tenant table was used outside `organization_context`."""


@lru_cache(1)
def _pattern() -> re.Pattern[str]:
    tables = sorted(
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if getattr(model, "TENANT", False)
    )
    return re.compile(f'"(?:{"|".join(tables)})"') if tables else re.compile(r"(?!)")


@lru_cache(4096)
def tenant_table(sql: str) -> str | None:
    """The first tenant table that the statement names, if any."""
    found = _pattern().search(sql)
    return found[0] if found else None


def guard(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    connection = context["connection"]
    if connection.organization_id is None and not connection.is_owner and (table := tenant_table(str(sql))):
        raise NoOrganization(
            f"{table} used outside organization_context: enter the organization first (accounts/tenancy.py)."
        )
    return execute(sql, params, many, context)
