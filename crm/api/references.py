"""References in a body: by our id, or by the sender's own."""

from typing import Any

from django.db.models import Model
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cem.lib.rest.problems import invalid
from cem.lib.rest.serializers import Strict
from crm.models import Customer


@extend_schema_field({"type": ["string", "null"], "maxLength": 200})
class Reference(serializers.Field[Any, Any, Any, Any]):
    """A row of another table by its natural key, such as a touchpoint by its `key`.

    Shown from the field's own name; comes in as the row itself or None. Lists need select_related.
    """

    def __init__(self, *, model: type[Model], by: str, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "allow_null": True, **kwargs})
        self.model, self.by = model, by

    def to_representation(self, value: Any) -> Any:
        return getattr(value, self.by)

    def to_internal_value(self, data: Any) -> Any:
        row = None
        if isinstance(data, str) and len(data) <= 200:
            row = self.model._default_manager.filter(**{self.by: data}).first()
        if row is None:
            raise serializers.ValidationError(
                f"There is no {self.model._meta.verbose_name} with this {self.by}."
            )
        return row


class OfCustomer(Strict):
    """A body about a customer, named by `customer` or by `customer_external_id`."""

    customer = serializers.UUIDField(
        source="customer_id", required=False, help_text="Our id of the customer."
    )
    customer_external_id = serializers.CharField(
        source="customer.external_id",
        required=False,
        max_length=200,
        help_text="Your own id of the customer; instead of `customer`.",
    )
    anonymous = False

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        by_id = attrs.pop("customer_id", None)
        by_external_id = (attrs.pop("customer", None) or {}).get("external_id")
        if by_id is not None and by_external_id is not None:
            raise invalid("customer_external_id", "Name the customer by `customer` or by this, not by both.")
        if by_id is None and by_external_id is None:
            if not self.anonymous:
                raise invalid("customer", "Name the customer, by `customer` or by `customer_external_id`.")
            return {**attrs, "customer": None}
        field, found = (
            ("customer", Customer.objects.filter(pk=by_id))
            if by_id is not None
            else ("customer_external_id", Customer.objects.filter(external_id=by_external_id))
        )
        customer = found.first()
        if customer is None:
            raise invalid(field, "There is no such customer.")
        return {**attrs, "customer": customer}
