from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.roles import Role
from accounts.tenant import PublicModel, TenantForeignKey


class SignOnConnection(PublicModel):
    """How members come in through their own organization's identity provider, by OpenID Connect or SAML."""

    class Protocol(models.TextChoices):
        OIDC = "oidc", "OpenID Connect"
        SAML = "saml", "SAML 2.0"

    protocol = models.CharField(max_length=4, choices=Protocol)
    #: What people call the provider: "Okta", "Entra ID".
    name = models.CharField(max_length=60)
    #: In use: at most one at a time, so that the next one can be tried out beside it.
    is_enabled = models.BooleanField(default=False)

    issuer = models.CharField(max_length=300, blank=True)
    client_id = models.CharField(max_length=255, blank=True)
    #: Encrypted (accounts/sso/secrets.py).
    client_secret = models.TextField(blank=True)

    idp_entity_id = models.CharField(max_length=500, blank=True)
    idp_url = models.CharField(max_length=500, blank=True)
    #: One or more certificates, base64 of DER, a line each; any of them may sign, so that keys can be changed.
    idp_certificates = models.TextField(blank=True)
    #: Whether log-ins that begin at the provider's own portal are taken.
    allows_unsolicited = models.BooleanField(default=False)

    #: Claims or attributes; empty: the names that the protocol's providers usually have.
    email_attribute = models.CharField(max_length=200, blank=True)
    name_attribute = models.CharField(max_length=200, blank=True)
    groups_attribute = models.CharField(max_length=200, blank=True)

    #: Whether people of a proven domain who are no members yet become members when they come.
    admits_new = models.BooleanField(default=True)
    default_role = models.CharField(max_length=16, choices=Role, default=Role.VIEWER)
    #: [{"group", "role"}], strongest first; empty: roles are given by hand.
    role_map = models.JSONField(default=list, blank=True)

    created_at = models.DateTimeField(auto_now_add=True)
    #: When something was changed that log-ins depend on; a test before that no longer counts.
    changed_at = models.DateTimeField(default=timezone.now)
    tested_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization"],
                condition=models.Q(is_enabled=True),
                name="accounts_signonconnection_in_use",
            ),
            models.CheckConstraint(
                condition=models.Q(default_role__in=[role for role in Role if role != Role.OWNER]),
                name="accounts_signonconnection_role",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_saml(self) -> bool:
        return self.protocol == self.Protocol.SAML

    @property
    def is_tested(self) -> bool:
        return self.tested_at is not None and self.tested_at >= self.changed_at


class SignOnDomain(PublicModel):
    """A domain of email addresses. It captures log-ins only once a DNS record has proven whose it is."""

    #: In ASCII and lower case, as DNS has it.
    name = models.CharField(max_length=253)
    token = models.CharField(max_length=64, editable=False)
    proven_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "name"], name="accounts_signondomain_once"),
            # Unique over all organizations: an address has one home. A claim alone keeps nobody out.
            models.UniqueConstraint(
                fields=["name"],
                condition=models.Q(proven_at__isnull=False),
                name="accounts_signondomain_proven",
            ),
            models.CheckConstraint(
                condition=models.Q(name=Lower("name")), name="accounts_signondomain_lower"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def record_name(self) -> str:
        return f"_cem-challenge.{self.name}"

    @property
    def record_value(self) -> str:
        return f"cem-domain={self.token}"

    @property
    def is_proven(self) -> bool:
        return self.proven_at is not None


class SignOnIdentity(PublicModel):
    """Who a provider's subject is here. Addresses change hands; a provider's subject does not."""

    connection = TenantForeignKey(SignOnConnection, on_delete=models.CASCADE, related_name="identities")
    membership = TenantForeignKey("accounts.Membership", on_delete=models.CASCADE, related_name="+")
    #: `sub`, or SAML's NameID.
    subject = models.CharField(max_length=255)
    created_at = models.DateTimeField(auto_now_add=True)
    last_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "sign-on identities"
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "connection", "subject"], name="accounts_signonidentity_subject"
            ),
            models.UniqueConstraint(
                fields=["organization", "connection", "membership"], name="accounts_signonidentity_member"
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "membership"], name="accounts_signonidentity_who"),
        ]

    def __str__(self) -> str:
        return f"identity {self.pk}"
