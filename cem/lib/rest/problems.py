"""Errors as RFC 9457 problem documents, `application/problem+json`."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import IntegrityError
from django.http import Http404, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response

CONTENT_TYPE = "application/problem+json"
#: Status → (last word of `type`, title). The last words are documented in docs/api.md and never change.
KINDS = {
    400: ("malformed", "The request cannot be understood"),
    401: ("unauthenticated", "A valid API key is needed"),
    403: ("forbidden", "The API key may not do this"),
    404: ("not-found", "There is nothing at this address"),
    405: ("method-not-allowed", "This address does not take this method"),
    406: ("not-acceptable", "Only JSON is served"),
    409: ("conflict", "The request contradicts what is stored"),
    413: ("too-large", "The body is too large"),
    415: ("unsupported-media-type", "Only JSON is taken"),
    422: ("invalid", "The body is not valid"),
    429: ("too-many-requests", "Too many requests"),
    500: ("internal", "Something broke on our side"),
}


class Problem(exceptions.APIException):
    """An error with its status, and the places in the request that it is about.

    Args:
        status: one of KINDS.
        detail: what is wrong and what to do next.
        errors: `{"pointer": "#/field", "detail": …}` for the body, `{"parameter": "limit", "detail": …}` for
            the query.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        errors: list[dict[str, str]] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status_code, self.text = status, detail
        self.errors, self.headers = errors or [], headers or {}

    def document(self, request: Any) -> dict[str, Any]:
        word, title = KINDS[self.status_code]
        document: dict[str, Any] = {
            "type": f"urn:problem-type:cem:{word}",
            "title": title,
            "status": self.status_code,
            "detail": self.text,
            "request_id": getattr(request, "id", ""),
        }
        if self.errors:
            document["errors"] = self.errors
        return document


def invalid(field: str, detail: str) -> Problem:
    """422 about one field of the body."""
    return Problem(422, "One field is not valid.", errors=[{"pointer": pointer(field), "detail": detail}])


def too_large() -> Problem:
    return Problem(413, f"A body may have {settings.DATA_UPLOAD_MAX_MEMORY_SIZE} bytes. Send less at once.")


def pointer(*path: Any) -> str:
    """A JSON pointer (RFC 6901) in its URI fragment form, as RFC 9457 shows it."""
    return "#" + "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def flatten(detail: Any, *path: Any) -> Iterator[dict[str, str]]:
    """DRF's nested error dicts and lists as a list of pointers."""
    if isinstance(detail, dict):
        for key, value in detail.items():
            yield from flatten(value, *path, *(() if key == "non_field_errors" else (key,)))
    elif isinstance(detail, list):
        for place, value in enumerate(detail):
            nested = isinstance(value, (dict, list))
            yield from flatten(value, *path, *((place,) if nested else ()))
    else:
        yield {"pointer": pointer(*path), "detail": str(detail)}


def as_problem(error: Exception) -> Problem | None:
    """The problem that an exception means; None for a bug of ours."""
    from .integrity import integrity_problem

    match error:
        case Problem():
            return error
        case exceptions.ValidationError():
            return _invalid(list(flatten(error.detail)))
        case DjangoValidationError():
            found = error.message_dict if hasattr(error, "error_dict") else error.messages
            return _invalid(
                [one | {"pointer": one["pointer"].replace("/__all__", "")} for one in flatten(found)]
            )
        case IntegrityError():
            return integrity_problem(error)
        case Http404() | exceptions.NotFound():
            return Problem(404, "Nothing with this id, or at this address, exists in your organization.")
        case exceptions.NotAuthenticated() | exceptions.AuthenticationFailed():
            challenge = getattr(error, "auth_header", "") or 'Bearer realm="cem"'
            if isinstance(error, exceptions.AuthenticationFailed):
                challenge += ', error="invalid_token"'
                return Problem(401, str(error.detail), headers={"WWW-Authenticate": challenge})
            return Problem(
                401, "Send an API key: Authorization: Bearer cem_…", headers={"WWW-Authenticate": challenge}
            )
        case exceptions.PermissionDenied() | PermissionDenied():
            return Problem(403, str(getattr(error, "detail", "") or error))
        case exceptions.Throttled():
            wait = max(1, int(getattr(error, "wait", None) or 1))
            return Problem(
                429,
                f"Wait {wait} s, then send the same request again. Nothing of it was done.",
                headers={"Retry-After": str(wait)},
            )
        case exceptions.UnsupportedMediaType():
            return Problem(415, "Send the body as JSON, with Content-Type: application/json.")
        case exceptions.APIException():
            status = error.status_code if error.status_code in KINDS else 400
            return Problem(status, str(error.detail))
        case RequestDataTooBig():
            return too_large()
        case SuspiciousOperation():
            return Problem(400, "The request was refused as malformed.")
    return None


def _invalid(errors: list[dict[str, str]]) -> Problem:
    count = len(errors)
    return Problem(422, f"{count} field{' is' if count == 1 else 's are'} not valid.", errors=errors)


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's hook. Whatever went wrong, the request's writes are undone (accounts/middleware.py)."""
    request = context["request"]._request
    request.undo = True
    problem = as_problem(error)
    return None if problem is None else problem_response(problem, request)


def problem_response(problem: Problem, request: Any) -> Response:
    response = Response(
        problem.document(request),
        status=problem.status_code,
        headers=problem.headers,
        content_type=CONTENT_TYPE,
    )
    response.exception = True
    return response


def plain_problem(request: Any, status: int, detail: str) -> JsonResponse:
    """A problem document outside DRF: unknown addresses, and what broke before or after a view."""
    return JsonResponse(Problem(status, detail).document(request), status=status, content_type=CONTENT_TYPE)
