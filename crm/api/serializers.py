"""The shapes of customers, transactions and interactions."""

from decimal import Decimal
from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from accounts.api.masked import Masked
from cem.lib.rest.fields import Amount, Instant, JsonObject, Measures
from cem.lib.rest.serializers import Strict
from crm.models import Company, Customer, Employee, Interaction, Touchpoint, Transaction
from crm.models.interaction import Channel
from crm.models.transaction import TransactionKind

from .references import OfCustomer, Reference

BIGGEST = 2_147_483_647


def _sent(**body: Any) -> Any:
    """An example of a body that comes in."""
    return extend_schema_serializer(examples=[OpenApiExample("Sent", body, request_only=True)])


@_sent(external_id="C-1001", name="Ana Sousa", email="ana@mail.example", segment="premium", country="PT")
class CustomerSerializer(Masked, Strict):
    """Somebody who buys, contacts and answers. Name, email, phone and attributes are masked (`a•••@mail.example`)
    for a key without the scope `personal:read`."""

    masks = Customer
    id = serializers.UUIDField(read_only=True)
    external_id = serializers.CharField(max_length=200, help_text="Your own id for them, unique.")
    name = serializers.CharField(max_length=200, required=False, allow_blank=True)
    email = serializers.EmailField(max_length=254, required=False, allow_blank=True)
    phone = serializers.RegexField(
        r"^\+[1-9][0-9]{6,14}$", required=False, allow_blank=True, help_text="E.164, such as +351912345678"
    )
    company = Reference(model=Company, by="external_id", help_text="External id of their company.")
    segment = serializers.CharField(max_length=60, required=False, allow_blank=True)
    country = serializers.RegexField(
        r"^[A-Z]{2}$", required=False, allow_blank=True, help_text="ISO 3166-1 alpha-2"
    )
    language = serializers.RegexField(
        r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})?$",
        max_length=12,
        required=False,
        allow_blank=True,
        help_text="BCP 47",
    )
    since = Instant(required=False, allow_null=True, help_text="When they became a customer.")
    attributes = JsonObject(required=False)
    created_at = Instant(read_only=True)
    updated_at = Instant(read_only=True)


@_sent(name="Ana Sousa", segment="premium")
class CustomerByExternalIdSerializer(CustomerSerializer):
    """The external id stands in the address."""

    external_id = serializers.CharField(read_only=True)


@_sent(
    external_id="T-5001",
    customer_external_id="C-1001",
    occurred_at="2026-11-01T12:00:00Z",
    amount="129.90",
    currency="EUR",
)
class TransactionSerializer(Masked, OfCustomer):
    """Money that changed hands. The amount is never negative; the kind tells its direction. Without the scope
    `personal:read` contact details and the customer's name are hidden in `description`, and `properties` whole."""

    masks = Transaction
    of_customer: ClassVar = {"customer_external_id": "external_id"}
    id = serializers.UUIDField(read_only=True)
    external_id = serializers.CharField(max_length=200, help_text="Your own id for it, unique.")
    kind = serializers.ChoiceField(TransactionKind.choices, required=False)
    occurred_at = Instant()
    amount = Amount(max_digits=14, decimal_places=2, min_value=Decimal(0))
    currency = serializers.RegexField(r"^[A-Z]{3}$", help_text="ISO 4217")
    rate = Amount(
        max_digits=18,
        decimal_places=10,
        min_value=Decimal("0.0000000001"),
        required=False,
        write_only=True,
        help_text="Units of your reporting currency for one unit of `currency`; without it, the rate that holds "
        "on its day under Settings, Exchange rates.",
    )
    reporting_amount = Amount(max_digits=14, decimal_places=2, read_only=True)
    quantity = serializers.IntegerField(min_value=0, max_value=BIGGEST, required=False, allow_null=True)
    channel = serializers.CharField(max_length=16, required=False, allow_blank=True)
    description = serializers.CharField(max_length=300, required=False, allow_blank=True)
    properties = JsonObject(required=False)
    created_at = Instant(read_only=True)
    updated_at = Instant(read_only=True)


@_sent(
    external_id="I-7001",
    customer_external_id="C-1001",
    occurred_at="2026-11-01T12:00:00Z",
    channel="phone",
    measures={"wait_seconds": 41, "transfers": 1},
)
class InteractionSerializer(Masked, OfCustomer):
    """A contact between a customer and the company. Without the scope `personal:read` contact details and the
    customer's name are hidden in `subject`, and `properties` whole."""

    masks = Interaction
    of_customer: ClassVar = {"customer_external_id": "external_id"}
    id = serializers.UUIDField(read_only=True)
    external_id = serializers.CharField(max_length=200, help_text="Your own id for it, unique.")
    channel = serializers.ChoiceField(Channel.choices)
    touchpoint = Reference(model=Touchpoint, by="key", help_text="Key of the touchpoint.")
    employee = Reference(model=Employee, by="external_id", help_text="External id of the employee.")
    occurred_at = Instant()
    duration_seconds = serializers.IntegerField(
        min_value=0, max_value=BIGGEST, required=False, allow_null=True
    )
    subject = serializers.CharField(max_length=300, required=False, allow_blank=True)
    is_complaint = serializers.BooleanField(required=False)
    measures = Measures(required=False, help_text="Numbers that studies read: wait_seconds, transfers …")
    properties = JsonObject(required=False)
    created_at = Instant(read_only=True)
    updated_at = Instant(read_only=True)
