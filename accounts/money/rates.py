"""A rate holds from its day on until the next one of its currency."""

from datetime import date
from decimal import Decimal

from django.db import transaction

from accounts.audit.record import record
from accounts.models import ExchangeRate


def rate_on(*, currency: str, day: date) -> Decimal | None:
    """Units of the reporting currency for one unit of `currency` on that day; None when none is known.

    A day before the first known rate has none: guessing backwards would invent money.
    """
    return (
        ExchangeRate.objects.filter(currency=currency, day__lte=day)
        .order_by("-day")
        .values_list("rate", flat=True)
        .first()
    )


@transaction.atomic
def set_rate(*, currency: str, day: date, rate: Decimal) -> ExchangeRate:
    """Give a rate from a day on; the one that stood on that very day is replaced."""
    before = ExchangeRate.objects.select_for_update().filter(currency=currency, day=day).first()
    row, _ = ExchangeRate.objects.update_or_create(currency=currency, day=day, defaults={"rate": rate})
    record(
        "rate.set",
        target=row,
        before={"rate": str(before.rate)} if before else None,
        after={"currency": currency, "day": day.isoformat(), "rate": str(rate)},
    )
    return row


@transaction.atomic
def remove_rate(*, row: ExchangeRate) -> None:
    """Amounts that were recorded with it stay as they are."""
    record("rate.removed", target=row, before={"currency": row.currency, "rate": str(row.rate)})
    row.delete()
