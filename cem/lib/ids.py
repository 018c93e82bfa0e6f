"""Public ids. Migrations name this function, so the library behind it can change."""

from uuid import UUID

import uuid_utils.compat


def uuid7() -> UUID:
    """A UUID version 7 (RFC 9562): sorted by the millisecond it was made in, so that inserts stay at one end."""
    return uuid_utils.compat.uuid7()
