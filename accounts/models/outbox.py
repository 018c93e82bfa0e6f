from typing import ClassVar

from django.db import models
from django.utils import timezone


class OutboxEntry(models.Model):
    """A side effect that is owed, written in the transaction that owes it. Holds ids only.

    Global, so that relay and sweeper work without an organization; the task enters it. A row is deleted by its
    task's own last transaction, so what is still here is still owed.
    """

    id = models.BigAutoField(primary_key=True)
    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, null=True, db_index=False, related_name="+"
    )
    task = models.CharField(max_length=120)
    arguments = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)
    #: When to publish (again). Pushed forward at each publication, so that an unfinished row comes back.
    due_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    #: Set when the row was given up after too many attempts; kept to be looked at and released by hand.
    error = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "outbox entries"
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=models.Q(error=""), name="accounts_outbox_due")
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.arguments}"
