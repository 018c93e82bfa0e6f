"""Every endpoint and method against every kind of key. An endpoint that is not in the table fails."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import ApiKey
from accounts.roles import SCOPES
from accounts.tenancy import organization_context
from analytics.models import Run, Study
from cem.api import urls
from feedback.models import Response
from tests import factories
from tests.api.conftest import Api, make_survey, problem
from tests.cast import Cast
from tests.dashboards import results

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Row:
    name: str
    method: str
    path: str
    scope: str
    code: int
    body: Any = None
    #: What a key of another organization gets.
    outsider: int = 404

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


_T = {"occurred_at": "2026-11-01T12:00:00Z"}
TABLE = [
    Row("customers", "GET", "/customers", "crm:read", 200, outsider=200),
    Row("customers", "POST", "/customers", "crm:write", 201, {"external_id": "new"}, outsider=201),
    Row("customer", "GET", "/customers/{customer}", "crm:read", 200),
    Row("customer", "PATCH", "/customers/{customer}", "crm:write", 200, {"name": "N"}),
    Row("customer-by-id", "GET", "/customers/by-external-id/mine", "crm:read", 200),
    Row(
        "customer-by-id",
        "PUT",
        "/customers/by-external-id/mine",
        "crm:write",
        200,
        {"name": "N"},
        outsider=201,
    ),
    Row("transactions", "GET", "/transactions", "crm:read", 200, outsider=200),
    Row(
        "transactions",
        "POST",
        "/transactions",
        "crm:write",
        201,
        {"external_id": "new", "customer": "{customer}", "amount": "1.00", "currency": "EUR", **_T},
        outsider=422,
    ),
    Row("transaction", "GET", "/transactions/{transaction}", "crm:read", 200),
    Row("interactions", "GET", "/interactions", "crm:read", 200, outsider=200),
    Row(
        "interactions",
        "POST",
        "/interactions",
        "crm:write",
        201,
        {"external_id": "new", "customer": "{customer}", "channel": "phone", **_T},
        outsider=422,
    ),
    Row("interaction", "GET", "/interactions/{interaction}", "crm:read", 200),
    Row("responses", "GET", "/responses", "feedback:read", 200, outsider=200),
    Row(
        "responses",
        "POST",
        "/responses",
        "feedback:write",
        201,
        {"survey": "orders", "customer": "{customer}", "answers": {"nps": 9}},
        outsider=422,
    ),
    Row("response", "GET", "/responses/{response}", "feedback:read", 200),
    Row("scores", "GET", "/scores?metric=nps", "feedback:read", 200, outsider=200),
    Row("measures", "GET", "/measures", "linkage:read", 200, outsider=200),
    Row("result-schema", "GET", "/result-schemas/financial", "linkage:read", 200, outsider=200),
    Row("studies", "GET", "/studies", "linkage:read", 200, outsider=200),
    Row(
        "studies",
        "POST",
        "/studies",
        "linkage:run",
        201,
        {"name": "New", "predictor": "nps", "outcome": "revenue"},
        outsider=201,
    ),
    Row("study", "GET", "/studies/{study}", "linkage:read", 200),
    Row("study", "PATCH", "/studies/{study}", "linkage:run", 200, {"name": "N"}),
    Row("study-comparison", "GET", "/studies/{study}/comparison", "linkage:read", 200),
    Row("study-runs", "GET", "/studies/{study}/runs", "linkage:read", 200),
    Row("study-runs", "POST", "/studies/{study}/runs", "linkage:run", 202, {}),
    Row("audit", "GET", "/audit", "audit:read", 200, outsider=200),
    Row("runs", "GET", "/runs", "linkage:read", 200, outsider=200),
    Row("run", "GET", "/runs/{run}", "linkage:read", 200),
    Row("run", "DELETE", "/runs/{done}", "linkage:run", 200),
    Row("run-cancel", "POST", "/runs/{run}/cancel", "linkage:run", 200, {}),
    Row("run-repeat", "POST", "/runs/{done}/repeat", "linkage:run", 202, {}),
    Row("run-restore", "POST", "/runs/{done}/restore", "linkage:run", 200, {}),
    Row("run-result", "GET", "/runs/{done}/result", "linkage:read", 200),
    Row("run-file", "GET", "/runs/{done}/files/run.xlsx", "linkage:read", 200),
]


@pytest.fixture
def ids(cast: Cast) -> dict[str, str]:
    survey = make_survey(cast.organization)
    with organization_context(cast.organization):
        customer = factories.customer(external_id="mine")
        study = Study.objects.create(name="S", predictor="nps", outcome="revenue")
        response = Response.objects.create(
            survey=survey, version=survey.versions.get(), answers={"nps": 9}, answered_at=factories.NOW
        )
        done = [
            Run.objects.create(
                study=study, number=number, as_of=factories.NOW, seed=1, status="finished", result=_result()
            )
            for number in (2, 3)
        ]
        return {
            "done": str(done[0].pk),
            "customer": str(customer.pk),
            "transaction": str(factories.transaction(customer).pk),
            "interaction": str(factories.interaction(customer).pk),
            "study": str(study.pk),
            "run": str(Run.objects.create(study=study, number=1, as_of=factories.NOW, seed=1).pk),
            "response": str(response.pk),
        }


@cache
def _result() -> dict[str, Any]:
    return {**results.two()[0], "kind": "financial"}


def go(key: str | None, row: Row, ids: dict[str, str], **headers: str) -> Any:
    body = row.body and {
        name: value.format(**ids) if isinstance(value, str) else value for name, value in row.body.items()
    }
    return Api(key).send(row.method, row.path.format(**ids), body, **headers)


rows = pytest.mark.parametrize("row", TABLE, ids=str)


def endpoints() -> list[tuple[str, str]]:
    found = []
    for pattern in (*urls.crm, *urls.feedback, *urls.analytics, *urls.accounts):
        found += [(pattern.name, method) for method in pattern.callback.view_class.scopes]
    return found


def test_the_table_is_complete() -> None:
    assert sorted((row.name, row.method) for row in TABLE) == sorted(endpoints())


@rows
def test_the_right_key_gets_through(row: Row, cast: Cast, ids: dict[str, str]) -> None:
    response = go(cast.key(row.scope), row, ids)
    assert response.status_code == row.code, response.content


@rows
def test_without_a_key(row: Row, cast: Cast, ids: dict[str, str]) -> None:
    response = go(None, row, ids)
    problem(response, 401)
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


@rows
@pytest.mark.parametrize(
    "header", ["Bearer cem_unknown", "Bearer ", "Basic Y2VtOg==", "cem_x", "Bearer \xe9"]
)
def test_with_a_key_that_is_none(row: Row, header: str, ids: dict[str, str]) -> None:
    problem(go(None, row, ids, Authorization=header), 401)


@rows
@pytest.mark.parametrize("change", ["revoked_at", "expires_at"])
def test_with_a_key_that_is_over(row: Row, change: str, cast: Cast, ids: dict[str, str]) -> None:
    key = cast.key()
    with organization_context(cast.organization):
        ApiKey.objects.update(**{change: timezone.now() - timedelta(seconds=1)})
    problem(go(key, row, ids), 401)


@rows
def test_with_every_scope_but_the_right_one(row: Row, cast: Cast, ids: dict[str, str]) -> None:
    response = go(cast.key(*(set(SCOPES) - {row.scope})), row, ids)
    assert row.scope in problem(response, 403)["detail"]
    assert f'scope="{row.scope}"' in response.headers["WWW-Authenticate"]


@rows
def test_another_organization(row: Row, cast: Cast, ids: dict[str, str]) -> None:
    response = go(cast.key(organization=cast.other), row, ids)
    assert response.status_code == row.outsider, response.content
    if row.method == "GET":
        assert not any(one in response.content.decode() for one in ids.values())


def test_a_session_is_no_key(cast: Cast, ids: dict[str, str]) -> None:
    api = Api(None)
    api.client.force_login(cast.olga)
    problem(api.get("/customers"), 401)
    api.key = cast.key(organization=cast.other)
    assert api.get("/customers").json()["data"] == []


@pytest.mark.parametrize("path", ["/customers", "/customers/nope", "/schema", "/docs", "/nope"])
def test_no_answer_sets_a_cookie(path: str, cast: Cast) -> None:
    api = Api(cast.key())
    for name in ("sessionid", "csrftoken", "messages"):
        for value in ("", "broken", "x" * 80):
            api.client.cookies[name] = value
            response = api.get(path)
            assert not response.cookies, (name, value)
            assert "Cookie" not in response.headers.get("Vary", "")
            del api.client.cookies[name]


def test_the_last_use_is_noted_at_most_once_a_minute(cast: Cast) -> None:
    api = Api(cast.key("crm:read"))
    problem(api.post("/customers", {}), 403)  # a refused request is a use, too
    with organization_context(cast.organization):
        first = ApiKey.objects.get().last_used_at
    assert first is not None
    api.get("/customers")
    with organization_context(cast.organization):
        assert ApiKey.objects.get().last_used_at == first
        ApiKey.objects.update(last_used_at=first - timedelta(minutes=2))
    api.get("/customers")
    with organization_context(cast.organization):
        assert ApiKey.objects.get().last_used_at > first - timedelta(minutes=1)
