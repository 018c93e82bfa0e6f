"""Who may do what, as data: one table from role to permissions."""

from django.db import models

#: Every permission there is, with the sentence the settings page shows for it.
PERMISSIONS = {
    "scores.view": "See scores, trends and the overview",
    "customers.view": "Search customers and open their view",
    "personal.view": "See names, email addresses and phone numbers of customers unmasked, and find them by those",
    "linkage.view": "Read linkage studies and their results",
    "linkage.run": "Start and stop linkage runs",
    "surveys.view": "See surveys and their links",
    "imports.view": "See imports and their reports",
    "organization.view": "See the organization's profile and what each role may do",
    "organization.manage": "Change the profile, exchange rates and log-in rules",
    "sign_on.enable": "Put single sign-on in use and require it",
    "people.manage": "Invite people, change their roles and remove them",
    "keys.manage": "Make and revoke API keys",
    "audit.view": "Read the audit trail",
    "privacy.manage": "Export and erase a customer, set retention",
    "organization.export": "Export everything the organization has",
    "organization.delete": "Pause or delete the organization",
}

_VIEWER = {"scores.view", "linkage.view", "surveys.view", "organization.view"}
_AGENT = {"customers.view", "personal.view", "scores.view", "organization.view"}
_ANALYST = _VIEWER | {"customers.view", "linkage.run", "imports.view"}
_ALL = set(PERMISSIONS)
_ADMIN = _ALL - {"organization.delete", "organization.export", "sign_on.enable"}
_MANAGER = _ADMIN - {"organization.manage", "people.manage", "keys.manage", "audit.view", "privacy.manage"}


class Role(models.TextChoices):
    OWNER = "owner", "Owner"
    ADMIN = "admin", "Administrator"
    MANAGER = "manager", "Manager"
    ANALYST = "analyst", "Analyst"
    AGENT = "agent", "Agent"
    VIEWER = "viewer", "Viewer"

    @property
    def permissions(self) -> frozenset[str]:
        return ROLE_PERMISSIONS[self]

    def may(self, permission: str) -> bool:
        if permission not in PERMISSIONS:
            raise ValueError(f"Unknown permission {permission!r}; add it to accounts/roles.py.")
        return permission in self.permissions


ROLE_PERMISSIONS: dict[Role, frozenset[str]] = {
    Role.OWNER: frozenset(_ALL),
    Role.ADMIN: frozenset(_ADMIN),
    Role.MANAGER: frozenset(_MANAGER),
    Role.ANALYST: frozenset(_ANALYST),
    Role.AGENT: frozenset(_AGENT),
    Role.VIEWER: frozenset(_VIEWER),
}

#: What an API key may be allowed to do.
SCOPES = {
    "crm:read": "Read customers, interactions and transactions",
    "crm:write": "Create and change customers, interactions and transactions",
    "feedback:read": "Read responses and scores",
    "feedback:write": "Create responses",
    "linkage:read": "Read linkage studies, runs and results",
    "linkage:run": "Start linkage runs",
    "personal:read": "Read names, addresses, attributes and free texts unmasked, and search by them",
    "audit:read": "Read the audit trail",
}
