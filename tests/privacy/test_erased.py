"""Who was erased does not come back by an import, a request or an answer, and nobody can read from what is kept who
it was."""

import secrets
import threading
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import connection, connections
from django.test import Client

from accounts.models import AuditEntry, ErasedIdentity, ErasureKey, OutboxEntry, PrivacyRequest
from accounts.privacy import erased
from accounts.privacy.holders import Subject, identify
from accounts.privacy.services import ask
from accounts.privacy.work import privacy_request
from accounts.tenancy import organization_context
from accounts.work.outbox import tidy
from crm.models import Customer, Transaction
from crm.records.customers import create_customer
from feedback.models import Invitation, Response
from tests import factories
from tests.accounts.locks import waits_for_us
from tests.cast import Cast
from tests.crm.files import Desk
from tests.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)

WHO = {"external_id": "K-77", "email": "Marta@Mail.example", "phone": "+351912345482"}
CUSTOMERS = {"columns": {"external_id": "id", "name": "name", "email": "email", "phone": "phone"}}
ORDERS = {
    "columns": {
        "external_id": "order",
        "customer": "customer",
        "occurred_at": "date",
        "amount": "amount",
        "currency": {"constant": "EUR"},
    }
}


def erase(cast: Cast, customer: Customer) -> None:
    with organization_context(cast.organization):
        ask(kind="erase", customer=customer)
    entry = OutboxEntry.objects.get(task="accounts.privacy_request", organization=cast.organization)
    privacy_request(organization_id=str(cast.organization.pk), outbox_id=entry.pk, **entry.arguments)


@pytest.fixture
def gone(cast: Cast, settings: Any, tmp_path: Path) -> Cast:
    """Marta was erased in mine; the other organization has a Marta of its own."""
    settings.VAR_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "files"
    with organization_context(cast.other):
        factories.customer(**WHO)
    with organization_context(cast.organization):
        marta = factories.customer(**WHO, name="Marta Figueira")
    erase(cast, marta)
    return cast


@pytest.fixture
def desk(gone: Cast, tmp_path: Path) -> Desk:
    return Desk(tmp_path, gone.organization)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("K-77,Marta,,", "id"),
        (" K-77 ,Marta,,", "id"),
        ("K-99,Marta,marta@mail.EXAMPLE,", "email"),
        ("K-99,Marta,,+351 912 345 482", "phone"),
    ],
)
def test_an_import_refuses_the_row_and_takes_the_others(desk: Desk, row: str, column: str) -> None:
    run = desk.take("customers", f"id,name,email,phone\n{row}\nK-78,Joana,j@mail.example,\n", CUSTOMERS)
    assert (run.created, run.failed) == (1, 1)
    (refused,) = desk.refused()
    assert "belonged to somebody who was erased on 20" in refused["reason"]
    assert "Settings, Privacy" in refused["reason"]
    assert (refused["line"], refused["raw"]) == ("2", ""), (
        "the file of refused rows does not bring them back either"
    )
    assert refused["column"] == {"id": "external_id"}.get(column, column)
    with organization_context(desk.organization):
        assert [one.external_id for one in Customer.objects.all()] == ["K-78"]


def test_a_row_refused_for_another_reason_keeps_nothing_of_them_either(desk: Desk) -> None:
    rows = [
        "K-77,Marta,not an address,",
        "K-99,Marta,,12",
        'K-99,"Marta",marta@mail.example,12',
        "K-98,Somebody,not an address,",
        "K-97,ragged,+351 912-345-482",
    ]
    run = desk.take("customers", "id,name,email,phone\n" + "\n".join(rows) + "\n", CUSTOMERS)
    assert run.failed == 5
    kept = {int(one["line"]): one["raw"] for one in desk.refused()}
    assert {line for line, raw in kept.items() if not raw} == {2, 4, 6}
    assert kept[3].startswith("K-99,Marta"), "a name alone is nobody's"
    assert kept[5].startswith("K-98,Somebody")


@pytest.mark.parametrize("kind", ["transactions", "interactions"])
def test_rows_that_name_them_make_no_customer(desk: Desk, kind: str) -> None:
    mapping = ORDERS
    content = "order,customer,date,amount\nT-1,K-77,2026-11-01,5\nT-2,K-80,2026-11-01,6\n"
    if kind == "interactions":
        mapping = {
            "columns": {
                "external_id": "order",
                "customer": "customer",
                "occurred_at": "date",
                "channel": {"constant": "phone"},
            }
        }
    run = desk.take(kind, content, mapping)
    assert (run.created, run.failed, run.customers_created) == (1, 1, 1)
    assert "was erased on" in desk.refused()[0]["reason"]
    with organization_context(desk.organization):
        assert not Customer.objects.filter(external_id="K-77").exists()
        assert not Transaction.objects.filter(external_id="T-1").exists()


def test_a_dry_run_says_so_too(desk: Desk) -> None:
    assert desk.take("customers", "id,name,email,phone\nK-77,M,,\n", CUSTOMERS, dry_run=True).failed == 1


