"""OpenID Connect against a little provider on 127.0.0.1: the right way, and every wrong token."""

import time
from typing import Any

import jwt
import pytest
from django.test import Client

from accounts.models import Membership, SignOnConnection, SignOnIdentity
from accounts.tenancy import organization_context
from tests.accounts.sso import walk
from tests.accounts.sso.conftest import proven
from tests.accounts.sso.oidc_provider import OTHER_KEY, PUBLIC_PEM, SECRET, Provider
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def connection(cast: Cast, provider: Provider) -> SignOnConnection:
    proven(cast.organization, "halden.example")
    with organization_context(cast.organization):
        return provider.connection()


def test_from_the_log_in_page_to_the_page_that_was_asked_for(
    cast: Cast, client: Client, connection: SignOnConnection, provider: Provider
) -> None:
    typed = {"login": "Vera@Halden.Example", "password": "", "next": "/o/halden/settings/roles/"}
    answer = client.post("/login/sso/", typed)
    assert answer.status_code == 303
    leave = client.get(answer.headers["Location"]).content.decode()
    assert "To the log-in of Halden Home" in leave
    assert 'http-equiv="refresh"' in leave
    answer = client.get(f"/login/sso/{connection.pk}/go/?next=/o/halden/settings/roles/")
    asked = walk.query_of(answer.headers["Location"])
    assert asked["login_hint"] == "Vera@Halden.Example"
    assert asked["code_challenge_method"] == "S256"
    assert asked["response_type"] == "code"
    back = client.get(walk.local(provider.authorize(asked)))
    assert back.headers["Location"] == "/o/halden/settings/roles/"
    assert client.session["_auth_user_id"] == str(cast.vera.pk)
    assert walk.is_in(client)
    (entry,) = walk.trail(cast.organization, "sign_on.succeeded")
    assert entry.after == {"connection": "Little Provider", "protocol": "OpenID Connect"}


def test_the_provider_gets_the_verifier_and_the_secret(
    cast: Cast, client: Client, connection: SignOnConnection, provider: Provider
) -> None:
    walk.oidc(client, connection, provider)
    (sent,) = provider.token_requests
    assert len(sent["code_verifier"]) >= 43
    assert sent["authorization"].startswith("Basic ")
    assert "client_secret" not in sent
    assert SECRET not in connection.client_secret

    provider.discovery["token_endpoint_auth_methods_supported"] = ["client_secret_post"]
    with organization_context(cast.organization):
        SignOnConnection.objects.update(is_enabled=False)
        other = provider.connection()
    walk.oidc(Client(), other, provider)
    assert provider.token_requests[-1]["client_secret"] == SECRET
    assert not provider.token_requests[-1]["authorization"]


