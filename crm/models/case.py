from typing import ClassVar, Self

from django.db import models
from django.utils import timezone

from accounts.models import CasePriority
from accounts.tenant import PublicModel, TenantForeignKey
from crm.scope import WithinTeams

from .customer import Customer
from .people import Employee, Team


class Case(PublicModel):
    """Something to put right for a customer, with an owner and a time by which."""

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        WAITING = "waiting", "Waiting for customer"
        CLOSED = "closed", "Closed"

    number = models.PositiveIntegerField()
    customer = TenantForeignKey(Customer, on_delete=models.CASCADE, related_name="cases")
    subject = models.CharField(max_length=300)
    #: Why it was opened: "detractor", "low_csat", "complaint", "agent".
    reason = models.CharField(max_length=40)
    #: What opened it, such as "response:<id>": the same thing opens one case for a reason, however often told.
    source = models.CharField(max_length=80, null=True, blank=True)  # noqa: DJ001  NULLs do not collide
    status = models.CharField(max_length=16, choices=Status, default=Status.OPEN)
    #: Decides by when it is due; the hours are the organization's.
    priority = models.CharField(
        max_length=8, choices=CasePriority, default=CasePriority.NORMAL, db_default=CasePriority.NORMAL
    )
    owner = TenantForeignKey(Employee, on_delete=models.SET_NULL, null=True, blank=True, related_name="cases")
    team = TenantForeignKey(Team, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    root_cause = models.CharField(max_length=60, blank=True)
    opened_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[WithinTeams[Self]] = WithinTeams()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "number"], name="crm_case_number"),
            models.UniqueConstraint(fields=["organization", "reason", "source"], name="crm_case_source"),
            models.CheckConstraint(
                condition=models.Q(status="closed", closed_at__isnull=False)
                | (~models.Q(status="closed") & models.Q(closed_at__isnull=True)),
                name="crm_case_closed_at",
            ),
            models.CheckConstraint(
                condition=models.Q(priority__in=list(CasePriority)), name="crm_case_priority"
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "customer", "-opened_at"], name="crm_case_timeline"),
            models.Index(fields=["organization", "status", "due_at"], name="crm_case_queue"),
        ]

    def __str__(self) -> str:
        return f"Case {self.number}: {self.subject}"

    @property
    def is_overdue(self) -> bool:
        return self.status != self.Status.CLOSED and self.due_at < timezone.now()
