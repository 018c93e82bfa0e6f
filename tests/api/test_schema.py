"""The OpenAPI document is whole, and is the one that is committed."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.roles import SCOPES
from cem.api.schema import document
from tests.api.test_access import TABLE


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, method.upper(), operation)
        for path, methods in document()["paths"].items()
        for method, operation in methods.items()
    ]


def test_the_committed_document_is_what_is_served() -> None:
    call_command("spectacular_check", stdout=StringIO())


def test_a_difference_is_told(tmp_path: Any) -> None:
    stale = tmp_path / "openapi.yaml"
    call_command("spectacular_check", "--write", file=str(stale), stdout=StringIO())
    stale.write_text(stale.read_text().replace("customers_list", "customers_all"))
    with pytest.raises(CommandError, match="customers_all") as error:
        call_command("spectacular_check", file=str(stale), stdout=StringIO())
    assert "--write" in str(error.value)


@pytest.mark.django_db
def test_it_is_served_without_a_key() -> None:
    client = Client()
    response = client.get("/api/v1/schema")
    assert response.headers["Content-Type"] == "application/vnd.oai.openapi+json"
    assert json.loads(response.content)["openapi"].startswith("3.1")
    response = client.get("/api/v1/schema", headers={"Accept": "application/yaml"})
    assert response.content.startswith(b"openapi: 3.1")


def test_every_operation_names_its_scope_and_its_errors() -> None:
    assert len(operations()) == len(TABLE)
    for path, method, operation in operations():
        scope = operation["x-required-scope"]
        assert scope in SCOPES
        assert operation["security"] == [{"apiKey": [scope]}]
        assert operation["summary"], path
        wanted = {"400", "401", "403", "406", "429", "500"} | ({"404"} if "{" in path else set())
        if method != "GET":
            wanted |= {"409", "413", "415", "422"}
        assert wanted <= set(operation["responses"]), (path, method)
        names = [one["name"] for one in operation.get("parameters", [])]
        assert ("Idempotency-Key" in names) == (method == "POST")
        if "requestBody" in operation:
            assert list(operation["requestBody"]["content"]) == ["application/json"]


def test_every_reference_leads_somewhere() -> None:
    def walk(value: Any) -> Any:
        if isinstance(value, dict):
            if "$ref" in value:
                yield value["$ref"]
            for one in value.values():
                yield from walk(one)
        elif isinstance(value, list):
            for one in value:
                yield from walk(one)

    found = set(walk(document()))
    assert found
    for reference in found:
        place: Any = document()
        for step in reference.removeprefix("#/").split("/"):
            place = place[step]
