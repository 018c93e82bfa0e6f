"""Writes of one customer."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.audit.record import record, record_change
from accounts.privacy.erased import refuse_erased
from crm.models import Customer

#: What tells who somebody is.
IDENTITIES = ("external_id", "email", "phone")


@transaction.atomic
def create_customer(*, external_id: str, **fields: Any) -> Customer:
    """Raises IntegrityError when there is one with this external id, Erased when it was somebody who was erased."""
    refuse_erased(external_id=external_id, email=fields.get("email"), phone=fields.get("phone"))
    now = timezone.now()
    customer = Customer.objects.create(external_id=external_id, created_at=now, updated_at=now, **fields)
    record("customer.created", target=customer, after=fields)
    return customer


@transaction.atomic
def change_customer(*, customer: Customer, **fields: Any) -> Customer:
    """Set what is given. Nothing new writes nothing, so `updated_at` tells real changes.

    Args:
        customer: locked by the caller.

    Raises:
        Erased: when they would get the id, email or phone of somebody who was erased.
    """
    new = {
        name: fields[name]
        for name in IDENTITIES
        if name in fields and fields[name] != getattr(customer, name)
    }
    refuse_erased(**new)
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
