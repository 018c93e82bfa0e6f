from .apikey import ApiKey, KeyKind
from .audit import AuditEntry, FailedLogin
from .idempotency import IdempotentRequest
from .invitation import MemberInvitation
from .lease import Lease
from .membership import Membership
from .organization import Locale, Organization
from .outbox import OutboxEntry
from .privacy import PrivacyRequest, RetentionPolicy
from .rate import ExchangeRate
from .user import User

__all__ = [
    "ApiKey",
    "AuditEntry",
    "ExchangeRate",
    "FailedLogin",
    "IdempotentRequest",
    "KeyKind",
    "Lease",
    "Locale",
    "MemberInvitation",
    "Membership",
    "Organization",
    "OutboxEntry",
    "PrivacyRequest",
    "RetentionPolicy",
    "User",
]
