from django.db import models
from django.utils import timezone

from accounts.tenant import PublicModel, TenantForeignKey


class Survey(PublicModel):
    """A set of questions that is followed over time. What is asked stands in its versions."""

    class Kind(models.TextChoices):
        RELATIONSHIP = "relationship", "Relationship: asked in waves"
        TRANSACTIONAL = "transactional", "Transactional: asked about one contact"
        EMPLOYEE = "employee", "Employee pulse"

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published"
        CLOSED = "closed", "Closed"

    key = models.SlugField(max_length=60, db_index=False)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=16, choices=Kind)
    status = models.CharField(max_length=16, choices=Status, default=Status.DRAFT)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "key"], name="feedback_survey_key")]

    def __str__(self) -> str:
        return self.name


class SurveyVersion(PublicModel):
    """What was asked, word for word. Never changes once published, since answers refer to it."""

    survey = TenantForeignKey(Survey, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "survey", "number"], name="feedback_version_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.survey} v{self.number}"


class SurveyLink(PublicModel):
    """A public address of a survey. Anybody who has it may answer, so it says nothing about who did."""

    survey = TenantForeignKey(Survey, on_delete=models.CASCADE, related_name="links")
    token = models.CharField(max_length=64)
    hash = models.BinaryField(max_length=32, editable=False)
    channel = models.CharField(max_length=16, default="link")
    is_open = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        # Unique over all organizations: the token is what tells the organization.
        constraints = [models.UniqueConstraint(fields=["hash"], name="feedback_link_hash")]

    def __str__(self) -> str:
        return f"{self.survey} by {self.channel}"
