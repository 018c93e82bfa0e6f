from django.db import models
from django.utils import timezone

from accounts.tenant import PublicModel, TenantForeignKey
from cem.lib.validators import currency_code

from .customer import Customer


class TransactionKind(models.TextChoices):
    ORDER = "order", "Order"
    REFUND = "refund", "Refund"
    CANCELLATION = "cancellation", "Cancellation"
    SUBSCRIPTION_START = "subscription_start", "Subscription started"
    SUBSCRIPTION_RENEWAL = "subscription_renewal", "Subscription renewed"
    SUBSCRIPTION_CANCEL = "subscription_cancel", "Subscription cancelled"


class Transaction(PublicModel):
    """Money that changed hands, or was agreed on. `amount` is never negative; the kind tells its direction.

    A customer holds a subscription while the latest of their subscription rows is a start or a renewal. The amount of
    such a row is what was agreed on and no revenue: what was paid is an order.

    `reporting_amount` is `amount` in the organization's reporting currency, kept beside it so that sums over
    millions of rows need no join with rates. `external_id` is the company's own id, or for rows that have none a
    key made of the mapped fields and the ordinal among equal rows.
    """

    external_id = models.CharField(max_length=200)
    customer = TenantForeignKey(Customer, on_delete=models.CASCADE, related_name="transactions")
    kind = models.CharField(max_length=24, choices=TransactionKind, default=TransactionKind.ORDER)
    occurred_at = models.DateTimeField()
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    currency = models.CharField(max_length=3, validators=[currency_code])
    reporting_amount = models.DecimalField(max_digits=14, decimal_places=2)
    quantity = models.PositiveIntegerField(null=True, blank=True)
    channel = models.CharField(max_length=16, blank=True)
    description = models.CharField(max_length=300, blank=True)
    properties = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "external_id"], name="crm_transaction_external_id"
            ),
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="crm_transaction_amount"),
        ]
        indexes = [
            # Covering: the lag-safe join reads sums per customer and window from the index alone.
            models.Index(
                fields=["organization", "customer", "occurred_at"],
                include=["kind", "reporting_amount"],
                name="crm_transaction_window",
            ),
            models.Index(fields=["organization", "occurred_at"], name="crm_transaction_when"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount} {self.currency}"
