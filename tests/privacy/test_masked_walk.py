"""A walk over every page, export and API address as those who may not see who customers are.

Every personal field of a customer holds a mark; no answer may hold any of them. The same walk as somebody who may
see them proves that it would find them.
"""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet
import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client

from accounts.privacy.marks import Kind, personal_fields
from accounts.roles import SCOPES, Role
from accounts.tenancy import organization_context
from accounts.tenant import TenantModel
from analytics.models import Run
from crm.models import Case, Customer, ImportRun
from feedback.models import Verbatim
from tests import factories
from tests.cast import Cast
from tests.dashboards import results
from tests.walks.test_urls import REST, RULES, STAFF, Worlds, address, worlds

from . import world

pytestmark = pytest.mark.django_db

NAME, EMAIL, PHONE = "Zelmira Quixote", "zelmira.q@hush.example", "+351912777345"
TEXT = f"{NAME} says: write to {EMAIL} or ring 912 777 345, {PHONE}"
PLANTED: dict[Kind, Any] = {
    Kind.NAME: NAME,
    Kind.EMAIL: EMAIL,
    Kind.PHONE: PHONE,
    Kind.TEXT: TEXT,
    Kind.JSON: {"iban": TEXT, "nested": [TEXT]},
    Kind.ANSWERS: {"nps": 9, "reason": TEXT},
}
#: What no answer may hold, in lower case.
MARKS = ("zelmira", "quixote", "912777345", "912 777 345")
#: Personal fields of people who work here: not hidden, since work is spoken of by who does it.
STAFF_MODELS = {"crm.Employee", "accounts.MemberInvitation", "accounts.User", "accounts.SignOnIdentity"}
#: Fields in which nothing can be planted, each with its reason.
NOT_PLANTED = {
    "accounts.AuditEntry": "written by record(), which keeps no value of a personal field",
    "accounts.IdempotentRequest": "given back only to who sends the same request again",
}

__all__ = ["worlds"]


def plant() -> int:
    """A mark in every personal field of a customer. Returns in how many fields."""
    planted = 0
    for model in apps.get_models():
        label = model._meta.label
        if not issubclass(model, TenantModel) or label in STAFF_MODELS or label in NOT_PLANTED:
            continue
        fields = {name: PLANTED[kind] for name, kind in personal_fields(model).items() if kind is not Kind.ID}
        if fields:
            assert model.objects.update(**fields), f"{label}: the world has no row to plant a mark in"
            planted += len(fields)
    return planted


@pytest.fixture
def objects(cast: Cast, worlds: Worlds, settings: Any, tmp_path: Path) -> dict[str, str]:
    """What stands in the addresses. The customer's own id is their address, as some companies have it."""
    settings.VAR_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "files"
    with organization_context(cast.organization):
        person = Customer.objects.get(pk=worlds.mine["customer"])
        Customer.objects.filter(external_id=worlds.mine["external_id"]).delete()
        Customer.objects.filter(pk=person.pk).update(external_id=EMAIL)
        run = Run.objects.get(pk=worlds.mine["run"])
        stored = world.store_frames(run, [str(person.pk)])
        Run.objects.filter(pk=run.pk).update(result=results.two()[0], status="finished", **stored)
        ImportRun.objects.create(kind="customers", file_name="c.csv", file_hash="0", status="failed")
        assert plant() >= 11
        assert Case.objects.filter(customer=person, subject=TEXT).exists()
        assert Verbatim.objects.filter(customer=person, text=TEXT).exists()
    return worlds.mine | {"external_id": EMAIL}


