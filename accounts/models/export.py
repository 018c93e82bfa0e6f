from django.db import models
from django.utils import timezone

from accounts.tenant import PublicModel, TenantForeignKey
from cem.lib.ids import uuid7


class OrganizationExport(PublicModel):
    """Everything of one organization in one file, in open formats; its row stays when the file has expired."""

    class Status(models.TextChoices):
        QUEUED = "queued", "Queued"
        RUNNING = "running", "Running"
        FINISHED = "finished", "Finished"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    number = models.PositiveIntegerField()
    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    progress = models.FloatField(default=0)
    step = models.CharField(max_length=200, blank=True)
    #: One line a file of the archive: {"name", "label", "rows", "bytes", "sha256"}.
    contents = models.JSONField(default=list)
    error = models.TextField(blank=True)
    #: Below MEDIA_ROOT, until it expires.
    file_path = models.CharField(max_length=300, blank=True)
    bytes = models.PositiveBigIntegerField(default=0)
    #: Of the ZIP, in hexadecimal.
    sha256 = models.CharField(max_length=64, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    requested_by = TenantForeignKey(
        "accounts.Membership", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "number"], name="accounts_export_number")
        ]

    def __str__(self) -> str:
        return f"Full export {self.number}"

    @property
    def is_over(self) -> bool:
        return self.status not in (self.Status.QUEUED, self.Status.RUNNING)

    @property
    def rows(self) -> int:
        return sum(line["rows"] for line in self.contents)


class ErasureReceipt(models.Model):
    """That an organization was erased, and how much of it there was. Global: the organization is gone.

    Its id and counts alone, so that the receipt outlives what it is about without holding anything of it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.UUIDField(unique=True, editable=False)
    founded_at = models.DateTimeField()
    #: The day that an owner had set.
    due_at = models.DateTimeField()
    erased_at = models.DateTimeField(default=timezone.now)
    #: Table → rows, and files, mails and Redis keys under those names.
    removed = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.organization}, erased {self.erased_at:%Y-%m-%d}"
