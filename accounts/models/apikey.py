import hashlib
import secrets
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from accounts.roles import SCOPES
from accounts.tenant import PublicModel, TenantForeignKey

PREFIX_LENGTH = 12


def key_hash(plain: str) -> bytes:
    """SHA-256 of a random key. No slow hash: the key holds 256 random bits, nothing to guess."""
    return hashlib.sha256(plain.encode()).digest()


class ApiKey(PublicModel):
    """A secret that lets a program in. The plain key is shown once; only its hash is stored."""

    name = models.CharField(max_length=120)
    prefix = models.CharField(max_length=PREFIX_LENGTH, editable=False)
    hash = models.BinaryField(max_length=32, editable=False)
    scopes = ArrayField(models.CharField(max_length=32))
    created_by = TenantForeignKey(
        "accounts.Membership", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        # Unique over all organizations: the key is what tells the organization.
        constraints = [models.UniqueConstraint(fields=["hash"], name="accounts_apikey_hash")]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    def clean(self) -> None:
        if unknown := sorted(set(self.scopes) - set(SCOPES)):
            raise ValidationError(
                {"scopes": f"Unknown scope {unknown[0]!r}. There are: {', '.join(SCOPES)}."}
            )

    @classmethod
    def issue(cls, **fields: Any) -> tuple["ApiKey", str]:
        """A new key and its plain text, which is not kept."""
        plain = "cem_" + secrets.token_urlsafe(32)
        key = cls(prefix=plain[:PREFIX_LENGTH], hash=key_hash(plain), **fields)
        key.full_clean(exclude=["organization", "created_by"])
        key.save()
        return key, plain

    @property
    def is_usable(self) -> bool:
        now = timezone.now()
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > now)

    def may(self, scope: str) -> bool:
        return scope in self.scopes
