from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone

from accounts.tenant import PublicModel


class AuditEntry(PublicModel):
    """Who did what to which thing, and from where. Never changed: the runtime role may only add and read.

    Actor and target are written down, not referred to, so that an entry outlives both.
    """

    APPEND_ONLY = True

    class Actor(models.TextChoices):
        MEMBER = "member", "Member"
        KEY = "key", "API key"
        SYSTEM = "system", "System"
        NOBODY = "nobody", "Not signed in"

    at = models.DateTimeField(default=timezone.now)
    #: A name of accounts.audit.actions.
    action = models.CharField(max_length=60)
    actor_kind = models.CharField(max_length=8, choices=Actor)
    #: Id of the membership or of the API key.
    actor_id = models.UUIDField(null=True, blank=True)
    actor_name = models.CharField(max_length=160, blank=True)
    #: Such as "crm.customer"; empty where an action is about nothing that is stored.
    target_type = models.CharField(max_length=60, blank=True)
    target_id = models.CharField(max_length=64, blank=True)
    target_label = models.CharField(max_length=200, blank=True)
    #: The customer whom it is about, however indirectly; after an erasure a pseudonym.
    subject_id = models.UUIDField(null=True, blank=True)
    #: The customers whom a list or a search showed: one entry for all of them.
    subject_ids = ArrayField(models.UUIDField(), null=True, blank=True)
    #: Changed fields only; personal ones without their value.
    before = models.JSONField(null=True, blank=True)
    after = models.JSONField(null=True, blank=True)
    address = models.GenericIPAddressField(null=True, blank=True)
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name_plural = "audit entries"
        indexes = [
            models.Index(fields=["organization", "action", "-id"], name="accounts_audit_action"),
            models.Index(fields=["organization", "actor_id", "-id"], name="accounts_audit_actor"),
            models.Index(fields=["organization", "subject_id", "-id"], name="accounts_audit_subject"),
            models.Index(fields=["organization", "at"], name="accounts_audit_when"),
            GinIndex(
                fields=["organization", "subject_ids"],
                condition=models.Q(subject_ids__isnull=False),
                name="accounts_audit_subjects",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} by {self.actor_name or self.get_actor_kind_display()}"


class FailedLogin(models.Model):
    """A log-in that failed. Global: nobody has entered an organization yet.

    What was typed is kept as a hash only, since people type passwords into the wrong field.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(default=timezone.now)
    #: SHA-256 of the address as typed, in lower case.
    email_hash = models.BinaryField(max_length=32)
    address = models.GenericIPAddressField(null=True)
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [models.Index(fields=["at"], name="accounts_failedlogin_when")]

    def __str__(self) -> str:
        return f"failed log-in {self.at:%Y-%m-%d %H:%M}"
