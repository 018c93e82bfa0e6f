"""A client that speaks JSON with a key, and a published survey."""

import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Organization
from accounts.tenancy import organization_context
from feedback.models import Survey, SurveyVersion
from tests.cast import Cast

DOCUMENT = {
    "title": "After your order",
    "questions": [
        {"id": "nps", "type": "nps", "title": "Would you recommend us?"},
        {"id": "why", "type": "long_text", "title": "Why?"},
    ],
}


class Api:
    """Requests below /api/v1 with one key (None: without)."""

    def __init__(self, key: str | None) -> None:
        self.client = Client(raise_request_exception=False)
        self.key = key

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.key is not None:
            named.setdefault("Authorization", f"Bearer {self.key}")
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        kind = named.pop("Content-Type", "application/json")
        return self.client.generic(method, f"/api/v1{path}", content, content_type=kind, headers=named)

    def get(self, path: str, **headers: str) -> Any:
        return self.send("GET", path, **headers)

    def post(self, path: str, body: Any, **headers: str) -> Any:
        return self.send("POST", path, body, **headers)


@pytest.fixture
def api(cast: Cast) -> Api:
    """With every scope in the cast's own organization."""
    return Api(cast.key())


def make_survey(organization: Organization, key: str = "orders") -> Survey:
    with organization_context(organization):
        survey = Survey.objects.create(
            key=key, name="After your order", kind=Survey.Kind.TRANSACTIONAL, status=Survey.Status.PUBLISHED
        )
        SurveyVersion.objects.create(survey=survey, number=1, document=DOCUMENT, published_at=timezone.now())
    return survey


@pytest.fixture
def survey(cast: Cast) -> Survey:
    return make_survey(cast.organization)


def problem(response: Any, status: int, *places: str) -> dict[str, Any]:
    """The problem document, after checking that it is one, whole, with this status and about these places."""
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == "application/problem+json"
    document: dict[str, Any] = response.json()
    assert document["status"] == status
    assert document["type"].startswith("urn:problem-type:cem:")
    assert document["title"]
    assert document["detail"]
    assert document["request_id"] == response.headers["X-Request-Id"] or response.headers.get(
        "Idempotent-Replayed"
    )
    found = sorted(one.get("pointer") or one["parameter"] for one in document.get("errors", []))
    assert not places or found == sorted(places), document
    return document
