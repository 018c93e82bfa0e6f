"""A list or a search that shows customers: one entry for all that it showed."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from .record import REDACTED, record
from .selectors import LISTED

#: What somebody typed to find a person names that person, and would go on doing so after they are erased.
NAMING = frozenset({"q", "email", "phone", "external_id"})


def record_listed(customers: Collection[UUID], asked: Mapping[str, Any]) -> None:
    """Record whom a page showed, and by what was asked for them; nobody shown is recorded, too.

    Args:
        asked: the query's members; those that name somebody are kept without their value.
    """
    query = {name: REDACTED if name in NAMING and value else value for name, value in asked.items()}
    record(LISTED, after={"count": len(customers), **({"query": query} if query else {})}, subjects=customers)
