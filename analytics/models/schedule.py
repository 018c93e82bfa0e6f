from django.db import models
from django.utils import timezone

from accounts.models import Organization


class Schedule(models.Model):
    """A study that is run once a week. Global and ids only, so that one sweep finds what is due anywhere.

    Whether the study still exists is told inside its organization, by the task that the sweep owes.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    study = models.UUIDField(unique=True)
    due_at = models.DateTimeField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="analytics_schedule_due")]

    def __str__(self) -> str:
        return f"{self.study} due {self.due_at:%Y-%m-%d %H:%M}"
