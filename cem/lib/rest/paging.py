"""Pages by key, not by number: a cursor is the last id seen, so inserts and deletions move nothing."""

import base64
import binascii
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from rest_framework.pagination import BasePagination
from rest_framework.response import Response

from .problems import Problem

DEFAULT_LIMIT, MAX_LIMIT = 50, 200


def encode(last: UUID) -> str:
    return base64.urlsafe_b64encode(last.bytes).rstrip(b"=").decode()


def decode(cursor: str) -> UUID:
    """Raises Problem 400 for anything `encode` did not make."""
    try:
        raw = base64.b64decode(cursor + "==", altchars=b"-_", validate=True)
        last = UUID(bytes=raw)
    except (ValueError, binascii.Error):
        last = None
    if last is None or encode(last) != cursor:
        text = "Unknown cursor. Send `next_cursor` of the page before, unchanged, or none to start over."
        raise Problem(400, text, errors=[{"parameter": "cursor", "detail": text}])
    return last


class CursorPage(BasePagination):
    """`{"data": […], "next_cursor": …}`, oldest first by UUIDv7 id; null on the last page."""

    parameters = frozenset({"cursor", "limit"})

    def paginate_queryset(self, queryset: QuerySet[Any], request: Any, view: Any = None) -> list[Any]:
        limit = self.limit(request.query_params.get("limit"))
        queryset = queryset.order_by("pk")
        if (cursor := request.query_params.get("cursor")) is not None:
            queryset = queryset.filter(pk__gt=decode(cursor))
        rows = list(queryset[: limit + 1])  # one more tells whether there is a next page
        self.next_cursor = encode(rows[limit - 1].pk) if len(rows) > limit else None
        return rows[:limit]

    def limit(self, text: str | None) -> int:
        if text is None:
            return DEFAULT_LIMIT
        if not (text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= MAX_LIMIT):
            detail = f"limit is a whole number from 1 to {MAX_LIMIT}."
            raise Problem(400, detail, errors=[{"parameter": "limit", "detail": detail}])
        return int(text)

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"data": data, "next_cursor": self.next_cursor})

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return [
            {
                "name": "cursor",
                "in": "query",
                "description": "`next_cursor` of the page before.",
                "schema": {"type": "string", "maxLength": 22},
            },
            {
                "name": "limit",
                "in": "query",
                "description": "Rows a page.",
                "schema": {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT},
            },
        ]

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["data", "next_cursor"],
            "properties": {
                "data": schema,
                "next_cursor": {"type": ["string", "null"], "examples": ["AZrDq2bYcJ-m3Q1fWJ0x8Q"]},
            },
        }
