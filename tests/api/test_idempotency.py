"""A request that is sent twice is done once, also when both are under way at the same time."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import IdempotentRequest, OutboxEntry
from accounts.tenancy import organization_context
from accounts.work.outbox import tidy
from crm.models import Customer
from crm.records import customers as records
from feedback.models import Response, Survey
from tests.api.conftest import Api, problem
from tests.cast import Cast

BODY = {"external_id": "a", "name": "A"}


def customers(cast: Cast) -> int:
    with organization_context(cast.organization):
        return Customer.objects.count()


@pytest.mark.django_db
def test_the_first_answer_comes_again(api: Api, cast: Cast) -> None:
    first = api.post("/customers", BODY, Idempotency_Key="k")
    again = api.send("POST", "/customers", b'{"name": "A",\n "external_id": "a"}', Idempotency_Key="k")
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["Content-Type"] == first.headers["Content-Type"]
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert customers(cast) == 1


@pytest.mark.django_db
def test_another_body_or_address_is_refused(api: Api, cast: Cast) -> None:
    api.post("/customers", BODY, Idempotency_Key="k")
    problem(api.post("/customers", {**BODY, "name": "B"}, Idempotency_Key="k"), 409)
    problem(api.post("/interactions", BODY, Idempotency_Key="k"), 409)
    assert api.post("/customers", {"external_id": "b"}, Idempotency_Key="k2").status_code == 201


@pytest.mark.django_db
def test_the_answer_of_a_refused_request_is_kept_and_its_writes_are_not(
    api: Api, cast: Cast, survey: Survey, monkeypatch: Any
) -> None:
    api.post("/customers", BODY)
    first = api.post("/customers", BODY, Idempotency_Key="k")
    problem(first, 409)
    with organization_context(cast.organization):
        Customer.objects.all().delete()
    again = api.post("/customers", BODY, Idempotency_Key="k")
    assert (again.status_code, again.content) == (409, first.content)
    assert again.headers["Content-Type"] == "application/problem+json"
    assert customers(cast) == 0
    problem(api.post("/customers", {"nme": 1}, Idempotency_Key="k3"), 422)
    assert api.post("/customers", {"nme": 1}, Idempotency_Key="k3").headers["Idempotent-Replayed"] == "true"


@pytest.mark.django_db
def test_a_bug_of_ours_keeps_no_answer(api: Api, cast: Cast, monkeypatch: Any) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("crm.api.customers.create_customer", lambda **fields: 1 / 0)
        problem(api.post("/customers", BODY, Idempotency_Key="k"), 500)
    with organization_context(cast.organization):
        assert not IdempotentRequest.objects.exists()
    assert api.post("/customers", BODY, Idempotency_Key="k").status_code == 201


@pytest.mark.django_db
def test_what_is_refused_at_the_door_keeps_no_answer(api: Api, cast: Cast) -> None:
    key, api.key = api.key, cast.key("crm:read")
    problem(api.post("/customers", BODY, Idempotency_Key="k"), 403)
    api.key = key
    problem(api.send("POST", "/customers", b"{", Idempotency_Key="k"), 400)
    assert api.post("/customers", BODY, Idempotency_Key="k").status_code == 201


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", " ", "a b", "é", "x" * 201])
def test_a_key_that_is_none(api: Api, key: str) -> None:
    problem(api.post("/customers", BODY, Idempotency_Key=key), 400)


@pytest.mark.django_db
def test_each_organization_has_keys_of_its_own(api: Api, cast: Cast) -> None:
    first = api.post("/customers", BODY, Idempotency_Key="k").json()
    theirs = Api(cast.key(organization=cast.other)).post("/customers", BODY, Idempotency_Key="k")
    assert theirs.status_code == 201
    assert theirs.json()["id"] != first["id"]


@pytest.mark.django_db
def test_old_answers_are_forgotten(api: Api, cast: Cast) -> None:
    api.post("/customers", BODY, Idempotency_Key="old")
    api.post("/customers", BODY, Idempotency_Key="new")
    with organization_context(cast.organization):
        stale = timezone.now() - timedelta(hours=49)
        IdempotentRequest.objects.filter(key="old").update(created_at=stale)
    tidy()
    with organization_context(cast.organization):
        assert [one.key for one in IdempotentRequest.objects.all()] == ["new"]


def together(*works: Callable[[], Any]) -> list[Any]:
    """Run the works in threads of their own and return their results."""
    results: list[Any] = [None] * len(works)

    def run(place: int) -> None:
        try:
            results[place] = works[place]()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
        assert not thread.is_alive()
    return results


@pytest.mark.django_db(transaction=True)
def test_a_race_is_one_write_and_one_answer(cast: Cast, survey: Survey) -> None:
    key = cast.key()
    body = {"survey": "orders", "answers": {"nps": 9}}
    answers = together(*[lambda: Api(key).post("/responses", body, Idempotency_Key="k")] * 6)
    assert [answer.status_code for answer in answers] == [201] * 6
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotent-Replayed" in answer.headers for answer in answers) == 5
    with organization_context(cast.organization):
        assert Response.objects.count() == 1
    assert OutboxEntry.objects.count() == 1


def slow(monkeypatch: Any, ending: Callable[[], None]) -> tuple[threading.Event, threading.Event]:
    """The first create waits for `go` inside its transaction, then ends so; the others do as usual."""
    create, entered, go = records.create_customer, threading.Event(), threading.Event()

    def waits(**fields: Any) -> Customer:
        customer = create(**fields)
        if not entered.is_set():
            entered.set()
            assert go.wait(20)
            ending()
        return customer

    monkeypatch.setattr("crm.api.customers.create_customer", waits)
    return entered, go


def waiting_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


def refuse() -> None:
    from cem.lib.rest.problems import invalid

    raise invalid("name", "No.")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("ending", "codes", "left"),
    [(lambda: None, [201, 201], 1), (refuse, [422, 422], 0), (lambda: 1 / 0, [500, 201], 1)],
    ids=["succeeds", "is refused", "breaks"],
)
def test_the_second_waits_for_the_first(
    cast: Cast, monkeypatch: Any, ending: Callable[[], None], codes: list[int], left: int
) -> None:
    """While the first runs the second waits in the database; then it gets the first's answer, or its turn."""
    entered, go = slow(monkeypatch, ending)
    key = cast.key()

    def first() -> Any:
        return Api(key).post("/customers", BODY, Idempotency_Key="k")

    def second() -> Any:
        assert entered.wait(20)
        return Api(key).post("/customers", BODY, Idempotency_Key="k")

    def conductor() -> bool:
        deadline = timezone.now() + timedelta(seconds=20)
        while not (waited := waiting_for_a_lock()) and timezone.now() < deadline:
            entered.wait(0.01)
        go.set()
        return waited

    one, two, waited = together(first, second, conductor)
    assert waited
    assert [one.status_code, two.status_code] == codes
    assert ("Idempotent-Replayed" in two.headers) == (codes[0] < 500)
    assert customers(cast) == left


