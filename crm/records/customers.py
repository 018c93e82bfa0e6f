"""Writes of one customer."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.audit.record import record, record_change
from crm.models import Customer


@transaction.atomic
def create_customer(*, external_id: str, **fields: Any) -> Customer:
    """Raises IntegrityError when there is one with this external id."""
    now = timezone.now()
    customer = Customer.objects.create(external_id=external_id, created_at=now, updated_at=now, **fields)
    record("customer.created", target=customer, after=fields)
    return customer


@transaction.atomic
def change_customer(*, customer: Customer, **fields: Any) -> Customer:
    """Set what is given. Nothing new writes nothing, so `updated_at` tells real changes.

    Args:
        customer: locked by the caller.
    """
    record_change("customer.changed", customer, fields)
    changed = [name for name, value in fields.items() if getattr(customer, name) != value]
    if changed:
        for name in changed:
            setattr(customer, name, fields[name])
        customer.updated_at = timezone.now()
        customer.save(update_fields=[*changed, "updated_at"])
    return customer


@transaction.atomic
def put_customer(*, external_id: str, **fields: Any) -> tuple[Customer, bool]:
    """Create the customer with this external id, or set the given fields of the one there is.

    Returns:
        The customer, and whether it is new. Two at once end as one created and one changed.
    """
    there = (
        Customer.objects.select_for_update(of=("self",))
        .select_related("company")
        .filter(external_id=external_id)
    )
    customer = there.first()
    if customer is None:
        try:
            with transaction.atomic():
                return create_customer(external_id=external_id, **fields), True
        except IntegrityError:
            customer = there.get()  # somebody was quicker, and has committed
    return change_customer(customer=customer, **fields), False
