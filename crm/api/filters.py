from django_filters import filters

from cem.lib.rest.filters import Filters, InstantFilter
from crm.models import Customer, Interaction, Transaction
from crm.models.interaction import Channel
from crm.models.transaction import TransactionKind


class CustomerFilters(Filters):
    external_id = filters.CharFilter()
    email = filters.CharFilter()
    phone = filters.CharFilter()
    segment = filters.CharFilter()
    country = filters.CharFilter()
    company = filters.CharFilter(field_name="company__external_id")
    updated_since = InstantFilter(field_name="updated_at", lookup_expr="gte")

    class Meta:
        model = Customer
        fields: list[str] = []


class ActivityFilters(Filters):
    customer = filters.UUIDFilter(field_name="customer_id")
    customer_external_id = filters.CharFilter(field_name="customer__external_id")
    external_id = filters.CharFilter()
    occurred_after = InstantFilter(field_name="occurred_at", lookup_expr="gte", label="At or after.")
    occurred_before = InstantFilter(field_name="occurred_at", lookup_expr="lt", label="Before.")
    updated_since = InstantFilter(field_name="updated_at", lookup_expr="gte")


class TransactionFilters(ActivityFilters):
    kind = filters.ChoiceFilter(choices=TransactionKind.choices)
    currency = filters.CharFilter()
    channel = filters.CharFilter()

    class Meta:
        model = Transaction
        fields: list[str] = []


class InteractionFilters(ActivityFilters):
    channel = filters.ChoiceFilter(choices=Channel.choices)
    touchpoint = filters.CharFilter(field_name="touchpoint__key")
    is_complaint = filters.BooleanFilter()

    class Meta:
        model = Interaction
        fields: list[str] = []