@pytest.mark.django_db(transaction=True)
def test_two_puts_of_one_customer_are_one_customer(cast: Cast) -> None:
    key = cast.key()
    answers = together(
        *[
            lambda name=name: Api(key).send("PUT", "/customers/by-external-id/a", {"name": name})
            for name in ("A", "B", "C", "D")
        ]
    )
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert customers(cast) == 1


@pytest.mark.django_db(transaction=True)
def test_a_reference_that_vanishes_is_a_conflict(cast: Cast, monkeypatch: Any) -> None:
    """The customer is deleted by somebody else between being looked up and being referred to."""
    from crm.records import activity

    key, record = cast.key(), activity.record_transaction
    with organization_context(cast.organization):
        Customer.objects.create(external_id="C-1")

    def delete() -> None:
        with organization_context(cast.organization):
            Customer.objects.all().delete()

    def races(**fields: Any) -> Any:
        together(delete)
        return record(**fields)

    monkeypatch.setattr("crm.api.activity.record_transaction", races)
    body = {
        "external_id": "T",
        "customer_external_id": "C-1",
        "amount": "1.00",
        "currency": "EUR",
        "occurred_at": "2026-11-01T12:00:00Z",
    }
    problem(Api(key).post("/transactions", body), 409)
    problem(Api(key).post("/transactions", {**body, "external_id": "U"}), 422, "#/customer_external_id")