def text_of(answer: Any) -> str:
    """All that an answer says: headers, body, and what is packed inside."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    said = [f"{name}: {value}" for name, value in answer.items()]
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            said += [archive.read(name).decode("utf-8", "replace") for name in archive.namelist()]
    elif body[:4] == b"PAR1":
        said.append(str(parquet.read_table(io.BytesIO(body)).to_pydict()))
    else:
        said.append(body.decode("utf-8", "replace"))
    return "\n".join(said).lower()


def marks_in(answer: Any) -> list[str]:
    said = text_of(answer)
    return [mark for mark in MARKS if mark in said]


def pages(client: Client, objects: dict[str, str]) -> Iterator[tuple[str, Any]]:
    """Every staff address by GET and, where it is for that, by POST; nothing of it is kept."""
    for route in STAFF:
        for method in {"get", RULES[route].method}:
            with transaction.atomic():
                answer = getattr(client, method)(address(route, objects), RULES[route].data)
                found = answer.status_code, marks_in(answer)
                transaction.set_rollback(True)
            yield f"{method} {route}", found


@pytest.mark.parametrize("role", [role for role in Role if not role.may("personal.view")])
def test_no_page_and_no_export_shows_a_mark(
    client: Client, cast: Cast, objects: dict[str, str], role: Role
) -> None:
    client.force_login(cast[role.value])
    opened = 0
    for route, (status, marks) in pages(client, objects):
        assert not marks, f"{route} as {role} ({status}) shows {marks}"
        opened += status == 200
    assert opened >= 10, "the walk came in somewhere"


def test_the_walk_finds_them_for_who_may_see_them(
    client: Client, cast: Cast, objects: dict[str, str]
) -> None:
    client.force_login(cast.olga)
    seen = {route.partition("/<slug:slug>/")[2] for route, (_, marks) in pages(client, objects) if marks}
    assert {"customers/", "customers/<uuid:pk>/", "customers/<uuid:pk>/timeline/"} <= seen


def calls(objects: dict[str, str], key: str) -> Iterator[tuple[str, Any]]:
    """Every address of the API by every method it takes."""
    client = Client(headers={"Authorization": f"Bearer {key}"})
    who = {"customer": objects["customer"], "external_id": "new-1"}
    when = {"occurred_at": "2026-11-01T12:00:00Z"}
    bodies: dict[str, dict[str, Any]] = {
        "transactions": {**who, **when, "amount": "1.00", "currency": "EUR", "description": TEXT},
        "interactions": {**who, **when, "channel": "phone", "subject": TEXT},
        "responses": {**who, "survey": "relationship", "answers": {"nps": 9, "reason": TEXT}},
        "customers": {"external_id": "new-2", "name": NAME, "email": "z@else.example"},
    }
    for route in REST:
        for method in RULES[route].needs:  # type: ignore[union-attr]
            path = address(route, objects)
            body = bodies.get(path.rsplit("/", 1)[-1], {}) if method == "POST" else {"segment": "gold"}
            with transaction.atomic():
                if method == "GET":
                    answer: Any = client.get(path, {"metric": "nps"} if route.endswith("scores") else {})
                else:
                    answer = client.generic(method, path, _json(body), "application/json")
                yield f"{method} {path}", answer
                transaction.set_rollback(True)


def _json(body: Any) -> str:
    import json

    return json.dumps(body)


def test_the_api_shows_no_mark_to_a_key_without_the_scope(cast: Cast, objects: dict[str, str]) -> None:
    key = cast.key(*(set(SCOPES) - {"personal:read"}))
    opened = 0
    for call, answer in calls(objects, key):
        assert not marks_in(answer), f"{call} ({answer.status_code}): {answer.content.decode()[:500]}"
        opened += answer.status_code in (200, 201, 202)
    assert opened >= 12


def test_the_api_shows_them_to_a_key_with_it(cast: Cast, objects: dict[str, str]) -> None:
    seen = {call.rpartition("/api/v1/")[2].partition("/")[0] for call, answer in calls(objects, cast.key())
            if marks_in(answer)}  # fmt: skip
    assert {"customers", "transactions", "interactions", "responses"} <= seen


@pytest.mark.parametrize("query", [NAME, "Zelmira", EMAIL, "zelmira.q", PHONE, "912777345", "7345", "quixot"])
def test_searching_by_what_is_hidden_tells_nothing(
    client: Client, cast: Cast, objects: dict[str, str], query: str
) -> None:
    """The same page as for somebody who is not here: no match, no count, no initials."""
    client.force_login(cast.anil)

    def page(text: str) -> str:
        body = client.get("/o/halden/customers/", {"q": text}, headers={"HX-Request": "true"}).content
        return body.decode().replace(text, "")

    assert page(query) == page("nobody-of-this-name")
    assert "No customer and no order has this id" in page(query)


def test_an_id_and_an_order_still_find(client: Client, cast: Cast, objects: dict[str, str]) -> None:
    with organization_context(cast.organization):
        factories.transaction(factories.customer(external_id="K-1"), external_id="ORD-1")
    client.force_login(cast.anil)
    for query in ("K-1", "ORD-1"):
        page = client.get("/o/halden/customers/", {"q": query}).content.decode()
        assert "One customer matches" in page, query


@pytest.mark.parametrize(
    "question",
    [
        f"customers?email={EMAIL}",
        "customers?phone=%2B351912777345",
        f"customers?external_id={EMAIL}",
        f"transactions?customer_external_id={EMAIL}",
        f"interactions?customer_external_id={EMAIL}",
        f"responses?customer_external_id={EMAIL}",
        f"customers/by-external-id/{EMAIL}",
        "customers/by-external-id/nobody%40mail.example",
    ],
)
def test_the_api_refuses_to_look_for_what_is_hidden(
    client: Client, cast: Cast, objects: dict[str, str], question: str
) -> None:
    key = cast.key(*(set(SCOPES) - {"personal:read"}))
    answer = client.get(f"/api/v1/{question}", headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 403
    assert "personal:read" in answer.json()["detail"]
    assert not marks_in(answer)


@pytest.mark.parametrize("ending", ["csv", "svg", "png"])
def test_a_picture_is_not_called_by_an_id_that_is_an_address(
    client: Client, cast: Cast, objects: dict[str, str], ending: str
) -> None:
    client.force_login(cast.anil)
    answer = client.get(f"/o/halden/customers/{objects['customer']}/pictures/said-did.{ending}")
    assert answer.status_code == 200
    assert not marks_in(answer)


def test_order_numbers_are_shown_though_they_consist_of_digits(
    client: Client, cast: Cast, objects: dict[str, str]
) -> None:
    with organization_context(cast.organization):
        person = Customer.objects.get(pk=objects["customer"])
        factories.transaction(person, external_id="100234567", description="")
        factories.transaction(person, external_id="+351912777345", description="")
    client.force_login(cast.anil)
    page = client.get(f"/o/halden/customers/{objects['customer']}/").content.decode()
    assert "Order 100234567" in page
    assert "Order +351 ••• ••• 345" in page, "a number to call, used as an id"
