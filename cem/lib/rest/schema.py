"""OpenAPI from the views: errors, scopes and headers stand in it without anybody writing them down."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from .problems import CONTENT_TYPE, KINDS, Problem, pointer
from .serializers import ProblemDocument

_ALWAYS = (400, 401, 403, 404, 406, 429, 500)
_WRITING = (409, 413, 415, 422)
_PLACE = {
    400: [{"parameter": "limit", "detail": "limit is a whole number from 1 to 200."}],
    409: [{"pointer": "#/external_id", "detail": "There is already a customer with this external_id."}],
    422: [{"pointer": pointer("emial"), "detail": "Unknown field."}],
}


class _Example:
    id = "0198c5d0-7c1e-7d53-9d7e-2f2a3a0c9f11"


class ProblemSchema(AutoSchema):  # type: ignore[misc]
    """Reads `scopes`, `is_collection`, `success` and `takes_key` of the endpoint."""

    def _is_list_view(self, serializer: Any = None) -> bool:
        return self.method == "GET" and self.view.is_collection

    def get_operation_id(self) -> str:
        return str(getattr(self.view, "operation_ids", {}).get(self.method) or super().get_operation_id())

    def get_auth(self) -> list[Any]:
        return [{"apiKey": [self.view.scopes[self.method]]}]

    def get_extensions(self) -> dict[str, Any]:
        return {"x-required-scope": self.view.scopes[self.method]}

    def get_summary(self) -> Any:
        text = getattr(getattr(self.view, self.method.lower(), None), "__doc__", None) or ""
        return super().get_summary() or self.view.summaries.get(self.method) or text.strip().split("\n")[0] or None

    def get_override_parameters(self) -> list[Any]:
        found = [
            OpenApiParameter(
                "X-Request-Id", OpenApiTypes.STR, OpenApiParameter.HEADER, response=True, description="Ours, or yours."
            ),
            OpenApiParameter(
                "RateLimit",
                OpenApiTypes.STR,
                OpenApiParameter.HEADER,
                response=True,
                description='What is left of the quota: `"minute";r=599;t=42`. Missing while quotas cannot be counted.',
            ),
        ]
        if self.method == "POST":
            found.append(
                OpenApiParameter(
                    "Idempotency-Key",
                    {"type": "string", "minLength": 1, "maxLength": 200},
                    OpenApiParameter.HEADER,
                    description="Your own reference for this request. Sent again with the same body, the first "
                    "answer comes back; with another body, 409. Kept for at least 24 hours.",
                )
            )
            for name, about in (
                ("Location", "The address of what was made."),
                ("Idempotent-Replayed", "`true` when this is the first answer again."),
            ):
                found.append(
                    OpenApiParameter(
                        name, OpenApiTypes.STR, OpenApiParameter.HEADER, response=True, description=about
                    )
                )
        return [*super().get_override_parameters(), *found, *self.view.documented_parameters.get(self.method, [])]

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        serializer = self.get_response_serializers()
        bodies = {
            str(status): self._get_response_for_code(serializer, str(status), direction=direction)
            for status in self.view.success.get(self.method, (200,))
        }
        problem = self.resolve_serializer(ProblemDocument, "response").ref
        for status in (*_ALWAYS, *(_WRITING if self.method != "GET" else ())):
            word, title = KINDS[status]
            example = Problem(status, f"{title}.", errors=_PLACE.get(status))
            bodies[str(status)] = {
                "description": title,
                "content": {
                    CONTENT_TYPE: {"schema": problem, "examples": {word: {"value": example.document(_Example)}}}
                },
            }
        return bodies
