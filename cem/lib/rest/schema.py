"""OpenAPI from the views: errors, scopes and headers stand in it without anybody writing them down."""

import inspect
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

_FILE = {
    "description": "The file.",
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
}


class _Example:
    id = "0198c5d0-7c1e-7d53-9d7e-2f2a3a0c9f11"


class ProblemSchema(AutoSchema):
    """Reads `scopes`, `is_collection`, `success`, `conflicts` (409 to a GET, too) and `binary` of the endpoint."""

    view: Any

    def _is_list_view(self, serializer: Any = None) -> bool:
        return self.method == "GET" and self.view.is_collection

    def get_operation_id(self) -> str:
        return str(getattr(self.view, "operation_ids", {}).get(self.method) or super().get_operation_id())

    def get_request_serializer(self) -> Any:
        return self.view.request_serializer_class or super().get_request_serializer()

    def get_auth(self) -> list[Any]:
        return [{"apiKey": [self.view.scopes[self.method]]}]

    def get_extensions(self) -> dict[str, Any]:
        return {"x-required-scope": self.view.scopes[self.method]}

    def get_summary(self) -> Any:
        return self.view.summaries.get(self.method)

    def get_description(self) -> str:  # type: ignore[override]
        """The endpoint's own docstring; its bases' speak to programmers."""
        return inspect.cleandoc(vars(type(self.view)).get("__doc__") or "")

    def get_override_parameters(self) -> list[Any]:
        found = [
            OpenApiParameter(
                "X-Request-Id",
                OpenApiTypes.STR,
                OpenApiParameter.HEADER,
                response=True,
                description="Ours, or yours.",
            ),
            OpenApiParameter(
                "RateLimit",
                OpenApiTypes.STR,
                OpenApiParameter.HEADER,
                response=True,
                description='What is left of the quota, such as `"minute";r=599;t=42`.',
            ),
        ]
        if self.method == "POST":
            found.append(
                OpenApiParameter(
                    "Idempotency-Key",
                    {"type": "string", "minLength": 1, "maxLength": 200},
                    OpenApiParameter.HEADER,
                    description="Your own reference for this request. Sent again with the same body, the "
                    "first answer comes back; with another body, 409. Kept for at least 24 hours.",
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
        return [
            *super().get_override_parameters(),
            *found,
            *self.view.documented_parameters.get(self.method, []),
        ]

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        serializer = self.get_response_serializers()
        bodies = {
            str(status): self._get_response_for_code(serializer, str(status), None, direction)  # type: ignore[no-untyped-call]
            for status in self.view.success.get(self.method, (200,))
        }
        if getattr(self.view, "binary", False):
            bodies = dict.fromkeys(bodies, _FILE)
        self.resolve_serializer(ProblemDocument, "response")  # the shared answers refer to it
        always = [one for one in _ALWAYS if one != 404 or "{" in self.path]
        conflicts = (409,) if getattr(self.view, "conflicts", False) else ()
        for status in (*always, *(_WRITING if self.method != "GET" else conflicts)):
            bodies[str(status)] = {"$ref": f"#/components/responses/{KINDS[status][0]}"}
        return bodies


def problem_responses() -> dict[str, Any]:
    """The error answers that every operation shares, for `components.responses`."""
    found = {}
    for status, (word, title) in KINDS.items():
        example = Problem(status, f"{title}.", errors=_PLACE.get(status))
        found[word] = {
            "description": title,
            "content": {
                CONTENT_TYPE: {
                    "schema": {"$ref": "#/components/schemas/ProblemDocument"},
                    "examples": {word: {"value": example.document(_Example)}},
                }
            },
        }
    return found
