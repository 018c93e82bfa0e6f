from .apikey import ApiKey
from .lease import Lease
from .membership import Membership
from .organization import Organization
from .outbox import OutboxEntry
from .user import User

__all__ = ["ApiKey", "Lease", "Membership", "Organization", "OutboxEntry", "User"]
