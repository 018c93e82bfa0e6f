from typing import ClassVar, Self

from django.db import models
from django.utils import timezone

from accounts.tenant import PublicModel, TenantForeignKey
from crm.scope import WithinTeams


class Company(PublicModel):
    """A business customer, which several customers may belong to."""

    external_id = models.CharField(max_length=200)
    name = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "companies"
        constraints = [
            models.UniqueConstraint(fields=["organization", "external_id"], name="crm_company_external_id")
        ]

    def __str__(self) -> str:
        return self.name


class Customer(PublicModel):
    """Somebody who buys, contacts and answers. `external_id` is the company's own id for them."""

    external_id = models.CharField(max_length=200)
    name = models.CharField(max_length=200, blank=True)
    email = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=40, blank=True, help_text="E.164, such as +351912345678")
    company = TenantForeignKey(
        Company, on_delete=models.SET_NULL, null=True, blank=True, related_name="customers"
    )
    segment = models.CharField(max_length=60, blank=True)
    country = models.CharField(max_length=2, blank=True)
    language = models.CharField(max_length=12, blank=True)
    #: When they became a customer: the start of tenure.
    since = models.DateTimeField(null=True, blank=True)
    #: When they said "never ask me again": no survey on any channel since.
    surveys_opted_out_at = models.DateTimeField(null=True, blank=True)
    attributes = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[WithinTeams[Self]] = WithinTeams()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "external_id"], name="crm_customer_external_id")
        ]
        indexes = [
            models.Index(fields=["organization", "segment"], name="crm_customer_segment"),
            models.Index(fields=["organization", "email"], name="crm_customer_email"),
            models.Index(fields=["organization", "phone"], name="crm_customer_phone"),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        return self.name or self.email or f"Customer {self.external_id}"
