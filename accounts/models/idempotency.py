from datetime import timedelta

from django.db import models
from django.utils import timezone

from accounts.tenant import PublicModel, TenantForeignKey

from .apikey import ApiKey


class IdempotentRequest(PublicModel):
    """The first answer to a request that carried an Idempotency-Key, kept to be given again.

    Written in the request's own transaction: the unique key makes a second sender wait until the first has
    committed its answer with its effects, or has left neither.
    """

    #: Longer than the 24 hours that are promised, so that tidying need not be punctual.
    KEPT = timedelta(hours=48)

    key = models.CharField(max_length=200)
    api_key = TenantForeignKey(ApiKey, on_delete=models.SET_NULL, null=True, related_name="+")
    #: SHA-256 of method, address and body.
    fingerprint = models.BinaryField(max_length=32, editable=False)
    #: NULL only while the first request runs, so never seen by another transaction.
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "key"], name="accounts_idempotentrequest_key")
        ]
        indexes = [
            models.Index(fields=["organization", "created_at"], name="accounts_idempotent_when"),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.status}"

    @classmethod
    def forget_old(cls) -> int:
        """Delete this organization's answers that were kept long enough. Returns how many."""
        return cls.objects.filter(created_at__lt=timezone.now() - cls.KEPT).delete()[0]
