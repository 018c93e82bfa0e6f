"""A walk over every URL × everybody. An address that is not listed here fails; so does one that lets in too many."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.access import PUBLIC, SIGNED_IN
from accounts.roles import PERMISSIONS, SCOPES, Role
from accounts.tenancy import organization_context
from analytics.studies.services import start_run
from feedback.links import public_link
from tests import factories
from tests.cast import Cast
from tests.dashboards import world

pytestmark = pytest.mark.django_db

O = "o/<slug:slug>/"  # noqa: E741
API = "api/v1/"


@dataclass(frozen=True)
class Rule:
    """What an address needs: PUBLIC, SIGNED_IN, a permission (staff pages) or {method: scope} (the API)."""

    needs: str | dict[str, str]
    method: str = "get"
    data: dict[str, Any] = field(default_factory=dict)
    #: Which of the world's objects stands in the address.
    of: str = ""


READ = {"GET": "crm:read"}
WRITE = {"GET": "crm:read", "POST": "crm:write"}

#: Every address there is, as its patterns are written.
RULES: dict[str, Rule] = {
    "healthz": Rule(PUBLIC),
    "login/": Rule(PUBLIC),
    "logout/": Rule(PUBLIC, method="post"),
    "": Rule(SIGNED_IN),
    "s/<survey_token:token>": Rule(PUBLIC, of="token"),
    "s/<survey_token:token>/done": Rule(PUBLIC, of="token"),
    "s/<survey_token:token>/decline": Rule(PUBLIC, of="token"),
    "s/<survey_token:token>/never": Rule(PUBLIC, of="token"),
    "s/<survey_token:token>/used": Rule(PUBLIC, of="token"),
    f"{O}": Rule("scores.view"),
    f"{O}customers/": Rule("customers.view"),
    f"{O}customers/<uuid:pk>/": Rule("customers.view", of="customer"),
    f"{O}customers/<uuid:pk>/timeline/": Rule("customers.view", of="customer"),
    f"{O}surveys/": Rule("surveys.view"),
    f"{O}linkage/": Rule("linkage.view"),
    f"{O}linkage/<uuid:pk>/": Rule("linkage.view", of="study"),
    f"{O}linkage/<uuid:pk>/run/": Rule("linkage.run", method="post", of="study"),
    f"{O}linkage/runs/<uuid:pk>/": Rule("linkage.view", of="run"),
    f"{O}linkage/runs/<uuid:pk>/progress/": Rule("linkage.view", of="run"),
    f"{O}linkage/runs/<uuid:pk>/cancel/": Rule("linkage.run", method="post", of="run"),
    f"{API}schema": Rule(PUBLIC),
    f"{API}docs": Rule(PUBLIC),
    "api/": Rule(PUBLIC),  # whatever else is asked for below /api/: a problem document with 404
    f"{API}customers": Rule(WRITE),
    f"{API}customers/<uuid:id>": Rule({"GET": "crm:read", "PATCH": "crm:write"}, of="customer"),
    f"{API}customers/by-external-id/<path:external_id>": Rule(
        {"GET": "crm:read", "PUT": "crm:write"}, of="external_id"
    ),
    f"{API}transactions": Rule(WRITE),
    f"{API}transactions/<uuid:id>": Rule(READ, of="transaction"),
    f"{API}interactions": Rule(WRITE),
    f"{API}interactions/<uuid:id>": Rule(READ, of="interaction"),
    f"{API}responses": Rule({"GET": "feedback:read", "POST": "feedback:write"}),
    f"{API}responses/<uuid:id>": Rule({"GET": "feedback:read"}, of="response"),
    f"{API}scores": Rule({"GET": "feedback:read"}),
    f"{API}studies": Rule({"GET": "linkage:read"}),
    f"{API}studies/<uuid:id>": Rule({"GET": "linkage:read"}, of="study"),
    f"{API}studies/<uuid:id>/runs": Rule({"GET": "linkage:read", "POST": "linkage:run"}, of="study"),
    f"{API}runs": Rule({"GET": "linkage:read"}),
    f"{API}runs/<uuid:id>": Rule({"GET": "linkage:read"}, of="run"),
}


def walk(patterns: Any = None, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """(whole pattern, view) of every address, through every include()."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        whole = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from walk(pattern.url_patterns, whole)
        else:
            assert isinstance(pattern, URLPattern)
            yield whole, pattern.callback


ADDRESSES = dict(walk())
STAFF = sorted(route for route in RULES if route.startswith(O))
REST = sorted(route for route, rule in RULES.items() if isinstance(rule.needs, dict))


def test_every_address_is_listed_and_every_listed_one_exists() -> None:
    assert set(ADDRESSES) == set(RULES)
    assert len(ADDRESSES) == len(list(walk())), "two views share an address"


@pytest.mark.parametrize("route", [route for route in RULES if route not in REST])
def test_a_view_declares_what_the_table_says(route: str) -> None:
    assert getattr(ADDRESSES[route], "permission", None) == RULES[route].needs


