"""A walk over every URL × everybody. An address that is not listed here fails; so does one that lets in too many."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.access import PUBLIC, SIGNED_IN
from accounts.login.email import email_token
from accounts.models import ApiKey, Membership, Organization, SignOnIdentity
from accounts.money.rates import set_rate
from accounts.organizations.export.services import ask_export
from accounts.organizations.founding import sign_up_token
from accounts.people.invitations import fresh_token, invite
from accounts.privacy.services import ask as ask_privacy
from accounts.roles import PERMISSIONS, SCOPES, Role
from accounts.sso.domains import claim
from accounts.tenancy import organization_context
from analytics.studies.services import start_run
from feedback.links import public_link
from tests import factories
from tests.accounts.sso.idp import saml_connection
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
    "csp-report": Rule(PUBLIC, method="post"),
    "login/": Rule(PUBLIC),
    "login/second-step/": Rule(PUBLIC),
    "login/passkey/": Rule(PUBLIC),
    "login/sso/": Rule(PUBLIC),
    "login/sso/<uuid:pk>/": Rule(PUBLIC, of="sign_on"),
    "login/sso/<uuid:pk>/go/": Rule(PUBLIC, of="sign_on"),
    "login/sso/<uuid:pk>/callback/": Rule(PUBLIC, of="sign_on"),
    "login/sso/<uuid:pk>/acs/": Rule(PUBLIC, of="sign_on"),
    "login/sso/<uuid:pk>/finish/": Rule(PUBLIC, of="sign_on"),
    "login/sso/<uuid:pk>/metadata/": Rule(PUBLIC, of="sign_on"),
    "sign-up/": Rule(PUBLIC),
    "sign-up/<str:token>/": Rule(PUBLIC, of="founding"),
    "password/reset/": Rule(PUBLIC),
    "password/reset/sent/": Rule(PUBLIC),
    r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": Rule(PUBLIC, of="reset"),
    "password/reset/done/": Rule(PUBLIC),
    "account/email/": Rule(SIGNED_IN),
    "account/email/<str:token>/": Rule(PUBLIC, of="new_address"),
    "account/password/": Rule(SIGNED_IN),
    "account/confirm/": Rule(SIGNED_IN),
    "account/confirm/code/": Rule(SIGNED_IN),
    "account/confirm/key/": Rule(SIGNED_IN),
    "account/second-step/": Rule(SIGNED_IN),
    "account/second-step/app/": Rule(SIGNED_IN),
    "account/second-step/app/remove/": Rule(SIGNED_IN, of="nothing"),
    "account/second-step/codes/": Rule(SIGNED_IN, of="nothing"),
    "account/second-step/codes/new/": Rule(SIGNED_IN),
    "account/second-step/codes/download/": Rule(SIGNED_IN, of="nothing"),
    "account/second-step/keys/": Rule(SIGNED_IN),
    "account/second-step/keys/add/": Rule(SIGNED_IN),
    "account/second-step/keys/<int:pk>/": Rule(SIGNED_IN, of="nothing"),
    "account/second-step/keys/<int:pk>/remove/": Rule(SIGNED_IN, of="nothing"),
    "account/sessions/": Rule(SIGNED_IN),
    "account/sessions/<int:pk>/end/": Rule(SIGNED_IN, method="post", of="nothing"),
    "logout/": Rule(PUBLIC, method="post"),
    "": Rule(SIGNED_IN),
    "join/<str:token>/": Rule(PUBLIC, of="joining"),
    "s/<survey_token:token>": Rule(PUBLIC, of="token"),
    "s/<survey_token:token>/done": Rule(PUBLIC, of="token"),
    "s/<survey_token:token>/decline": Rule(PUBLIC, of="token"),
    "s/<survey_token:token>/never": Rule(PUBLIC, of="token"),
    "s/<survey_token:token>/used": Rule(PUBLIC, of="token"),
    f"{O}": Rule("scores.view"),
    f"{O}customers/": Rule("customers.view"),
    f"{O}customers/<uuid:pk>/": Rule("customers.view", of="customer"),
    f"{O}customers/<uuid:pk>/timeline/": Rule("customers.view", of="customer"),
    f"{O}pictures/<slug:name>.<slug:ending>": Rule("scores.view"),
    f"{O}customers/<uuid:pk>/pictures/<slug:name>.<slug:ending>": Rule("customers.view", of="customer"),
    f"{O}brand.css": Rule("organization.view"),
    f"{O}settings/": Rule("organization.view"),
    f"{O}settings/profile/": Rule("organization.manage"),
    f"{O}settings/delete/": Rule("organization.delete"),
    f"{O}settings/delete/stop/": Rule("organization.delete", method="post"),
    f"{O}settings/pause/": Rule("organization.delete"),
    f"{O}settings/resume/": Rule("organization.delete", method="post"),
    f"{O}settings/export/": Rule("organization.export"),
    f"{O}settings/export/<uuid:pk>/progress/": Rule("organization.export", of="export"),
    f"{O}settings/export/<uuid:pk>/cancel/": Rule("organization.export", method="post", of="export"),
    f"{O}settings/export/<uuid:pk>/file/": Rule("organization.export", of="export"),
    f"{O}settings/hours/": Rule("organization.manage"),
    f"{O}settings/rates/": Rule("organization.manage"),
    f"{O}settings/rates/<uuid:pk>/remove/": Rule("organization.manage", method="post", of="rate"),
    f"{O}settings/people/": Rule("people.manage"),
    f"{O}settings/people/<uuid:pk>/": Rule("people.manage", of="member"),
    f"{O}settings/people/<uuid:pk>/remove/": Rule("people.manage", method="post", of="member"),
    f"{O}settings/people/<uuid:pk>/hand-over/": Rule("organization.delete", method="post", of="member"),
    f"{O}settings/leave/": Rule("organization.view"),
    f"{O}settings/people/<uuid:pk>/teams/": Rule("people.manage", of="member"),
    f"{O}settings/people/invitations/<uuid:pk>/again/": Rule("people.manage", method="post", of="invitation"),
    f"{O}settings/people/invitations/<uuid:pk>/revoke/": Rule(
        "people.manage", method="post", of="invitation"
    ),
    f"{O}settings/log-in/": Rule("organization.manage"),
    f"{O}settings/roles/": Rule("organization.view"),
    f"{O}settings/sign-on/": Rule("organization.manage"),
    f"{O}settings/sign-on/add/": Rule(
        "organization.manage", method="post", data={"name": "Another", "protocol": "oidc"}
    ),
    f"{O}settings/sign-on/required/": Rule("sign_on.enable", method="post"),
    f"{O}settings/sign-on/domains/": Rule(
        "organization.manage", method="post", data={"domain": "another.example"}
    ),
    f"{O}settings/sign-on/domains/<uuid:pk>/check/": Rule("organization.manage", method="post", of="domain"),
    f"{O}settings/sign-on/domains/<uuid:pk>/release/": Rule(
        "organization.manage", method="post", of="domain"
    ),
    f"{O}settings/sign-on/people/<uuid:pk>/forget/": Rule(
        "organization.manage", method="post", of="identity"
    ),
    f"{O}settings/sign-on/<uuid:pk>/": Rule("organization.manage", of="sign_on"),
    f"{O}settings/sign-on/<uuid:pk>/test/": Rule("organization.manage", of="sign_on"),
    f"{O}settings/sign-on/<uuid:pk>/use/": Rule("sign_on.enable", method="post", of="sign_on"),
    f"{O}settings/sign-on/<uuid:pk>/rest/": Rule("sign_on.enable", method="post", of="sign_on"),
    f"{O}settings/sign-on/<uuid:pk>/remove/": Rule("organization.manage", method="post", of="sign_on"),
    f"{O}settings/keys/": Rule("keys.manage"),
    f"{O}settings/keys/<uuid:pk>/revoke/": Rule("keys.manage", method="post", of="key"),
    f"{O}customers/<uuid:pk>/export/": Rule("privacy.manage", method="post", of="customer"),
    f"{O}customers/<uuid:pk>/erase/": Rule("privacy.manage", of="customer"),
    f"{O}settings/privacy/": Rule("privacy.manage"),
    f"{O}settings/privacy/erased/": Rule("privacy.manage"),
    f"{O}settings/privacy/<uuid:pk>/": Rule("privacy.manage", of="privacy"),
    f"{O}settings/privacy/<uuid:pk>/progress/": Rule("privacy.manage", of="privacy"),
    f"{O}settings/privacy/<uuid:pk>/file/": Rule("privacy.manage", of="privacy"),
    f"{O}settings/retention/": Rule("privacy.manage"),
    f"{O}settings/retention/enforce/": Rule("privacy.manage", method="post"),
    f"{O}settings/audit/": Rule("audit.view"),
    f"{O}settings/audit/export/": Rule("audit.view"),
    f"{O}surveys/": Rule("surveys.view"),
    f"{O}drivers/": Rule("linkage.view"),
    f"{O}drivers/pictures/<slug:name>.<slug:ending>": Rule("linkage.view"),
    f"{O}linkage/": Rule("linkage.view"),
    f"{O}linkage/new/": Rule("linkage.run"),
    f"{O}linkage/<uuid:pk>/": Rule("linkage.view", of="study"),
    f"{O}linkage/<uuid:pk>/compare/": Rule("linkage.view", of="study"),
    f"{O}linkage/<uuid:pk>/weekly/": Rule("linkage.run", method="post", of="study"),
    f"{O}linkage/<uuid:pk>/rename/": Rule(
        "linkage.run", method="post", data={"name": "Other name"}, of="study"
    ),
    f"{O}linkage/<uuid:pk>/archive/": Rule("linkage.run", method="post", data={"on": "1"}, of="study"),
    f"{O}linkage/runs/<uuid:pk>/remove/": Rule("linkage.run", method="post", of="run"),
    f"{O}linkage/runs/<uuid:pk>/restore/": Rule("linkage.run", method="post", of="run"),
    f"{O}linkage/<uuid:pk>/run/": Rule("linkage.run", method="post", of="study"),
    f"{O}linkage/runs/<uuid:pk>/": Rule("linkage.view", of="run"),
    f"{O}linkage/runs/<uuid:pk>/progress/": Rule("linkage.view", of="run"),
    f"{O}linkage/runs/<uuid:pk>/cancel/": Rule("linkage.run", method="post", of="run"),
    f"{O}linkage/runs/<uuid:pk>/again/": Rule("linkage.run", method="post", of="run"),
    f"{O}linkage/runs/<uuid:pk>/pictures/<slug:name>.<slug:ending>": Rule("linkage.view", of="run"),
    f"{O}linkage/runs/<uuid:pk>/run.xlsx": Rule("linkage.view", of="run"),
    f"{O}linkage/runs/<uuid:pk>/table.csv": Rule("linkage.view", data={"name": "bands"}, of="run"),
    f"{O}linkage/runs/<uuid:pk>/report.html": Rule("linkage.view", of="run"),
    f"{O}linkage/runs/<uuid:pk>/frame.parquet": Rule("linkage.view", of="run"),
    f"{O}linkage/runs/<uuid:pk>/run.zip": Rule("linkage.view", of="run"),
    f"{O}linkage/runs/<uuid:pk>/repeat.py": Rule("linkage.view", of="run"),
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
    f"{API}measures": Rule({"GET": "linkage:read"}),
    f"{API}result-schemas/<str:kind>": Rule({"GET": "linkage:read"}),
    f"{API}studies": Rule({"GET": "linkage:read", "POST": "linkage:run"}),
    f"{API}studies/<uuid:id>": Rule({"GET": "linkage:read", "PATCH": "linkage:run"}, of="study"),
    f"{API}studies/<uuid:id>/comparison": Rule({"GET": "linkage:read"}, of="study"),
    f"{API}studies/<uuid:id>/runs": Rule({"GET": "linkage:read", "POST": "linkage:run"}, of="study"),
    f"{API}audit": Rule({"GET": "audit:read"}),
    f"{API}runs": Rule({"GET": "linkage:read"}),
    f"{API}runs/<uuid:id>": Rule({"GET": "linkage:read", "DELETE": "linkage:run"}, of="run"),
    f"{API}runs/<uuid:id>/cancel": Rule({"POST": "linkage:run"}, of="run"),
    f"{API}runs/<uuid:id>/repeat": Rule({"POST": "linkage:run"}, of="run"),
    f"{API}runs/<uuid:id>/restore": Rule({"POST": "linkage:run"}, of="run"),
    f"{API}runs/<uuid:id>/result": Rule({"GET": "linkage:read"}, of="run"),
    f"{API}runs/<uuid:id>/files/<str:name>": Rule({"GET": "linkage:read"}, of="run"),
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


def sign_on(organization: Organization, owner: Membership) -> dict[str, str]:
    """A connection in use, a domain, somebody who came in."""
    connection = saml_connection()
    identity = SignOnIdentity.objects.create(connection=connection, membership=owner, subject="1")
    return {
        "sign_on": str(connection.pk),
        "identity": str(identity.pk),
        "domain": str(claim(name=f"{organization.slug}.example").pk),
        "new_address": email_token(owner.user, "elsewhere@example.com"),
    }


def administered(organization: Organization) -> dict[str, str]:
    """What administrators make: a rate, a key, an invitation."""
    owner = Membership.objects.get(organization=organization, role=Role.OWNER)
    invitation = invite(email="new@halden.example", role=Role.VIEWER, by=owner)
    return {
        "rate": str(set_rate(currency="SEK", day=date(2026, 1, 1), rate=Decimal("0.09")).pk),
        "key": str(ApiKey.issue(name="listed", scopes=["crm:read"])[0].pk),
        "member": str(owner.pk),
        "invitation": str(invitation.pk),
        "export": str(ask_export(requested_by=owner).pk),
        "joining": fresh_token(invitation),
        **sign_on(organization, owner),
        "reset": "1-guess",
        "founding": sign_up_token("new@halden.example"),
        "nothing": "1",  # what this person does not have
    }


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
                    "privacy": str(ask_privacy(kind="export", customer=one.customer).pk),
                    "transaction": str(factories.transaction(one.customer).pk),
                    "interaction": str(factories.interaction(one.customer).pk),
                    "response": str(one.survey.responses.first().pk),
                    "token": public_link(one.survey).token,
                    **administered(organization),
                }
            )
            factories.customer(external_id=f"{organization.slug}/x 1")
    return Worlds(cast, *found)


def address(route: str, objects: dict[str, str], slug: str = "halden") -> str:
    path = "/" + route.replace("<slug:slug>", slug).replace("<slug:name>.<slug:ending>", "figures.csv")
    path = path.replace("<str:name>", "run.zip").replace("<str:kind>", "financial")
    of = RULES[route].of
    if route.startswith("^"):  # allauth's link of a password reset
        return f"/password/reset/key/{objects[of]}/"
    for marker in (
        "<uuid:pk>",
        "<uuid:id>",
        "<path:external_id>",
        "<survey_token:token>",
        "<str:token>",
        "<int:pk>",
    ):
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
        with transaction.atomic():  # each role finds the world whole
            code = ask(client, route, path)
            transaction.set_rollback(True)
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
        assert allowed in (200, 201, 202, 400, 409, 422), f"{method} with {scope}: {allowed}"
        if RULES[route].of:
            outside = code(cast.key(organization=cast.other), method=method)
            assert outside == 404 or (method == "PUT" and outside in (201, 400, 422)), (
                "another organization's key"
            )
    client.force_login(cast.olga)
    assert code(None) == 401, "a session opens no API path"
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - set(needs):
        assert code(cast.key(), method=method) == 405, method


@pytest.mark.parametrize("route", [route for route in RULES if RULES[route].needs == SIGNED_IN])
def test_ones_own_account_needs_a_log_in(route: str, worlds: Worlds, client: Client) -> None:
    path = address(route, worlds.mine)
    answer = getattr(client, RULES[route].method)(path)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/login/")
    client.force_login(worlds.cast.vera)
    assert ask(client, route, path) in ((404, 302) if RULES[route].of else (200, 302))


@pytest.mark.parametrize("route", [route for route in RULES if RULES[route].needs == PUBLIC])
def test_public_addresses_need_nobody(route: str, worlds: Worlds, client: Client, settings: Any) -> None:
    settings.SIGN_UP = "open"
    assert ask(client, route, address(route, worlds.mine)) in (
        (404,) if route == "api/" else (200, 204, 302, 303, 405)
    )


def test_home_leads_to_the_log_in_or_to_the_last_organization(worlds: Worlds, client: Client) -> None:
    assert client.get("/").headers["Location"].startswith("/login/")
    client.force_login(worlds.cast.maya)
    assert client.get("/").headers["Location"] == "/o/halden/"
    client.force_login(worlds.cast.greta)
    assert client.get("/").headers["Location"] == "/o/halden/customers/"
