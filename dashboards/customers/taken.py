"""What can be taken away from a customer's page: the picture of what they said and did. It names no person."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404

from accounts.audit.record import record
from accounts.privacy.masking import shown
from crm.models import Customer
from dashboards.pictures import Picture, Pictures, served

from . import picture, selectors

SUBTITLE = "NPS answers above orders, last 18 months."


def offered(request: Any, pk: UUID) -> Pictures:
    person = get_object_or_404(Customer, pk=pk)
    record("customer.viewed", target=person)
    history = selectors.history(person)
    drawn = picture.said_did(history, request.membership.organization.currency)
    items = [Picture("said-did", picture.title(history), drawn, subtitle=SUBTITLE)] if drawn else []
    # The company's own id, which every role sees (masked where it is an address): names do not leave with a picture.
    named = shown(person, request.membership).external_id or str(person.pk)
    return Pictures(source=f"customer {named}", name=f"customer-{named}", items=tuple(items), target=person)


pictures = served("customers.view", offered)
