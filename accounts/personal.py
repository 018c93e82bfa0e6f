"""Personal data in this room's models: of the people who work here, not of customers."""

from accounts.privacy.marks import Kind

PERSONAL = {
    "accounts.User": {"name": Kind.NAME, "email": Kind.EMAIL},
    "accounts.MemberInvitation": {"email": Kind.EMAIL},
    # The answer as it was sent, which may show a customer; kept for two days.
    "accounts.IdempotentRequest": {"body": Kind.TEXT},
    # Members and addresses are what the trail is for; of customers it holds ids, which erasing replaces.
    "accounts.AuditEntry": {
        "actor_name": Kind.NAME,
        "target_id": Kind.ID,
        "target_label": Kind.ID,
        "before": Kind.JSON,
        "after": Kind.JSON,
        "address": Kind.TEXT,
    },
}
HARMLESS = {
    "accounts.ApiKey": {"name", "prefix", "scopes"},
    "accounts.AuditEntry": {"action", "target_type", "request_id"},
    "accounts.ExchangeRate": {"currency"},
    "accounts.IdempotentRequest": {"key", "headers"},
    "accounts.PrivacyRequest": {"step", "receipt", "error", "file_path"},
    "accounts.RetentionPolicy": {"periods", "preview", "last_run"},
}
