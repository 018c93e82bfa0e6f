from django.db import models


class Lease(models.Model):
    """Who works on something that must be worked on by one at a time.

    Claimed by a conditional UPDATE; `claim` counts up with each claim, and every write of the holder carries it,
    so that a worker that was suspended and superseded cannot finish. Global: it holds a name and ids only.
    """

    name = models.CharField(primary_key=True, max_length=120)
    claim = models.BigIntegerField(default=0)
    holder = models.CharField(max_length=120, blank=True)
    expires_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} #{self.claim}"
