"""Every address with an object of the other organization, by every method it takes: 404, and not a row is different."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts.tenancy import organization_context
from crm.imports.run import import_file
from crm.models import Customer, Interaction, Transaction
from feedback.models import Response
from tests import factories
from tests.walks.test_urls import REST, RULES, STAFF, Worlds, address, worlds

from .test_isolation import everything_of

__all__ = ["worlds"]
pytestmark = pytest.mark.django_db

#: Also what a form would send, so that a POST gets as far as it can.
FORM = {"confirm": "K-77", "name": "Taken", "role": "viewer", "identity": "K-77", "why": "x"}


@pytest.fixture
def both(worlds: Worlds, settings: Any, tmp_path: Path) -> Worlds:
    settings.VAR_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "files"
    return worlds


def rows(both: Worlds) -> tuple[Any, Any]:
    return everything_of(both.cast.organization), everything_of(both.cast.other)


def test_no_page_does_anything_with_their_ids_in_my_address(client: Client, both: Worlds) -> None:
    client.force_login(both.cast.olga)
    before = rows(both)
    tried = 0
    for route in STAFF:
        if not RULES[route].of:
            continue
        for method in ("get", "post"):
            answer = getattr(client, method)(address(route, both.theirs), {**RULES[route].data, **FORM})
            assert answer.status_code in (404, 405), f"{method} {route}: {answer.status_code}"
            tried += answer.status_code == 404
    assert tried > 20
    assert rows(both) == before, "no row, no entry of the trail, nothing"


def test_no_page_does_anything_with_my_session_in_their_address(client: Client, both: Worlds) -> None:
    client.force_login(both.cast.olga)
    before = rows(both)
    for route in STAFF:
        for method in ("get", "post"):
            for objects in (both.mine, both.theirs):
                answer = getattr(client, method)(address(route, objects, slug="other"), FORM)
                assert answer.status_code == 404, f"{method} {route}: {answer.status_code}"
    assert rows(both) == before


def test_no_api_path_does_anything_with_their_ids(both: Worlds) -> None:
    client = Client(headers={"Authorization": f"Bearer {both.cast.key()}"})
    client.get("/api/v1/scores?metric=nps")  # the key's first use is noted
    before = rows(both)
    for route in REST:
        if not RULES[route].of:
            continue
        for method in RULES[route].needs:  # type: ignore[union-attr]
            if method == "PUT":
                continue  # makes a customer of mine by that name; below
            body = json.dumps({"name": "Taken"}) if method == "PATCH" else "{}"
            answer = client.generic(method, address(route, both.theirs), body, "application/json")
            assert answer.status_code == 404, f"{method} {route}: {answer.status_code}"
    assert rows(both) == before


def test_a_put_by_their_customers_id_makes_one_of_mine(both: Worlds) -> None:
    client = Client(headers={"Authorization": f"Bearer {both.cast.key()}"})
    theirs = everything_of(both.cast.other)
    path = address("api/v1/customers/by-external-id/<path:external_id>", both.theirs)
    assert client.put(path, json.dumps({"name": "Mine"}), content_type="application/json").status_code == 201
    assert everything_of(both.cast.other) == theirs


#: Kind → its columns, and what else its mapping has.
OF = {"external_id": "id", "customer": "customer"}
KINDS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "customers": ({"external_id": "id", "name": "text"}, {}),
    "transactions": ({**OF, "occurred_at": "at", "amount": "n", "currency": {"constant": "EUR"}}, {}),
    "interactions": ({**OF, "occurred_at": "at", "channel": {"constant": "phone"}}, {}),
    "responses": ({**OF, "answered_at": "at"}, {"survey": "relationship", "answers": {"nps": "n"}}),
}


@pytest.mark.parametrize("kind", list(KINDS))
@pytest.mark.django_db(transaction=True)
def test_no_import_reaches_equal_ids_of_theirs(both: Worlds, tmp_path: Path, kind: str) -> None:
    """The same customer, order, contact and answer, by id, in both: mine change, theirs do not."""
    for organization in (both.cast.organization, both.cast.other):
        with organization_context(organization):
            person = factories.customer(external_id="same", name="Before")
            factories.transaction(person, external_id="same")
            factories.interaction(person, external_id="same")
            Response.objects.filter(pk=Response.objects.earliest("pk").pk).update(external_id="same")
    theirs = everything_of(both.cast.other)
    path = tmp_path / f"{kind}.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(
            [["id", "customer", "at", "n", "text"], ["same", "same", "2026-10-01T12:00:00Z", "7", "After"]]
        )
    columns, options = KINDS[kind]
    run = import_file(
        kind=kind, path=path, organization=both.cast.organization, mapping={"columns": columns, **options}
    )
    assert (run.updated, run.failed) == (1, 0)
    assert everything_of(both.cast.other) == theirs
    with organization_context(both.cast.organization):
        assert {
            model.objects.filter(external_id="same").count() for model in (Customer, Transaction, Interaction)
        } == {1}
