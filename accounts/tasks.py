"""Where Celery looks for this room's tasks."""

from accounts.audit.logins import spread_failed_login
from accounts.organizations.deletion import erase_organization, sweep_deletions
from accounts.organizations.export.work import export_organization
from accounts.people.mail import send_member_invitation
from accounts.privacy.retention import keep_periods, retention_due
from accounts.privacy.work import privacy_request
from accounts.work.outbox import relay, tidy

__all__ = [
    "erase_organization",
    "export_organization",
    "keep_periods",
    "privacy_request",
    "relay",
    "retention_due",
    "send_member_invitation",
    "spread_failed_login",
    "sweep_deletions",
    "tidy",
]
