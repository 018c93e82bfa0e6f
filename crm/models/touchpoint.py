from django.db import models

from accounts.tenant import PublicModel


class Touchpoint(PublicModel):
    """A place where customers meet the company, at a stage of their journey."""

    key = models.SlugField(max_length=60, db_index=False)
    name = models.CharField(max_length=120)
    stage = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "key"], name="crm_touchpoint_key")]

    def __str__(self) -> str:
        return self.name
