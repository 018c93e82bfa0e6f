"""Who may do what, as data: one table from role to permissions."""

from django.db import models

#: Every permission there is, with the sentence the settings page shows for it.
PERMISSIONS = {
    "scores.view": "See scores, trends and the overview",
    "customers.view": "Search customers and open their view",
    "linkage.view": "Read linkage studies and their results",
    "linkage.run": "Start and stop linkage runs",
    "surveys.view": "See surveys and their links",
    "imports.view": "See imports and their reports",
}

_VIEWER = {"scores.view", "linkage.view", "surveys.view"}
_AGENT = {"customers.view", "scores.view"}
_ANALYST = _VIEWER | {"customers.view", "linkage.run", "imports.view"}
_ALL = set(PERMISSIONS)


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
    Role.ADMIN: frozenset(_ALL),
    Role.MANAGER: frozenset(_ALL),
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
}
