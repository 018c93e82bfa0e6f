"""/transactions and /interactions"""

from typing import Any

from django.urls import reverse
from rest_framework.response import Response

from accounts.api.endpoint import Created, Listed, Shown
from cem.lib.rest.problems import invalid
from crm.models import Interaction, Transaction
from crm.records.activity import NoRate, record_interaction, record_transaction

from .filters import InteractionFilters, TransactionFilters
from .serializers import InteractionSerializer, TransactionSerializer


class Transactions(Listed, Created):
    scopes = {"GET": "crm:read", "POST": "crm:write"}
    summaries = {"GET": "List transactions", "POST": "Record a transaction"}
    operation_ids = {"GET": "transactions_list", "POST": "transactions_create"}
    queryset = Transaction.objects.select_related("customer")
    serializer_class = TransactionSerializer
    filterset_class = TransactionFilters
    id_parameters = frozenset({"customer_external_id", "external_id"})

    def create(self, **path: Any) -> Response:
        try:
            row = record_transaction(**self.valid())
        except NoRate as error:
            raise invalid("rate", str(error)) from error
        return self.shown(row, 201, reverse("api:transaction", args=[row.pk]))


class OneTransaction(Shown):
    scopes = {"GET": "crm:read"}
    summaries = {"GET": "Read a transaction"}
    operation_ids = {"GET": "transactions_read"}
    queryset = Transaction.objects.select_related("customer")
    serializer_class = TransactionSerializer


class Interactions(Listed, Created):
    scopes = {"GET": "crm:read", "POST": "crm:write"}
    summaries = {"GET": "List interactions", "POST": "Record an interaction"}
    operation_ids = {"GET": "interactions_list", "POST": "interactions_create"}
    queryset = Interaction.objects.select_related("customer", "touchpoint", "employee")
    serializer_class = InteractionSerializer
    filterset_class = InteractionFilters
    id_parameters = frozenset({"customer_external_id", "external_id"})

    def create(self, **path: Any) -> Response:
        row = record_interaction(**self.valid())
        return self.shown(row, 201, reverse("api:interaction", args=[row.pk]))


class OneInteraction(Shown):
    scopes = {"GET": "crm:read"}
    summaries = {"GET": "Read an interaction"}
    operation_ids = {"GET": "interactions_read"}
    queryset = Interaction.objects.select_related("customer", "touchpoint", "employee")
    serializer_class = InteractionSerializer