NOW = int(time.time())
WRONG: dict[str, dict[str, Any]] = {
    "another nonce": {"nonce": "guess"},
    "no nonce": {"nonce": None},
    "another issuer": {"iss": "https://evil.example"},
    "no issuer": {"iss": None},
    "another audience": {"aud": "another-application"},
    "no audience": {"aud": None},
    "several audiences and no party": {"aud": ["cem", "another"]},
    "made for another party": {"aud": ["cem", "another"], "azp": "another"},
    "expired": {"exp": NOW - 1_000},
    "without an end": {"exp": None},
    "from the future": {"iat": NOW + 4_000, "nbf": NOW + 4_000},
    "no subject": {"sub": None},
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_token_lets_nobody_in_and_is_told(
    name: str, cast: Cast, client: Client, connection: SignOnConnection, provider: Provider
) -> None:
    provider.wrong = WRONG[name]
    assert walk.oidc(client, connection, provider).status_code == 403
    assert not walk.is_in(client)
    (entry,) = walk.trail(cast.organization, "sign_on.refused")
    assert entry.after is not None
    assert "ID token" in entry.after["why"]


def test_a_token_signed_by_somebody_else_is_refused(
    cast: Cast, client: Client, connection: SignOnConnection, provider: Provider
) -> None:
    provider.key = OTHER_KEY
    assert walk.oidc(client, connection, provider).status_code == 403
    provider.kid = "unknown"
    answer = walk.oidc(client, connection, provider)
    assert "does not publish" in answer.content.decode()
    assert not walk.is_in(client)


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_a_token_without_a_real_signature_is_refused(
    algorithm: str, cast: Cast, client: Client, connection: SignOnConnection, provider: Provider
) -> None:
    provider.algorithm, provider.key = algorithm, None if algorithm == "none" else PUBLIC_PEM
    answer = walk.oidc(client, connection, provider)
    assert answer.status_code == 403
    assert "which is not accepted" in answer.content.decode()


def test_a_new_key_is_fetched_when_it_is_first_seen(
    cast: Cast,
    client: Client,
    connection: SignOnConnection,
    provider: Provider,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    walk.oidc(client, connection, provider)
    provider.key, provider.kid = OTHER_KEY, "k2"
    whole = provider.reply

    def with_second(handler: Any, path: str) -> Any:
        status, body = whole(handler, path)
        if path == "/keys":
            import json

            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(OTHER_KEY.public_key()))
            body["keys"].append({**public, "kid": "k2"})
        return status, body

    monkeypatch.setattr(provider, "reply", with_second)
    later = Client()
    walk.oidc(later, connection, provider)
    assert walk.is_in(later)


def test_an_answer_counts_once_and_in_the_browser_that_asked(
    cast: Cast, client: Client, connection: SignOnConnection, provider: Provider
) -> None:
    back = walk.local(walk.to_oidc(client, connection, provider))
    victim = Client()
    assert victim.get(back).headers["Location"] == "/login/"
    assert not walk.is_in(victim), "somebody else's answer"
    client.get(back)
    assert walk.is_in(client)
    client.post("/logout/")
    assert client.get(back).headers["Location"] == "/login/"
    assert not walk.is_in(client)


def test_a_guessed_state_is_refused(cast: Cast, client: Client, connection: SignOnConnection) -> None:
    path = f"/login/sso/{connection.pk}/callback/"
    for query in ("", "?code=x", "?code=x&state=guess", "?state="):
        assert client.get(path + query).headers["Location"] == "/login/"


def test_an_answer_belongs_to_one_connection(
    cast: Cast, client: Client, connection: SignOnConnection, provider: Provider
) -> None:
    """A state that was made for one provider is not taken at the address of another."""
    with organization_context(cast.organization):
        other = provider.connection(is_enabled=False)
    back = walk.local(walk.to_oidc(client, connection, provider))
    moved = back.replace(str(connection.pk), str(other.pk))
    assert client.get(moved).headers["Location"] == "/login/"
    assert not walk.is_in(client)


def test_a_log_in_that_the_person_broke_off_says_so(
    cast: Cast, client: Client, connection: SignOnConnection, provider: Provider
) -> None:
    back = walk.query_of(walk.to_oidc(client, connection, provider))
    answer = client.get(
        f"/login/sso/{connection.pk}/callback/", {"state": back["state"], "error": "access_denied"}
    )
    assert answer.status_code == 403
    assert "access_denied" in answer.content.decode()
    again = client.get(
        f"/login/sso/{connection.pk}/callback/", {"state": back["state"], "code": back["code"]}
    )
    assert again.headers["Location"] == "/login/", "a state is used up by whatever comes back with it"
    assert not walk.is_in(client)


def test_the_address_may_come_from_userinfo_of_the_same_person(
    cast: Cast, client: Client, connection: SignOnConnection, provider: Provider
) -> None:
    provider.wrong = {"email": None}
    provider.userinfo = {"sub": "somebody else", "email": "vera@halden.example"}
    answer = walk.oidc(client, connection, provider)
    assert "two different people" in answer.content.decode()
    provider.userinfo["sub"] = "oidc-1"
    walk.oidc(client, connection, provider)
    assert client.session["_auth_user_id"] == str(cast.vera.pk)


def test_a_provider_has_to_be_called_what_it_calls_itself(
    cast: Cast, client: Client, connection: SignOnConnection, provider: Provider
) -> None:
    provider.discovery = {"issuer": "https://login.halden.example"}
    answer = client.get(f"/login/sso/{connection.pk}/go/", follow=True)
    assert "Enter exactly that as the issuer" in answer.content.decode()


def test_a_provider_that_is_away_is_named(
    cast: Cast, client: Client, connection: SignOnConnection, provider: Provider
) -> None:
    provider.server.server_close()
    answer = client.get(f"/login/sso/{connection.pk}/go/", follow=True)
    assert "127.0.0.1 cannot be reached" in answer.content.decode()


def test_an_unverified_address_is_refused(
    cast: Cast, client: Client, connection: SignOnConnection, provider: Provider
) -> None:
    provider.wrong = {"email_verified": False}
    answer = walk.oidc(client, connection, provider)
    assert "is not verified" in answer.content.decode()
    assert not walk.is_in(client)


def test_groups_give_roles_at_every_log_in_but_never_an_owner(
    cast: Cast, client: Client, connection: SignOnConnection, provider: Provider
) -> None:
    roles = [{"group": "boss", "role": "admin"}, {"group": "desk", "role": "agent"}]
    with organization_context(cast.organization):
        SignOnConnection.objects.update(role_map=roles, default_role="analyst")

    def role_after(groups: list[str]) -> str:
        provider.person["groups"] = groups
        walk.oidc(Client(), connection, provider)
        return Membership.objects.get(user=cast.vera).role

    assert role_after(["desk", "boss"]) == "admin"
    assert role_after(["desk"]) == "agent"
    assert role_after(["unknown"]) == "analyst"
    assert [one.after["role"] for one in walk.trail(cast.organization, "member.role_changed")] == [
        "admin",
        "agent",
        "analyst",
    ]
    provider.person = {"sub": "o", "email": "olga@halden.example", "groups": ["desk"]}
    walk.oidc(Client(), connection, provider)
    assert Membership.objects.get(user=cast.olga).role == "owner"


def test_the_second_log_in_is_by_subject(
    cast: Cast, client: Client, connection: SignOnConnection, provider: Provider
) -> None:
    """A member who marries has a new address there; an address that is given to somebody new opens nothing."""
    walk.oidc(client, connection, provider)
    provider.person["email"] = "vera.new@halden.example"
    married = Client()
    walk.oidc(married, connection, provider)
    assert married.session["_auth_user_id"] == str(cast.vera.pk)
    provider.person = {"sub": "oidc-2", "email": "vera@halden.example"}
    answer = walk.oidc(Client(), connection, provider)
    assert answer.status_code == 403
    assert "belongs to somebody else" in answer.content.decode()
    with organization_context(cast.organization):
        assert SignOnIdentity.objects.count() == 1


def test_the_session_ends_after_hours(
    cast: Cast, client: Client, connection: SignOnConnection, provider: Provider, settings: Any
) -> None:
    settings.SIGN_ON_SESSION_HOURS = 3
    walk.oidc(client, connection, provider)
    assert client.session.get_expiry_age() == 3 * 3600
