from django.db import models

from accounts.roles import Role
from cem.lib.ids import uuid7

from .organization import Organization
from .user import User


class Membership(models.Model):
    """A user's place in an organization, and the only way tenant rows refer to people.

    Global, since it is read before an organization is entered; UNIQUE (organization, id) lets tenant tables refer
    to it by a composite reference all the same.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="memberships", db_index=False
    )
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role)
    #: Sees customers of some teams only; which ones stands in crm (crm/scope.py). Agents alone can be limited.
    limited_to_teams = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "user"], name="accounts_membership_once"),
            models.UniqueConstraint(fields=["organization", "id"], name="accounts_membership_org_id"),
            models.CheckConstraint(condition=models.Q(role__in=list(Role)), name="accounts_membership_role"),
            models.CheckConstraint(
                condition=models.Q(limited_to_teams=False) | models.Q(role=Role.AGENT),
                name="accounts_membership_limited",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.role})"

    def may(self, permission: str) -> bool:
        return Role(self.role).may(permission)
