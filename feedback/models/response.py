from django.db import models
from django.utils import timezone

from accounts.tenant import PublicModel, TenantForeignKey, TenantModel

from .invitation import Invitation
from .survey import Survey, SurveyVersion


class Response(PublicModel):
    """One person's answers to one version of a survey, as given."""

    class Status(models.TextChoices):
        COMPLETE = "complete", "Complete"
        PARTIAL = "partial", "Partial"
        DISMISSED = "dismissed", "Dismissed"

    survey = TenantForeignKey(Survey, on_delete=models.CASCADE, related_name="responses")
    version = TenantForeignKey(SurveyVersion, on_delete=models.PROTECT, related_name="responses")
    customer = TenantForeignKey(
        "crm.Customer", on_delete=models.CASCADE, null=True, blank=True, related_name="responses"
    )
    invitation = TenantForeignKey(
        Invitation, on_delete=models.SET_NULL, null=True, blank=True, related_name="responses"
    )
    #: The contact that was asked about.
    interaction = TenantForeignKey(
        "crm.Interaction", on_delete=models.SET_NULL, null=True, blank=True, related_name="responses"
    )
    touchpoint = TenantForeignKey(
        "crm.Touchpoint", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    status = models.CharField(max_length=16, choices=Status, default=Status.COMPLETE)
    is_test = models.BooleanField(default=False)
    wave = models.CharField(max_length=40, blank=True)
    channel = models.CharField(max_length=16, default="link")
    language = models.CharField(max_length=12, blank=True)
    #: Question id → answer, as the version's schema defines them.
    answers = models.JSONField(default=dict)
    #: When the person answered; imports supply it, intake takes the clock's.
    answered_at = models.DateTimeField()
    #: The sender's own id for it (an import row, an idempotency key): the same one is stored once.
    external_id = models.CharField(max_length=200, null=True, blank=True)  # noqa: DJ001  (NULLs are not equal)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "external_id"], name="feedback_response_external_id"
            ),
            # A personal token answers once; sending the form twice is one response.
            models.UniqueConstraint(
                fields=["organization", "invitation"], name="feedback_response_invitation"
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "customer", "-answered_at"], name="feedback_response_timeline"
            ),
            models.Index(fields=["organization", "survey", "answered_at"], name="feedback_response_survey"),
        ]

    def __str__(self) -> str:
        return f"{self.survey} {self.answered_at:%Y-%m-%d}"


class Score(TenantModel):
    """One scored answer: a narrow fact, written by `feedback.scoring` and read by everything that counts.

    `counts` is false for test and dismissed responses, and for an answer that a later one of the same customer in
    the same wave of a relationship survey superseded.
    """

    id = models.BigAutoField(primary_key=True)
    response = TenantForeignKey(Response, on_delete=models.CASCADE, related_name="scores")
    customer = TenantForeignKey("crm.Customer", on_delete=models.CASCADE, null=True, related_name="scores")
    survey = TenantForeignKey(Survey, on_delete=models.CASCADE, related_name="scores")
    touchpoint = TenantForeignKey("crm.Touchpoint", on_delete=models.SET_NULL, null=True, related_name="+")
    metric = models.CharField(max_length=40)
    question = models.CharField(max_length=60)
    value = models.FloatField()
    channel = models.CharField(max_length=16)
    answered_at = models.DateTimeField()
    counts = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "response", "question"], name="feedback_score_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["organization", "metric", "answered_at"],
                include=["value", "customer"],
                condition=models.Q(counts=True),
                name="feedback_score_metric",
            ),
            models.Index(fields=["organization", "customer", "answered_at"], name="feedback_score_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.value:g}"


class Verbatim(PublicModel):
    """What somebody wrote in their own words."""

    response = TenantForeignKey(Response, on_delete=models.CASCADE, related_name="verbatims")
    customer = TenantForeignKey("crm.Customer", on_delete=models.CASCADE, null=True, related_name="verbatims")
    question = models.CharField(max_length=60)
    text = models.TextField()
    language = models.CharField(max_length=12, blank=True)
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "response", "question"], name="feedback_verbatim_once"
            )
        ]
        indexes = [models.Index(fields=["organization", "-answered_at"], name="feedback_verbatim_when")]

    def __str__(self) -> str:
        return self.text[:60]
