from .apikey import ApiKey, KeyKind
from .audit import AuditEntry, FailedLogin
from .erased import ErasedIdentity, ErasureKey
from .export import ErasureReceipt, OrganizationExport
from .idempotency import IdempotentRequest
from .invitation import MemberInvitation
from .lease import Lease
from .membership import Membership
from .organization import CasePriority, Locale, Organization, Suspension
from .outbox import OutboxEntry
from .privacy import PrivacyRequest, RetentionPolicy
from .rate import ExchangeRate
from .sign_on import SignOnConnection, SignOnDomain, SignOnIdentity
from .user import User

__all__ = [
    "ApiKey",
    "AuditEntry",
    "CasePriority",
    "ErasedIdentity",
    "ErasureKey",
    "ErasureReceipt",
    "ExchangeRate",
    "FailedLogin",
    "IdempotentRequest",
    "KeyKind",
    "Lease",
    "Locale",
    "MemberInvitation",
    "Membership",
    "Organization",
    "OrganizationExport",
    "OutboxEntry",
    "PrivacyRequest",
    "RetentionPolicy",
    "SignOnConnection",
    "SignOnDomain",
    "SignOnIdentity",
    "Suspension",
    "User",
]
