from typing import ClassVar, Self

from django.db import models
from django.utils import timezone

from accounts.tenant import PublicModel, TenantForeignKey
from crm.scope import WithinTeams

from .customer import Customer
from .people import Employee
from .touchpoint import Touchpoint


class Channel(models.TextChoices):
    WEB = "web", "Web"
    APP = "app", "App"
    EMAIL = "email", "Email"
    PHONE = "phone", "Phone"
    CHAT = "chat", "Chat"
    STORE = "store", "In store"
    SOCIAL = "social", "Social"
    CALLBACK = "callback", "Callback"
    OTHER = "other", "Other"


class Interaction(PublicModel):
    """A contact between a customer and the company.

    `measures` holds numbers that studies read (`wait_seconds`, `handle_seconds`, `transfers`,
    `resolved_first_contact` as 0 or 1, `days_late` …), `properties` everything else.
    """

    external_id = models.CharField(max_length=200)
    customer = TenantForeignKey(Customer, on_delete=models.CASCADE, related_name="interactions")
    channel = models.CharField(max_length=16, choices=Channel)
    touchpoint = TenantForeignKey(
        Touchpoint, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    employee = TenantForeignKey(Employee, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    occurred_at = models.DateTimeField()
    duration_seconds = models.PositiveIntegerField(null=True, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    is_complaint = models.BooleanField(default=False)
    measures = models.JSONField(default=dict, blank=True)
    properties = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[WithinTeams[Self]] = WithinTeams()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "external_id"], name="crm_interaction_external_id"
            )
        ]
        indexes = [
            models.Index(
                fields=["organization", "customer", "-occurred_at"], name="crm_interaction_timeline"
            ),
            models.Index(fields=["organization", "occurred_at"], name="crm_interaction_when"),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.occurred_at:%Y-%m-%d}"
