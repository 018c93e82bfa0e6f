"""Writes of what a customer did: one transaction, one interaction."""

from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from django.db import transaction

from accounts.audit.record import record
from accounts.models import Organization
from accounts.money.rates import rate_on
from accounts.tenancy import current_organization_id
from crm.models import Customer, Interaction, Transaction

CENT = Decimal("0.01")
#: What `numeric(14, 2)` can hold.
LARGEST = Decimal("999999999999.99")


class NoRate(ValueError):
    """An amount cannot be put into the reporting currency; the message says why and what to do."""


def reporting_amount(
    *, amount: Decimal, currency: str, rate: Decimal | None, reporting: str, day: date | None = None
) -> Decimal:
    """The amount in the organization's reporting currency, rounded half to even at two places.

    Args:
        rate: units of the reporting currency for one unit of `currency`.
        day: of the transaction, for the message.

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
            f"No exchange rate of {currency} is known for {day or 'that day'}, so it cannot be put into "
            f"{reporting}, the reporting currency. Send `rate`: how many {reporting} one {currency} was worth; "
            "or set one under Settings, Exchange rates."
        )
    result = (amount * rate).quantize(CENT, ROUND_HALF_EVEN)
    if result > LARGEST:
        raise NoRate(f"At this rate it is more than {LARGEST} {reporting}. Check amount and rate.")
    return result


@transaction.atomic
def record_transaction(
    *, customer: Customer, amount: Decimal, currency: str, rate: Decimal | None = None, **fields: Any
) -> Transaction:
    """Without a rate of its own, that of the organization on its day counts.

    Raises NoRate, and IntegrityError when there is one with this external id.
    """
    organization = Organization.objects.get(pk=current_organization_id())
    reporting = organization.currency
    day = fields["occurred_at"].astimezone(organization.tz).date()
    if rate is None and currency != reporting:
        rate = rate_on(currency=currency, day=day)
    row = Transaction.objects.create(
        customer=customer,
        amount=amount,
        currency=currency,
        reporting_amount=reporting_amount(
            amount=amount, currency=currency, rate=rate, reporting=reporting, day=day
        ),
        **fields,
    )
    record("transaction.recorded", target=row)
    return row


@transaction.atomic
def record_interaction(*, customer: Customer, **fields: Any) -> Interaction:
    """Raises IntegrityError when there is one with this external id."""
    row = Interaction.objects.create(customer=customer, **fields)
    record("interaction.recorded", target=row)
    return row
