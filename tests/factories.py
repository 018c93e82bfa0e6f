"""Small valid rows; each call makes what it needs around it. Inside an organization_context."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from crm.models import Customer, Interaction, Transaction

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
_number = count(1)


def customer(**fields: Any) -> Customer:
    number = next(_number)
    defaults = {
        "external_id": f"C-{number}",
        "name": f"Customer {number}",
        "email": f"customer{number}@mail.example",
        "since": NOW - timedelta(days=400),
    }
    return Customer.objects.create(**{**defaults, **fields})


def transaction(who: Customer | None = None, **fields: Any) -> Transaction:
    number = next(_number)
    amount = fields.pop("amount", "10.00")
    defaults = {
        "customer": who or customer(),
        "external_id": f"T-{number}",
        "occurred_at": NOW,
        "amount": amount,
        "reporting_amount": amount,
        "currency": "EUR",
    }
    return Transaction.objects.create(**{**defaults, **fields})


def interaction(who: Customer | None = None, **fields: Any) -> Interaction:
    number = next(_number)
    defaults = {
        "customer": who or customer(),
        "external_id": f"I-{number}",
        "channel": "phone",
        "occurred_at": NOW,
        "subject": "A call",
    }
    return Interaction.objects.create(**{**defaults, **fields})
