from django.db import models

from accounts.tenant import PublicModel, TenantForeignKey


class ImportRun(PublicModel):
    """One file taken in: its mapping, its true counts, and where the refused rows lie."""

    class Status(models.TextChoices):
        RUNNING = "running", "Running"
        FINISHED = "finished", "Finished"
        FAILED = "failed", "Failed"

    kind = models.CharField(max_length=40)
    file_name = models.CharField(max_length=300)
    file_hash = models.CharField(max_length=64, help_text="SHA-256 of the file's bytes")
    mapping = models.JSONField(default=dict)
    status = models.CharField(max_length=16, choices=Status, default=Status.RUNNING)
    rows = models.PositiveBigIntegerField(default=0)
    created = models.PositiveBigIntegerField(default=0)
    updated = models.PositiveBigIntegerField(default=0)
    unchanged = models.PositiveBigIntegerField(default=0)
    failed = models.PositiveBigIntegerField(default=0)
    #: Customers that rows of another kind named first, beside the rows' own counts.
    customers_created = models.PositiveBigIntegerField(default=0)
    error = models.TextField(blank=True)
    errors_file = models.CharField(max_length=300, blank=True)
    started_by = TenantForeignKey(
        "accounts.Membership", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["organization", "-started_at"], name="crm_import_when")]

    def __str__(self) -> str:
        return f"{self.kind} from {self.file_name}"