def test_an_address_that_another_customer_has_had_all_along_brings_nobody_back(
    cast: Cast, settings: Any, tmp_path: Path
) -> None:
    settings.VAR_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "files"
    with organization_context(cast.organization):
        factories.customer(external_id="K-1", email=WHO["email"], phone="")
        marta = factories.customer(**WHO)
    erase(cast, marta)
    desk = Desk(tmp_path, cast.organization)
    run = desk.take("customers", f"id,name,email,phone\nK-1,Pai,{WHO['email']},\n", CUSTOMERS)
    assert (run.updated, run.failed) == (1, 0)


def send(client: Client, cast: Cast, method: str, path: str, body: str) -> Any:
    headers = {"Authorization": f"Bearer {cast.key()}"}
    return client.generic(method, f"/api/v1{path}", body, "application/json", headers=headers)


@pytest.mark.parametrize(
    ("method", "path", "body", "field"),
    [
        ("POST", "/customers", '{"external_id": "K-77"}', "external_id"),
        ("POST", "/customers", '{"external_id": "K-9", "email": "marta@mail.example"}', "email"),
        ("PUT", "/customers/by-external-id/K-77", "{}", "external_id"),
        ("PUT", "/customers/by-external-id/K-1", '{"phone": "+351912345482"}', "phone"),
        ("PUT", "/customers/by-external-id/K-1", '{"email": "MARTA@mail.example"}', "email"),
    ],
)
def test_the_api_refuses_them_and_says_why(
    client: Client, gone: Cast, method: str, path: str, body: str, field: str
) -> None:
    with organization_context(gone.organization):
        factories.customer(external_id="K-1")
    answer = send(client, gone, method, path, body)
    assert answer.status_code == 422, answer.content
    (error,) = answer.json()["errors"]
    assert error["pointer"] == f"#/{field}"
    assert "erased on 20" in error["detail"]
    with organization_context(gone.organization):
        assert [one.external_id for one in Customer.objects.all()] == ["K-1"]


def test_the_other_organizations_marta_is_untouched(client: Client, gone: Cast, tmp_path: Path) -> None:
    run = Desk(tmp_path, gone.other).take(
        "customers", f"id,name,email,phone\nK-77,Marta,{WHO['email']},+351912345482\n", CUSTOMERS
    )
    assert (run.updated, run.failed) == (1, 0)
    with organization_context(gone.other):
        assert not ErasedIdentity.objects.exists()


def test_what_is_kept_tells_nobody_who_it_was(gone: Cast) -> None:
    with organization_context(gone.organization):
        rows = list(ErasedIdentity.objects.values())
        (key,) = ErasureKey.objects.values()
    assert sorted(row["kind"] for row in rows) == ["email", "external_id", "phone"]
    kept = (
        repr([(one, bytes(row[one]).hex()) for row in rows for one in ("digest",)]) + repr(rows) + repr(key)
    )
    for text in WHO.values():
        assert text.lower() not in kept.lower()
        assert text.encode().hex() not in kept
    with connection.cursor() as cursor:  # the hash is keyed: nobody finds it by trying all numbers
        cursor.execute("SELECT sha256('phone:351912345482'), sha256('351912345482')")
        plain = {bytes(one) for one in cursor.fetchone()}
    assert not plain & {bytes(row["digest"]) for row in rows}


def test_two_organizations_have_different_hashes_of_the_same_person(gone: Cast) -> None:
    with organization_context(gone.other):
        request = PrivacyRequest.objects.create(number=1, kind="erase")
        erased.remember(subject=Subject(request.pk, **WHO), request=request)
        theirs = {bytes(row.digest) for row in ErasedIdentity.objects.all()}
    with organization_context(gone.organization):
        mine = {bytes(row.digest) for row in ErasedIdentity.objects.all()}
    assert len(mine) == len(theirs) == 3
    assert not mine & theirs


def test_the_hash_is_hmac(gone: Cast) -> None:
    """RFC 2104, as Python's own makes it."""
    import hashlib
    import hmac

    with organization_context(gone.organization):
        key = erased.key_of_organization()
        assert key is not None
        wanted = hmac.new(key, b"email:marta@mail.example", hashlib.sha256).digest()
        assert bytes(ErasedIdentity.objects.get(kind="email").digest) == wanted


def test_the_secret_key_can_be_rotated(gone: Cast, settings: Any) -> None:
    old, new = settings.SECRET_KEY, secrets.token_urlsafe(50)

    def refused() -> None:
        with organization_context(gone.organization), pytest.raises(erased.Erased):
            create_customer(external_id="K-77")

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = new, [old]
    refused()
    tidy()
    settings.SECRET_KEY_FALLBACKS = []
    refused()
    settings.SECRET_KEY = secrets.token_urlsafe(50)
    with organization_context(gone.organization):
        with pytest.raises(ImproperlyConfigured, match="SECRET_KEY_FALLBACKS"):
            create_customer(external_id="K-78")
        assert not erased.keep_readable(), "told in the log, and the others' keys are kept up all the same"


