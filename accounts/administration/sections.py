"""The row of places that every settings page begins with. A new section is one line here."""

from typing import Any

from django.urls import reverse

from accounts.models import Membership

BELOW_PROFILE = frozenset({"settings-profile", "settings-pause", "settings-delete", "settings-leave"})
#: (label, URL name, permission, names of pages below it).
SECTIONS: list[tuple[str, str, str, frozenset[str]]] = [
    ("Profile", "settings", "organization.view", BELOW_PROFILE),
    ("Hours", "settings-hours", "organization.manage", frozenset()),
    ("Exchange rates", "settings-rates", "organization.manage", frozenset()),
    ("People", "settings-people", "people.manage", frozenset({"settings-member", "settings-member-teams"})),
    ("Roles", "settings-roles", "organization.view", frozenset()),
    ("Log-in", "settings-log-in", "organization.manage", frozenset()),
    ("Single sign-on", "settings-sign-on", "organization.manage", frozenset({"settings-sign-on-connection"})),
    ("API keys", "settings-keys", "keys.manage", frozenset()),
    ("Audit trail", "settings-audit", "audit.view", frozenset()),
    (
        "Privacy",
        "settings-privacy",
        "privacy.manage",
        frozenset({"settings-privacy-request", "settings-privacy-erased"}),
    ),
    ("Retention", "settings-retention", "privacy.manage", frozenset()),
    ("Full export", "settings-export", "organization.export", frozenset()),
]


def sections(membership: Membership, here: str) -> list[dict[str, Any]]:
    slug = membership.organization.slug
    return [
        {
            "label": label,
            "url": reverse(name, kwargs={"slug": slug}),
            "current": here == name or here in below,
        }
        for label, name, permission, below in SECTIONS
        if membership.may(permission)
    ]
