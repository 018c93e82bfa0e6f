"""Personal data in this room's models: of the people who work here, not of customers."""

from accounts.privacy.marks import Kind

PERSONAL = {
    "accounts.User": {"name": Kind.NAME, "email": Kind.EMAIL},
    "accounts.MemberInvitation": {"email": Kind.EMAIL},
    # A member, as their identity provider calls them.
    "accounts.SignOnIdentity": {"subject": Kind.ID},
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
    # subject_ids are ids of ours, like subject_id; erasing replaces them.
    "accounts.AuditEntry": {"action", "target_type", "request_id", "subject_ids"},
    "accounts.ExchangeRate": {"currency"},
    "accounts.IdempotentRequest": {"key", "headers"},
    "accounts.OrganizationExport": {"step", "contents", "error", "file_path", "sha256"},
    "accounts.PrivacyRequest": {"step", "receipt", "error", "file_path"},
    "accounts.RetentionPolicy": {"periods", "preview", "last_run"},
    "accounts.SignOnConnection": {
        *("protocol", "name", "issuer", "client_id", "client_secret", "idp_entity_id", "idp_url"),
        *("idp_certificates", "email_attribute", "name_attribute", "groups_attribute", "role_map"),
    },
    "accounts.SignOnDomain": {"name", "token"},
}
