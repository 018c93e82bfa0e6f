from django.db import models
from django.utils import timezone

from accounts.tenant import PublicModel, TenantForeignKey


class PrivacyRequest(PublicModel):
    """One customer's data, to be erased or handed out; afterwards the receipt, which holds no personal data."""

    class Kind(models.TextChoices):
        EXPORT = "export", "Export"
        ERASE = "erase", "Erasure"

    class Status(models.TextChoices):
        QUEUED = "queued", "Queued"
        RUNNING = "running", "Running"
        FINISHED = "finished", "Finished"
        FAILED = "failed", "Failed"

    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=Kind)
    #: The customer; NULL once they are erased.
    subject_id = models.UUIDField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    progress = models.FloatField(default=0)
    step = models.CharField(max_length=200, blank=True)
    #: One line a holder: {"holder", "label", "count"}.
    receipt = models.JSONField(default=list)
    error = models.TextField(blank=True)
    #: The export, below MEDIA_ROOT, until it expires.
    file_path = models.CharField(max_length=300, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    requested_by = TenantForeignKey(
        "accounts.Membership", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "number"], name="accounts_privacy_number")
        ]
        indexes = [models.Index(fields=["organization", "subject_id"], name="accounts_privacy_subject")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

    @property
    def is_over(self) -> bool:
        return self.status in (self.Status.FINISHED, self.Status.FAILED)

    @property
    def total(self) -> int:
        return sum(line["count"] for line in self.receipt)


class RetentionPolicy(PublicModel):
    """How long an organization keeps each kind of data. Nothing is deleted before somebody saw the counts."""

    #: Kind → days; a kind that is not named is kept for ever.
    periods = models.JSONField(default=dict)
    is_enforced = models.BooleanField(default=False)
    #: Kind → rows that enforcing would delete, as counted at `previewed_at`.
    preview = models.JSONField(default=dict)
    previewed_at = models.DateTimeField(null=True, blank=True)
    #: Kind → rows deleted by the last run.
    last_run = models.JSONField(default=dict)
    last_run_at = models.DateTimeField(null=True, blank=True)
    changed_by = TenantForeignKey(
        "accounts.Membership", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "retention policies"
        constraints = [
            models.UniqueConstraint(fields=["organization"], name="accounts_retention_once"),
        ]

    def __str__(self) -> str:
        return "enforced" if self.is_enforced else "proposed"
