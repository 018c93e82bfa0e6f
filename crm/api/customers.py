"""/customers"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import reverse
from rest_framework.response import Response

from accounts.api.endpoint import Created, Listed, Shown
from accounts.api.masked import refuse_hidden
from accounts.audit.listing import record_listed
from accounts.audit.record import record
from accounts.privacy.erased import Erased
from cem.lib.rest.problems import invalid
from crm.models import Customer
from crm.records.customers import change_customer, create_customer, put_customer

from .filters import CustomerFilters
from .serializers import CustomerByExternalIdSerializer, CustomerSerializer


@contextmanager
def erased_is_invalid() -> Iterator[None]:
    """Somebody who was erased on request does not come back by a request: 422 with the day."""
    try:
        yield
    except Erased as error:
        raise invalid(error.field, f"Refused: {error}.") from error


class Looked(Shown):
    """A look at a customer leaves a trace, whoever looks."""

    def get(self, request: Any, **path: Any) -> Response:
        customer = self.get_object()
        record("customer.viewed", target=customer)
        return self.shown(customer)


class Customers(Listed, Created):
    scopes = {"GET": "crm:read", "POST": "crm:write"}
    summaries = {"GET": "List customers", "POST": "Create a customer"}
    operation_ids = {"GET": "customers_list", "POST": "customers_create"}
    queryset = Customer.objects.select_related("company")
    serializer_class = CustomerSerializer
    filterset_class = CustomerFilters
    personal_parameters = frozenset({"email", "phone"})
    id_parameters = frozenset({"external_id"})

    def get(self, request: Any, **path: Any) -> Response:
        page = super().get(request, **path)
        record_listed([UUID(one["id"]) for one in page.data["data"]], dict(request.query_params.lists()))
        return page

    def create(self, **path: Any) -> Response:
        with erased_is_invalid():
            customer = create_customer(**self.valid())
        return self.shown(customer, 201, reverse("api:customer", args=[customer.pk]))


class OneCustomer(Looked):
    scopes = {"GET": "crm:read", "PATCH": "crm:write"}
    summaries = {"GET": "Read a customer", "PATCH": "Change some fields of a customer"}
    operation_ids = {"GET": "customers_read", "PATCH": "customers_change"}
    queryset = Customer.objects.select_related("company")
    serializer_class = CustomerSerializer

    def patch(self, request: Any, **path: Any) -> Response:
        self.queryset = Customer.objects.select_for_update(of=("self",)).select_related("company")
        with erased_is_invalid():
            return self.write(
                lambda: self.shown(change_customer(customer=self.get_object(), **self.valid(partial=True)))
            )


class CustomerByExternalId(Looked):
    """Your own id in the address, percent-encoded where needed."""

    scopes = {"GET": "crm:read", "PUT": "crm:write"}
    success = {"PUT": (200, 201)}
    summaries = {
        "GET": "Read a customer by your own id",
        "PUT": "Create a customer, or set the given fields of the one with this id",
    }
    operation_ids = {"GET": "customers_read_by_external_id", "PUT": "customers_put"}
    queryset = Customer.objects.select_related("company")
    serializer_class = CustomerByExternalIdSerializer
    lookup_field = "external_id"

    def initial(self, request: Any, *args: Any, **path: Any) -> None:
        super().initial(request, *args, **path)
        if len(path["external_id"]) > 200 or "\0" in path["external_id"]:
            raise Http404  # no customer can have such an id
        if request.method in ("GET", "HEAD"):  # a writer has to name them
            refuse_hidden(request.auth, {"external_id": path["external_id"]}, frozenset())

    def put(self, request: Any, **path: Any) -> Response:
        def work() -> Response:
            with erased_is_invalid():
                customer, is_new = put_customer(external_id=path["external_id"], **self.valid())
            place = reverse("api:customer", args=[customer.pk])
            return self.shown(customer, 201, place) if is_new else self.shown(customer)

        return self.write(work)
