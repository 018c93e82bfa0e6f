"""Writes of what a customer did: one transaction, one interaction."""

from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from django.db import transaction

from accounts.models import Organization
from accounts.tenancy import current_organization_id
from crm.models import Customer, Interaction, Transaction

CENT = Decimal("0.01")
#: What `numeric(14, 2)` can hold.
LARGEST = Decimal("999999999999.99")


class NoRate(ValueError):
    """An amount cannot be put into the reporting currency; the message says why and what to do."""


def reporting_amount(*, amount: Decimal, currency: str, rate: Decimal | None, reporting: str) -> Decimal:
    """The amount in the organization's reporting currency, rounded half to even at two places.

    Args:
        rate: units of the reporting currency for one unit of `currency`.

    Raises:
        NoRate: when the currencies differ and no rate is given, or a rate contradicts equal currencies, or
            the result is too large to store.
    """
    if currency == reporting:
        if rate not in (None, 1):
            raise NoRate(f"{currency} is the reporting currency, so the rate is 1. Leave it out.")
        return amount
    if rate is None:
        raise NoRate(
            f"Exchange rates are not configured yet, so {currency} cannot be put into {reporting}, the "
            f"reporting currency. Send `rate`: how many {reporting} one {currency} was worth."
        )
    result = (amount * rate).quantize(CENT, ROUND_HALF_EVEN)
    if result > LARGEST:
        raise NoRate(f"At this rate it is more than {LARGEST} {reporting}. Check amount and rate.")
    return result


@transaction.atomic
def record_transaction(
    *, customer: Customer, amount: Decimal, currency: str, rate: Decimal | None = None, **fields: Any
) -> Transaction:
    """Raises NoRate, and IntegrityError when there is one with this external id."""
    reporting = Organization.objects.values_list("currency", flat=True).get(pk=current_organization_id())
    return Transaction.objects.create(
        customer=customer,
        amount=amount,
        currency=currency,
        reporting_amount=reporting_amount(amount=amount, currency=currency, rate=rate, reporting=reporting),
        **fields,
    )


@transaction.atomic
def record_interaction(*, customer: Customer, **fields: Any) -> Interaction:
    """Raises IntegrityError when there is one with this external id."""
    return Interaction.objects.create(customer=customer, **fields)
