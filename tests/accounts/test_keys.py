"""API keys: three kinds, shown once, revoked at once."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.keys.services import make_key, revoke_key
from accounts.models import ApiKey, AuditEntry, KeyKind, Membership
from accounts.refusal import Refused
from accounts.tenancy import organization_context
from tests.cast import Cast

pytestmark = pytest.mark.django_db

KEYS = "/o/halden/settings/keys/"


def ask(plain: str, path: str = "/api/v1/customers", **more: Any) -> int:
    headers = {"Authorization": f"Bearer {plain}"}
    if "data" in more:
        return Client().post(path, more["data"], content_type="application/json", headers=headers).status_code
    return Client().get(path, headers=headers).status_code


@pytest.fixture
def amir(client: Client, cast: Cast) -> Client:
    client.force_login(cast.amir)
    return client


def made(page: str) -> str:
    found = re.search(r'data-copy="(cem\w*_[\w-]+)"', page)
    assert found, page
    return found[1]


def test_a_key_is_shown_once_works_and_dies_at_once(amir: Client, cast: Cast) -> None:
    answer = amir.post(KEYS, {"name": "ERP", "kind": "ordinary", "scopes": ["crm:read"]})
    assert answer.headers["Cache-Control"] == "no-store"
    plain = made(answer.content.decode())
    assert plain not in amir.get(KEYS).content.decode()
    assert ask(plain) == 200
    with organization_context(cast.organization):
        key = ApiKey.objects.get()
        assert key.created_by == Membership.objects.get(user=cast.amir)
        assert plain not in str(list(AuditEntry.objects.values()))
    assert "is revoked" in amir.post(f"{KEYS}{key.pk}/revoke/", follow=True).content.decode()
    assert ask(plain) == 401
    with organization_context(cast.organization):
        assert set(AuditEntry.objects.filter(action__startswith="key.").values_list("action", flat=True)) == {
            "key.made",
            "key.revoked",
        }
        with pytest.raises(Refused, match="before"):
            revoke_key(key=key)


def test_an_expired_key_opens_nothing(cast: Cast) -> None:
    with organization_context(cast.organization):
        key, plain = ApiKey.issue(
            name="old", scopes=["crm:read"], expires_at=timezone.now() + timedelta(days=1)
        )
        assert ask_inside(plain) == 200
        ApiKey.objects.filter(pk=key.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert ask(plain) == 401


def ask_inside(plain: str) -> int:
    """The same organization nests, as a request in the same connection does here."""
    return ask(plain)


def test_the_form_says_what_a_key_needs(amir: Client) -> None:
    for data, words in (
        ({"name": "x", "kind": "ordinary"}, "Choose at least one"),
        ({"name": "x", "kind": "write", "scopes": ["crm:read"]}, "cannot have crm:read"),
        ({"name": "x", "kind": "public", "scopes": ["crm:read"]}, "cannot have crm:read"),
        (
            {"name": "x", "kind": "ordinary", "scopes": ["crm:read"], "until": "2020-01-01"},
            "This day is over",
        ),
    ):
        answer = amir.post(KEYS, data)
        assert answer.status_code == 422
        assert words in answer.content.decode()


def test_a_write_key_sends_in_and_reads_nothing(cast: Cast) -> None:
    with organization_context(cast.organization):
        _, plain = ApiKey.issue(name="till", kind=KeyKind.WRITE, scopes=["crm:write"])
    assert plain.startswith("cemw_")
    assert ask(plain, data={"external_id": "c-1", "name": "Somebody"}) == 201
    assert ask(plain) == 403
    headers = {"Authorization": f"Bearer {plain}"}
    address = "/api/v1/customers/by-external-id/c-1"
    for method in ("GET", "PUT", "PATCH"):
        answer = Client().generic(method, address, "{}", content_type="application/json", headers=headers)
        assert answer.status_code in (403, 405), method
        assert "Somebody" not in answer.content.decode()
    answer = Client().put(address, {"name": "x"}, content_type="application/json", headers=headers)
    assert answer.json()["detail"].startswith("This is a write key")


def test_a_public_key_opens_no_api_path(cast: Cast) -> None:
    with organization_context(cast.organization):
        _, plain = ApiKey.issue(name="site", kind=KeyKind.PUBLIC, scopes=[])
    assert plain.startswith("cemp_")
    assert ask(plain) == 403
    assert ask(plain, data={"external_id": "c-1"}) == 403
    assert ask(plain, "/api/v1/scores?metric=nps") == 403


@pytest.mark.parametrize(
    ("kind", "scopes"), [("write", ["crm:read"]), ("public", ["crm:write"]), ("other", [])]
)
def test_the_database_refuses_a_kind_with_more_than_its_own(cast: Cast, kind: str, scopes: list[str]) -> None:
    with organization_context(cast.organization), pytest.raises(IntegrityError), transaction.atomic():
        ApiKey.objects.create(name="x", kind=kind, scopes=scopes, prefix="cem_x", hash=b"x" * 32)


def test_the_service_explains_what_the_database_refuses(cast: Cast) -> None:
    by = Membership.objects.get(user=cast.olga)
    with (
        organization_context(cast.organization),
        pytest.raises(ValidationError, match="write key cannot have"),
    ):
        make_key(name="x", kind="write", scopes=["crm:read"], expires_at=None, by=by)
