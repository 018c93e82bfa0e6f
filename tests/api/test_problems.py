"""Whatever goes wrong, the answer is a problem document that says where and what next."""

from typing import Any

import pytest

from crm.records import customers as records
from tests.api.conftest import Api, problem

pytestmark = pytest.mark.django_db


def test_unknown_fields_are_refused_not_dropped(api: Api) -> None:
    document = problem(
        api.post("/customers", {"external_id": "a", "emial": "x@mail.example", "a/b~c": 1, "id": "1"}),
        422,
        "#/emial",
        "#/a~1b~0c",
        "#/id",
    )
    assert {one["detail"] for one in document["errors"]} == {"Unknown field.", "Read-only: leave it out."}


def test_all_faults_are_told_at_once(api: Api) -> None:
    problem(
        api.post("/customers", {"email": "no", "country": "Portugal", "since": "yesterday", "more": 1}),
        422,
        "#/external_id",
        "#/email",
        "#/country",
        "#/since",
        "#/more",
    )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"{} {}",
        b"\xff\xfe",
        b'{"external_id": NaN}',
        b'{"external_id": "a", "attributes": {"x": 1e999}}',
        b'{"external_id": "a", "external_id": "b"}',
        b'{"external_id": "a\\u0000"}',
        b'{"external_id": "\\ud800"}',
        b'{"external_id": "a", "attributes": {"k": ["\\udfff"]}}',
        b'{"external_id": "a", "attributes": {"\\u0000": 1}}',
        b"[" * 100_000,
        b'{"external_id": ' + b"1" * 5_000 + b"}",
    ],
    ids=lambda body: repr(body[:30]),
)
def test_a_body_that_is_not_json(api: Api, body: bytes) -> None:
    response = api.send("POST", "/customers", body)
    problem(response, 422 if body == b"" else 400)


@pytest.mark.parametrize("body", [[], "text", 5, None, True, [{"external_id": "a"}]])
def test_a_body_that_is_not_an_object(api: Api, body: Any) -> None:
    import json

    problem(api.send("POST", "/customers", json.dumps(body).encode()), 422)


def test_the_wrong_content_type(api: Api) -> None:
    for kind in (
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "nonsense",
    ):
        problem(api.send("POST", "/customers", b"external_id=a", Content_Type=kind), 415)


def test_the_wrong_method(api: Api) -> None:
    for method in ("DELETE", "PUT", "OPTIONS", "TRACE"):
        response = api.send(method, "/customers")
        problem(response, 405)
        assert response.headers["Allow"] == "GET, POST, HEAD"


def test_a_body_that_is_too_large(api: Api, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000
    body = {"external_id": "a", "attributes": {"text": "x" * 1_000}}
    assert "1000 bytes" in problem(api.post("/customers", body), 413)["detail"]


@pytest.mark.parametrize(
    "path", ["/", "/nope", "/customers/", "/customers/1", "/customers/by-external-id/", "/../x"]
)
@pytest.mark.parametrize("key", [True, False])
def test_an_unknown_address(api: Api, path: str, key: bool) -> None:
    api.key = api.key if key else None
    for method in ("GET", "POST"):
        problem(api.send(method, path), 404)


def test_an_unknown_address_elsewhere_is_a_page(client: Any) -> None:
    response = client.get("/nope")
    assert response.status_code == 404
    assert response.headers["Content-Type"].startswith("text/html")


def test_only_json_is_served(api: Api) -> None:
    problem(api.get("/customers", Accept="text/html"), 406)


def test_a_bug_of_ours_is_a_problem_and_undoes_everything(api: Api, monkeypatch: Any) -> None:
    """The customer is written, then the view breaks."""
    create = records.create_customer

    def breaks(**fields: Any) -> None:
        create(**fields)
        raise ZeroDivisionError

    monkeypatch.setattr("crm.api.customers.create_customer", breaks)
    document = problem(api.post("/customers", {"external_id": "a"}), 500)
    assert "ZeroDivisionError" not in str(document)
    assert api.get("/customers").json()["data"] == []


def test_a_refusal_after_a_write_undoes_it(api: Api, monkeypatch: Any) -> None:
    from cem.lib.rest.problems import invalid

    create = records.create_customer

    def refuses(**fields: Any) -> None:
        create(**fields)
        raise invalid("name", "Thought better of it.")

    monkeypatch.setattr("crm.api.customers.create_customer", refuses)
    for headers in ({}, {"Idempotency_Key": "k"}):
        problem(api.post("/customers", {"external_id": "a"}, **headers), 422, "#/name")
        assert api.get("/customers").json()["data"] == []


def test_a_request_id_of_the_senders_own_comes_back(api: Api) -> None:
    response = api.get("/nope", X_Request_Id="my-request-0001")
    assert problem(response, 404)["request_id"] == "my-request-0001"
