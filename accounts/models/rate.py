from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models

from accounts.tenant import PublicModel
from cem.lib import validators


class ExchangeRate(PublicModel):
    """What one unit of a currency is worth in the reporting currency, from a day on until the next rate."""

    currency = models.CharField(max_length=3, validators=[validators.currency_code])
    day = models.DateField()
    rate = models.DecimalField(
        max_digits=18, decimal_places=8, validators=[MinValueValidator(Decimal("0.00000001"))]
    )

    class Meta:
        ordering = ["currency", "-day"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "currency", "day"], name="accounts_exchangerate_once"
            ),
            models.CheckConstraint(condition=models.Q(rate__gt=0), name="accounts_exchangerate_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.day}: {self.rate}"
