from .apikey import ApiKey
from .idempotency import IdempotentRequest
from .lease import Lease
from .membership import Membership
from .organization import Organization
from .outbox import OutboxEntry
from .user import User

__all__ = ["ApiKey", "IdempotentRequest", "Lease", "Membership", "Organization", "OutboxEntry", "User"]