@pytest.mark.parametrize("route", REST)
def test_an_api_view_declares_its_scopes(route: str) -> None:
    view = ADDRESSES[route]
    scopes = getattr(view, "cls", view).scopes
    assert dict(scopes) == RULES[route].needs
    assert set(scopes.values()) <= set(SCOPES)


@dataclass
class Worlds:
    cast: Cast
    mine: dict[str, str]
    theirs: dict[str, str]


@pytest.fixture
def worlds(cast: Cast) -> Worlds:
    found = []
    for organization in (cast.organization, cast.other):
        with organization_context(organization):
            one = world.build(customers=12)
            found.append(
                {
                    "customer": str(one.customer.pk),
                    "external_id": f"{organization.slug}/x 1",
                    "study": str(one.study.pk),
                    "run": str(start_run(study=one.study).pk),
                    "transaction": str(factories.transaction(one.customer).pk),
                    "interaction": str(factories.interaction(one.customer).pk),
                    "response": str(one.survey.responses.first().pk),
                    "token": public_link(one.survey).token,
                }
            )
            factories.customer(external_id=f"{organization.slug}/x 1")
    return Worlds(cast, *found)


def address(route: str, objects: dict[str, str], slug: str = "halden") -> str:
    path = "/" + route.replace("<slug:slug>", slug)
    of = RULES[route].of
    for marker in ("<uuid:pk>", "<uuid:id>", "<path:external_id>", "<survey_token:token>"):
        if marker in path:
            path = path.replace(marker, objects[of])
    return path


def ask(client: Client, route: str, path: str) -> int:
    rule = RULES[route]
    return getattr(client, rule.method)(path, rule.data).status_code


@pytest.mark.parametrize("route", STAFF)
def test_staff_pages(route: str, worlds: Worlds, client: Client) -> None:
    path, cast = address(route, worlds.mine), worlds.cast
    answer = getattr(client, RULES[route].method)(path)
    assert answer.status_code == 302, "anonymous: to the log-in"
    assert answer.headers["Location"].startswith("/login/?next=")

    client.force_login(cast.otto)
    assert ask(client, route, path) == 404, "an outsider: as if it did not exist, never 403"
    if RULES[route].of:
        path_with_theirs = address(route, worlds.theirs)
        client.force_login(cast.olga)
        assert ask(client, route, path_with_theirs) == 404, "the other organization's object, in my address"

    needs = RULES[route].needs
    assert isinstance(needs, str)
    assert needs in PERMISSIONS
    for role in Role:
        client.force_login(cast[role.value])
        code = ask(client, route, path)
        if role.may(needs):
            assert code in (200, 302), f"{role}: {code}"
        else:
            assert code == 403, f"{role}: {code}"


@pytest.mark.parametrize("route", STAFF)
def test_staff_pages_ignore_api_keys(route: str, worlds: Worlds, client: Client) -> None:
    key = worlds.cast.key()
    path = address(route, worlds.mine)
    answer = getattr(client, RULES[route].method)(path, headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 302


@pytest.mark.parametrize("route", REST)
def test_api(route: str, worlds: Worlds, client: Client) -> None:
    cast, needs = worlds.cast, RULES[route].needs
    assert isinstance(needs, dict)
    path = address(route, worlds.mine)
    query = {"metric": "nps"} if route.endswith("scores") else {}

    def code(key: str | None, path: str = path, method: str = "GET", body: Any = None) -> int:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        if method == "GET":
            return client.get(path, query, headers=headers).status_code
        return client.generic(
            method, path, "{}", content_type="application/json", headers=headers
        ).status_code

    for method, scope in needs.items():
        assert code(None, method=method) == 401, "no key"
        assert code("cem_guess", method=method) == 401, "a guessed key"
        others = [one for one in SCOPES if one != scope]
        assert code(cast.key(*others), method=method) == 403, f"every scope but {scope}"
        allowed = code(cast.key(scope), method=method)
        assert allowed in (200, 201, 202, 400, 422), f"{method} with {scope}: {allowed}"
        if RULES[route].of:
            outside = code(cast.key(organization=cast.other), method=method)
            assert outside == 404 or (method == "PUT" and outside in (201, 400, 422)), (
                "another organization's key"
            )
    client.force_login(cast.olga)
    assert code(None) == 401, "a session opens no API path"
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - set(needs):
        assert code(cast.key(), method=method) == 405, method


@pytest.mark.parametrize("route", [route for route in RULES if RULES[route].needs == PUBLIC])
def test_public_addresses_need_nobody(route: str, worlds: Worlds, client: Client) -> None:
    assert ask(client, route, address(route, worlds.mine)) in (
        (404,) if route == "api/" else (200, 302, 303, 405)
    )


def test_home_leads_to_the_log_in_or_to_the_last_organization(worlds: Worlds, client: Client) -> None:
    assert client.get("/").headers["Location"].startswith("/login/")
    client.force_login(worlds.cast.maya)
    assert client.get("/").headers["Location"] == "/o/halden/"
    client.force_login(worlds.cast.greta)
    assert client.get("/").headers["Location"] == "/o/halden/customers/"
