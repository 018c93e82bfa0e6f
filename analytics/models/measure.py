from django.db import models

from accounts.tenant import PublicModel


class Measure(PublicModel):
    """A number that an organization's contacts carry (a key of `Interaction.measures`), with its name and unit.

    Registered as data, so that a company's own measure can be studied without a line of code; those in
    `analytics.frames.measures.KNOWN` are there from the start and can be renamed here.
    """

    class Unit(models.TextChoices):
        SECONDS = "seconds", "Seconds"
        DAYS = "days", "Days"
        COUNT = "count", "Count"
        SHARE = "share", "Share, 0 to 1"
        PLAIN = "plain", "Number"

    key = models.CharField(max_length=60)
    label = models.CharField(max_length=60)
    #: As a sentence has it: "waits" over 4 minutes, "contacts with transfers" over 0.
    plural = models.CharField(max_length=60)
    unit = models.CharField(max_length=16, choices=Unit, default=Unit.PLAIN)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "key"], name="analytics_measure_key")]

    def __str__(self) -> str:
        return self.label
