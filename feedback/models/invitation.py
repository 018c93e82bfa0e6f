from django.db import models
from django.utils import timezone

from accounts.tenant import PublicModel, TenantForeignKey

from .survey import Survey


class Invitation(PublicModel):
    """One customer asked (or deliberately not asked) once, with the reason and the chance they had.

    The eligibility reason and the sampling probability are stored apart: a customer whom a rule keeps from being
    asked is ineligible, whatever the chance was; weights speak for eligible customers.
    """

    class Status(models.TextChoices):
        SENT = "sent", "Sent"
        DELIVERED = "delivered", "Delivered"
        BOUNCED = "bounced", "Bounced"
        DECLINED = "declined", "Declined"
        ANSWERED = "answered", "Answered"
        NOT_ASKED = "not_asked", "Not asked"

    survey = TenantForeignKey(Survey, on_delete=models.CASCADE, related_name="invitations")
    customer = TenantForeignKey("crm.Customer", on_delete=models.CASCADE, related_name="invitations")
    #: The contact asked about, for transactional surveys.
    interaction = TenantForeignKey(
        "crm.Interaction", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    wave = models.CharField(max_length=40, blank=True)
    channel = models.CharField(max_length=16, default="email")
    #: SHA-256 of the personal token; the token itself is only in the message. NULL when nobody was asked.
    hash = models.BinaryField(max_length=32, null=True, editable=False)
    status = models.CharField(max_length=16, choices=Status, default=Status.SENT)
    #: Empty for an eligible customer, else which rule kept them out ("quarantine", "opted_out" …).
    ineligible_reason = models.CharField(max_length=40, blank=True)
    sampling_probability = models.FloatField(default=1.0)
    sent_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hash"], name="feedback_invitation_hash"),
            models.CheckConstraint(
                condition=models.Q(sampling_probability__gt=0, sampling_probability__lte=1),
                name="feedback_invitation_probability",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "customer", "-sent_at"], name="feedback_invitation_timeline"
            ),
            models.Index(fields=["organization", "survey", "sent_at"], name="feedback_invitation_survey"),
        ]

    def __str__(self) -> str:
        return f"{self.survey} to {self.customer_id}"
