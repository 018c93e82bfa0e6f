"""`Idempotency-Key`: a request that is sent twice is done once."""

import hashlib
import json
import re
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from accounts.models import IdempotentRequest
from cem.lib.rest.problems import CONTENT_TYPE, Problem, as_problem, problem_response

_KEY = re.compile(r"[\x21-\x7e]{1,200}")
_KEPT_HEADERS = ("Location",)


def fingerprint(request: Any) -> bytes:
    """Method, address and parsed body: white space and the order of members do not matter."""
    body = json.dumps(request.data, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{request.method}\n{request.path}\n{body}".encode()).digest()


def once(request: Any, work: Callable[[], Response]) -> Any:
    """Do the work, or give the answer that the same key got before.

    The claim on the key, the effects and the answer are one transaction, so there is no moment at which one
    of them exists without the others. The work runs in a savepoint: when it ends in a 4xx, its writes are
    undone and the answer is kept all the same; anything worse undoes everything, and the key is free again.

    Raises:
        Problem: 400 for a key that is not 1 to 200 visible ASCII characters, 409 when it came with another
            body.
    """
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return work()
    if not _KEY.fullmatch(key):
        raise Problem(400, "Idempotency-Key is 1 to 200 visible ASCII characters, such as a UUID.")
    digest = fingerprint(request)
    claim = IdempotentRequest(key=key, api_key=request.auth, fingerprint=digest)
    # Waits here while another transaction holds the same key.
    IdempotentRequest.objects.bulk_create([claim], ignore_conflicts=True)
    held = IdempotentRequest.objects.get(key=key)
    if held.pk != claim.pk:
        return replay(held, digest)
    answer = attempt(work, request)
    held.status = answer.status_code
    held.body = JSONRenderer().render(answer.data).decode()
    held.headers = {name: answer.headers[name] for name in _KEPT_HEADERS if name in answer.headers}
    held.save(update_fields=["status", "body", "headers"])
    return answer


def attempt(work: Callable[[], Response], request: Any) -> Response:
    try:
        with transaction.atomic():
            return work()
    except Exception as error:
        problem = as_problem(error)
        if problem is None or problem.status_code >= 500:
            raise
        return problem_response(problem, request._request)


def replay(held: IdempotentRequest, digest: bytes) -> HttpResponse:
    if bytes(held.fingerprint) != digest:
        raise Problem(
            409, "This Idempotency-Key came before with another request. Use a new key for a new request."
        )
    status = held.status or 200
    kind = CONTENT_TYPE if status >= 400 else "application/json"
    headers = {**held.headers, "Idempotent-Replayed": "true"}
    return HttpResponse(held.body, status=status, content_type=kind, headers=headers)
