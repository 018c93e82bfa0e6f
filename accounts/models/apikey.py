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


class KeyKind(models.TextChoices):
    """Write and public keys leave the house (devices, web pages), so they can do one thing each."""

    ORDINARY = "ordinary", "Ordinary: whatever its scopes allow"
    WRITE = "write", "Write: send new records in, read nothing"
    PUBLIC = "public", "Public: for the widget on a web page, opens no API path"

    @property
    def scopes(self) -> frozenset[str]:
        return KIND_SCOPES[self]

    @property
    def methods(self) -> frozenset[str] | None:
        """The only HTTP methods such a key may use; None for all."""
        return {KeyKind.WRITE: frozenset({"POST"}), KeyKind.PUBLIC: frozenset[str]()}.get(self)

    @property
    def start(self) -> str:
        """How keys of this kind begin, so that one that leaks is recognised."""
        return {KeyKind.ORDINARY: "cem_", KeyKind.WRITE: "cemw_", KeyKind.PUBLIC: "cemp_"}[self]


WRITE_SCOPES = ("crm:write", "feedback:write")
KIND_SCOPES = {
    KeyKind.ORDINARY: frozenset(SCOPES),
    KeyKind.WRITE: frozenset(WRITE_SCOPES),
    KeyKind.PUBLIC: frozenset[str](),
}


class ApiKey(PublicModel):
    """A secret that lets a program in. The plain key is shown once; only its hash is stored."""

    kind = models.CharField(max_length=8, choices=KeyKind, default=KeyKind.ORDINARY)
    name = models.CharField(max_length=120)
    prefix = models.CharField(max_length=PREFIX_LENGTH, editable=False)
    hash = models.BinaryField(max_length=32, editable=False)
    scopes = ArrayField(models.CharField(max_length=32), blank=True)
    created_by = TenantForeignKey(
        "accounts.Membership", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        # Unique over all organizations: the key is what tells the organization.
        constraints = [
            models.UniqueConstraint(fields=["hash"], name="accounts_apikey_hash"),
            models.CheckConstraint(
                condition=models.Q(kind=KeyKind.ORDINARY)
                | models.Q(kind=KeyKind.WRITE, scopes__contained_by=list(WRITE_SCOPES))
                | models.Q(kind=KeyKind.PUBLIC, scopes=[]),
                name="accounts_apikey_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    def clean(self) -> None:
        if unknown := sorted(set(self.scopes) - set(SCOPES)):
            raise ValidationError(
                {"scopes": f"Unknown scope {unknown[0]!r}. There are: {', '.join(SCOPES)}."}
            )
        kind = KeyKind(self.kind)
        if too_much := sorted(set(self.scopes) - kind.scopes):
            raise ValidationError(
                {"scopes": f"A {kind} key cannot have {too_much[0]!r}. Make an ordinary key for it."}
            )
        if not self.scopes and kind.scopes:
            raise ValidationError({"scopes": "Choose at least one scope: without any the key opens nothing."})

    @classmethod
    def issue(cls, **fields: Any) -> tuple["ApiKey", str]:
        """A new key and its plain text, which is not kept."""
        kind = KeyKind(fields.get("kind", KeyKind.ORDINARY))
        plain = kind.start + secrets.token_urlsafe(32)
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
