from datetime import timedelta

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.roles import Role
from accounts.tenant import PublicModel, TenantForeignKey


class MemberInvitation(PublicModel):
    """An offer to join, sent by mail. Its token stands in the mail alone; here is only the hash.

    The mailing task makes the token, so a resent invitation has a new one and the old link is dead.
    """

    LIVES = timedelta(days=7)

    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=16, choices=Role)
    hash = models.BinaryField(max_length=32, null=True, editable=False)
    invited_by = TenantForeignKey(
        "accounts.Membership", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "email"],
                condition=models.Q(accepted_at=None, revoked_at=None),
                name="accounts_memberinvitation_open",
            ),
            # Unique over all organizations: the token is what tells the organization.
            models.UniqueConstraint(fields=["hash"], name="accounts_memberinvitation_hash"),
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="accounts_memberinvitation_email_lower"
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=list(Role)), name="accounts_memberinvitation_role"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} ({self.role})"

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None and self.revoked_at is None

    @property
    def has_expired(self) -> bool:
        return self.expires_at <= timezone.now()
