"""The base of every REST endpoint: scopes, strict parameters, writes that are whole or not there."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.db import connection
from rest_framework.generics import GenericAPIView
from rest_framework.response import Response

from cem.lib.rest.filters import refuse_unknown

from .idempotency import once
from .masked import refuse_hidden


class Endpoint(GenericAPIView[Any]):
    """One address.

    Subclasses declare `scopes` (method → scope), which the permission checks and the schema shows; `success`
    (method → statuses) where it is not 200.
    """

    scopes: ClassVar[dict[str, str]] = {}
    success: ClassVar[dict[str, tuple[int, ...]]] = {}
    summaries: ClassVar[dict[str, str]] = {}
    documented_parameters: ClassVar[dict[str, list[Any]]] = {}
    #: Query parameters beside those of filters and paging.
    parameters: ClassVar[frozenset[str]] = frozenset()
    #: Query parameters that find customers: always hidden ones, and ids that may be addresses.
    personal_parameters: ClassVar[frozenset[str]] = frozenset()
    id_parameters: ClassVar[frozenset[str]] = frozenset()
    is_collection = False
    #: Where a body that comes in has another shape than what goes out.
    request_serializer_class: Any = None
    rate_headers: ClassVar[dict[str, str]] = {}
    lookup_field = "id"
    http_method_names = ("get", "post", "put", "patch", "delete", "head")  # no OPTIONS: the schema tells

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        refuse_unknown(request, self.known_parameters())
        asked = request.query_params.items()
        by = {one: value for one, value in asked if one in self.personal_parameters | self.id_parameters}
        refuse_hidden(request.auth, by, self.personal_parameters)

    def known_parameters(self) -> frozenset[str]:
        known = self.parameters
        if self.is_collection and self.request.method in ("GET", "HEAD"):
            known |= self.paginator.parameters  # type: ignore[union-attr]
            if filterset := getattr(self, "filterset_class", None):
                known |= frozenset(filterset.base_filters)
        return known

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"  # personal data
        for name, value in self.rate_headers.items():
            response.headers[name] = value
        return response

    def valid(self, **options: Any) -> dict[str, Any]:
        """The body, checked. Raises ValidationError, which becomes a 422."""
        kind = self.request_serializer_class or self.get_serializer_class()
        serializer = kind(data=self.request.data, context=self.get_serializer_context(), **options)
        serializer.is_valid(raise_exception=True)
        data: dict[str, Any] = serializer.validated_data
        return data

    def write(self, work: Callable[[], Response]) -> Response:
        """Do the work, and check its deferred references now, while an error can still be explained."""
        response = work()
        connection.check_constraints()
        return response

    def shown(self, row: Any, status: int = 200, location: str | None = None) -> Response:
        headers = {"Location": self.request.build_absolute_uri(location)} if location else None
        return Response(self.get_serializer(row).data, status=status, headers=headers)


class Listed(Endpoint):
    """GET answers a page."""

    is_collection = True

    def get(self, request: Any, **path: Any) -> Response:
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(rows, many=True).data)


class Created(Endpoint):
    """POST makes something, once for each Idempotency-Key."""

    success = {"POST": (201,)}

    def post(self, request: Any, **path: Any) -> Any:
        request.data  # noqa: B018 - a body that is not JSON is refused before a key is claimed
        return once(request, lambda: self.write(lambda: self.create(**path)))

    def create(self, **path: Any) -> Response:
        raise NotImplementedError


class Shown(Endpoint):
    """GET answers one row; another organization's is as absent as one that never was."""

    def get(self, request: Any, **path: Any) -> Response:
        return self.shown(self.get_object())
