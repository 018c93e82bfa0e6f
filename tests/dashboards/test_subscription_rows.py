"""What happened to a customer's subscription, on their page."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.tenancy import organization_context
from tests import factories
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_a_subscription_is_told_in_the_timeline_and_is_no_spending(client: Client, cast: Cast) -> None:
    client.force_login(cast.maya)
    with organization_context(cast.organization):
        who = factories.customer(name="Ana")
        for days, kind, amount in (
            (90, "subscription_start", "24.90"),
            (60, "subscription_renewal", "0.00"),
            (30, "subscription_cancel", "0.00"),
            (20, "order", "8.00"),
        ):
            factories.transaction(
                who,
                kind=kind,
                amount=amount,
                occurred_at=factories.NOW - timedelta(days=days),
                external_id=kind,
            )
    page = client.get(f"/o/halden/customers/{who.pk}/").content.decode()
    assert "Subscription started subscription_start, €24.90" in page
    assert "Subscription renewed subscription_renewal<" in page, "nothing agreed on, no amount"
    assert "Subscription cancelled subscription_cancel<" in page
    assert "€8" in page
    assert "€32.90" not in page