def test_an_administrator_lifts_it_with_a_reason(client: Client, gone: Cast, desk: Desk) -> None:
    client.force_login(gone.amir)
    address = "/o/halden/settings/privacy/erased/"
    page = client.get(address).content.decode()
    assert "Customers erased" in page
    nobody = client.post(address, {"identity": "K-78", "why": "asked"})
    assert nobody.status_code == 422
    assert "Nobody who was erased had this" in nobody.content.decode()
    assert client.post(address, {"identity": "K-77", "why": " "}).status_code == 422
    done = client.post(address, {"identity": " marta@mail.example ", "why": "Came back; ring 912345482"})
    assert done.headers["Location"] == address
    with organization_context(gone.organization):
        assert not ErasedIdentity.objects.exists(), "with the email the id and the phone of the same erasure"
        entry = AuditEntry.objects.get(action="erasure.lifted")
    assert entry.actor_name == "Amir"
    assert entry.after["why"] == "Came back; ring •••"
    assert entry.after["kinds"] == ["email", "external_id", "phone"]
    assert "K-77" not in repr(entry.__dict__)
    assert "marta" not in repr(entry.__dict__)
    run = desk.take("customers", f"id,name,email,phone\nK-77,Marta,{WHO['email']},\n", CUSTOMERS)
    assert (run.created, run.failed) == (1, 0)
    assert "Nobody has been erased yet" in client.get(address).content.decode()


def test_lifting_in_one_organization_leaves_the_others_blocks(gone: Cast) -> None:
    with organization_context(gone.other), pytest.raises(ValidationError):
        erased.lift(identity="K-77", why="ours, too")
    with organization_context(gone.organization):
        assert ErasedIdentity.objects.count() == 3


def test_an_agent_may_not(client: Client, gone: Cast) -> None:
    client.force_login(gone.greta)
    assert (
        client.post("/o/halden/settings/privacy/erased/", {"identity": "K-77", "why": "x"}).status_code == 403
    )
    with organization_context(gone.organization):
        assert ErasedIdentity.objects.count() == 3


def test_an_old_survey_link_stores_nothing(client: Client, cast: Cast, settings: Any, tmp_path: Path) -> None:
    """The invitation goes with the customer, so its link leads nowhere."""
    from feedback.links import token_hash
    from tests.dashboards import world

    settings.VAR_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "files"
    token = "p" + secrets.token_urlsafe(24)
    with organization_context(cast.organization):
        person = world.build(customers=2).customer
        first = Invitation.objects.filter(customer=person).earliest("pk")
        Invitation.objects.filter(pk=first.pk).update(hash=token_hash(token), answered_at=None, status="sent")
        Response.objects.filter(customer=person).delete()
        answers = Response.objects.count()
    erase(cast, person)
    assert client.post(f"/s/{token}", {"nps": "9"}).status_code == 404
    with organization_context(cast.organization):
        assert Response.objects.count() == answers


def test_the_hashes_are_committed_before_anything_goes(
    cast: Cast, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that dies in between leaves the block, not a hole."""
    from crm.privacy import RefusedRows

    settings.VAR_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "files"

    def die(self: Any, subject: Any) -> int:
        raise SystemExit("killed")

    monkeypatch.setattr(RefusedRows, "erase", die)
    with organization_context(cast.organization):
        marta = factories.customer(**WHO)
    with pytest.raises(SystemExit):
        erase(cast, marta)
    with organization_context(cast.organization):
        assert ErasedIdentity.objects.count() == 3
        assert identify(marta.pk).external_id == "K-77"


def test_an_import_that_looked_before_the_erasure_ends_before_it(cast: Cast) -> None:
    """Else it would find nobody erased, and make the customer anew after they are gone."""
    with organization_context(cast.organization):
        marta = factories.customer(**WHO)
        request = PrivacyRequest.objects.create(number=1, kind="erase", subject_id=marta.pk)
        subject = identify(marta.pk)
    done = threading.Event()

    def remember() -> None:
        try:
            with organization_context(cast.organization):
                erased.remember(subject=subject, request=request)
            done.set()
        finally:
            connections.close_all()

    with organization_context(cast.organization):
        erased.refuse_erased(external_id="K-1")  # what an import begins with
        thread = threading.Thread(target=remember)
        thread.start()
        until(waits_for_us, what="the erasure to wait for the import")
        assert not done.is_set()
    thread.join(20)
    assert done.is_set()


def test_looking_costs_the_same_for_any_number_of_rows(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, query_budget: Any
) -> None:
    """Set-based: a lock, the key and a statement for each of id, email and phone."""
    from crm.imports import run as running

    look = running.refuse_erased
    used = []

    def counted(*args: Any) -> int:
        with query_budget(9) as budget:
            found = look(*args)
        used.append(len(budget))
        return found

    monkeypatch.setattr(running, "refuse_erased", counted)
    rows = "".join(f"K-{n},N,n{n}@mail.example,\n" for n in range(500, 1_500))
    run = desk.take("customers", f"id,name,email,phone\n{rows}K-77,M,,\n", CUSTOMERS)
    assert (run.created, run.failed) == (1_000, 1)
    assert used == [9]
