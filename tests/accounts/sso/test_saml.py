"""SAML with answers that are really signed: the one that is right, and every way to be wrong."""

import base64
import copy
from typing import Any

import pytest
from django.test import Client
from lxml import etree

from accounts.models import Membership, SignOnConnection, User
from accounts.sso.addresses import acs_url
from accounts.tenancy import organization_context
from tests.accounts.sso import walk
from tests.accounts.sso.conftest import proven
from tests.accounts.sso.idp import Answer, encode, key_pair, saml_connection
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def connection(cast: Cast) -> SignOnConnection:
    proven(cast.organization, "halden.example")
    with organization_context(cast.organization):
        return saml_connection()


def test_a_member_comes_in_and_lands_where_they_wanted(
    cast: Cast, client: Client, connection: SignOnConnection
) -> None:
    answer = walk.saml(client, connection, next="/o/halden/settings/roles/")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/o/halden/settings/roles/"
    assert client.session["_auth_user_id"] == str(cast.vera.pk)
    assert walk.is_in(client)
    (entry,) = walk.trail(cast.organization, "sign_on.succeeded")
    assert entry.after == {"connection": "Halden IdP", "protocol": "SAML 2.0"}
    assert entry.actor_name == "Vera"
    assert not walk.trail(cast.organization, "login.succeeded"), "told once"


def test_somebody_new_becomes_a_member_with_the_default_role(
    cast: Cast, client: Client, connection: SignOnConnection
) -> None:
    walk.saml(client, connection, subject="u-9", email="Nora@Halden.example", name="Nora New")
    user = User.objects.get(email="nora@halden.example")
    assert user.name == "Nora New"
    assert not user.has_usable_password()
    assert Membership.objects.get(user=user).role == "viewer"
    assert walk.is_in(client)


WRONG: dict[str, dict[str, Any]] = {
    "unsigned": {"sign": "nothing"},
    "only the response signed": {"sign": "response"},
    "signed by somebody else": {"key": "mallory"},
    "signed with SHA-1": {"digest": "sha1"},
    "another audience": {"audience": "https://elsewhere.example"},
    "no audience": {"audience": ""},
    "another recipient": {"recipient": "https://elsewhere.example/acs/"},
    "a recipient that only contains ours": {"recipient": "longer"},
    "no recipient": {"recipient": ""},
    "another issuer": {"issuer": "https://other-idp.example"},
    "expired": {"begins": -4_000, "ends": -400},
    "not yet valid": {"begins": 400, "ends": 800},
    "confirmation expired": {"confirmation_ends": -5},
    "confirmation without an end": {"confirmation_ends": None},
    "the signed part answers another request": {"confirmed_request": "_another"},
    "the signed part answers no request": {"confirmed_request": ""},
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_lets_nobody_in_and_is_told(
    name: str, cast: Cast, client: Client, connection: SignOnConnection
) -> None:
    fields = dict(WRONG[name])
    if fields.get("recipient") == "longer":
        fields["recipient"] = acs_url(connection) + "more/"
    answer = walk.saml(client, connection, **fields)
    assert answer.status_code == 403, answer
    assert not walk.is_in(client)
    (entry,) = walk.trail(cast.organization, "sign_on.refused")
    assert entry.actor_kind == "nobody"
    assert entry.after is not None
    assert "answer" in entry.after["why"]


def test_clocks_may_differ_by_some_minutes(cast: Cast, client: Client, connection: SignOnConnection) -> None:
    walk.saml(client, connection, begins=200, ends=800)
    assert walk.is_in(client)


def test_an_answer_works_once(cast: Cast, client: Client, connection: SignOnConnection) -> None:
    """Even in a second browser that asked with a request of its own."""
    request_id = walk.saml_request(client, connection)
    encoded = Answer(connection=connection, request_id=request_id).encoded()
    first = walk.post(connection, encoded)
    assert first.status_code == 303
    again = walk.post(connection, encoded)
    assert again.status_code == 403
    assert "used before" in again.content.decode()
    assert client.get(first.headers["Location"]).headers["Location"] == "/"
    assert client.get(first.headers["Location"]).headers["Location"] == "/login/"


def test_an_answer_counts_in_the_browser_that_asked_alone(
    cast: Cast, client: Client, connection: SignOnConnection
) -> None:
    """Else somebody could be logged in to another person's account without noticing."""
    request_id = walk.saml_request(client, connection)
    answer = walk.post(connection, Answer(connection=connection, request_id=request_id).encoded())
    victim = Client()
    assert victim.get(answer.headers["Location"]).headers["Location"] == "/login/"
    assert not walk.is_in(victim)


def test_unasked_answers_are_taken_only_where_that_is_allowed(
    cast: Cast, client: Client, connection: SignOnConnection
) -> None:
    unasked = Answer(connection=connection, request_id="")
    refused = walk.post(connection, unasked.encoded())
    assert refused.status_code == 403
    assert "did not begin here" in refused.content.decode()
    with organization_context(cast.organization):
        SignOnConnection.objects.update(allows_unsolicited=True)
    encoded = Answer(connection=connection, request_id="").encoded()
    taken = walk.post(connection, encoded)
    client.get(taken.headers["Location"])
    assert walk.is_in(client)
    assert walk.post(connection, encoded).status_code == 403, "once"


def test_a_second_certificate_lets_the_provider_change_keys(
    cast: Cast, client: Client, connection: SignOnConnection
) -> None:
    with organization_context(cast.organization):
        SignOnConnection.objects.update(idp_certificates=f"{key_pair('halden')[1]}\n{key_pair('next')[1]}")
    walk.saml(client, connection, key="next")
    assert walk.is_in(client)


def _wrapped_beside(genuine: Any) -> Any:
    """The signed assertion stays; a forged one stands before it."""
    assertion = genuine.find("{*}Assertion")
    forged = copy.deepcopy(assertion)
    forged.remove(forged.find("{*}Signature"))
    forged.set("ID", "_forged")
    forged.find(".//{*}AttributeValue").text = "olga@halden.example"
    genuine.insert(list(genuine).index(assertion), forged)
    return genuine


def _wrapped_inside(genuine: Any) -> Any:
    """A forged assertion takes the place, with the signed one hidden in its signature's object."""
    assertion = genuine.find("{*}Assertion")
    forged = copy.deepcopy(assertion)
    forged.set("ID", "_forged")
    forged.find(".//{*}AttributeValue").text = "olga@halden.example"
    hidden = etree.SubElement(forged.find("{*}Signature"), "{http://www.w3.org/2000/09/xmldsig#}Object")
    genuine.replace(assertion, forged)
    hidden.append(assertion)
    return genuine


def _same_id(genuine: Any) -> Any:
    assertion = genuine.find("{*}Assertion")
    forged = copy.deepcopy(assertion)
    forged.find(".//{*}AttributeValue").text = "olga@halden.example"
    extension = etree.Element("{urn:oasis:names:tc:SAML:2.0:protocol}Extensions")
    genuine.replace(assertion, forged)
    genuine.insert(1, extension)
    extension.append(assertion)
    return genuine


def _changed(genuine: Any) -> Any:
    genuine.find(".//{*}AttributeValue").text = "olga@halden.example"
    return genuine


@pytest.mark.parametrize("attack", [_wrapped_beside, _wrapped_inside, _same_id, _changed])
def test_a_signature_covers_what_is_read(
    attack: Any, cast: Cast, client: Client, connection: SignOnConnection
) -> None:
    request_id = walk.saml_request(client, connection)
    genuine = Answer(connection=connection, request_id=request_id).signed()
    answer = walk.post(connection, encode(attack(genuine)))
    assert answer.status_code == 403
    assert not walk.is_in(client)


def test_a_comment_does_not_cut_an_address_short(
    cast: Cast, client: Client, connection: SignOnConnection
) -> None:
    """A comment changes no signature; a parser that stops at it would read another address."""
    proven(cast.organization, "halden.example.evil.example")
    request_id = walk.saml_request(client, connection)
    given = Answer(
        connection=connection, request_id=request_id, subject="u-7", email="olga@halden.example.evil.example"
    )
    text = etree.tostring(given.signed()).replace(b"halden.example.evil", b"halden.example<!-- -->.evil")
    answer = walk.post(connection, encode(text))
    if answer.status_code == 303:
        client.get(answer.headers["Location"])
    assert client.session.get("_auth_user_id") != str(cast.olga.pk)
    assert not User.objects.filter(
        email="olga@halden.example", pk=client.session.get("_auth_user_id")
    ).exists()


ENTITIES = {
    "an entity": b'<!DOCTYPE r [<!ENTITY x "olga">]>',
    "a file": b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    "a bomb": b'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY x "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
}


@pytest.mark.parametrize("name", ENTITIES)
def test_a_document_type_is_refused(
    name: str, cast: Cast, client: Client, connection: SignOnConnection
) -> None:
    request_id = walk.saml_request(client, connection)
    genuine = etree.tostring(Answer(connection=connection, request_id=request_id).signed())
    answer = walk.post(connection, encode(ENTITIES[name] + genuine))
    assert answer.status_code == 403
    assert "cannot be read" in answer.content.decode()


@pytest.mark.parametrize("sent", ["", "not base64 !", base64.b64encode(b"<no").decode(), "A" * 400_000])
def test_nonsense_is_refused(sent: str, cast: Cast, connection: SignOnConnection) -> None:
    assert walk.post(connection, sent).status_code == 403


def test_a_name_that_changes_each_time_is_refused(
    cast: Cast, client: Client, connection: SignOnConnection
) -> None:
    transient = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
    answer = walk.saml(client, connection, subject_format=transient)
    assert answer.status_code == 403
    assert "anew each time" in answer.content.decode()


def test_the_name_may_be_the_address(cast: Cast, client: Client, connection: SignOnConnection) -> None:
    walk.saml(client, connection, subject="vera@halden.example", email="")
    assert client.session["_auth_user_id"] == str(cast.vera.pk)


def test_without_redis_nobody_is_let_in(
    cast: Cast, client: Client, connection: SignOnConnection, settings: Any
) -> None:
    """A replay could not be told from a first time."""
    request_id = walk.saml_request(client, connection)
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    answer = walk.post(connection, Answer(connection=connection, request_id=request_id).encoded())
    assert answer.status_code == 403
    assert "out of order for the moment" in answer.content.decode()


def test_our_metadata_says_what_we_want(cast: Cast, client: Client, connection: SignOnConnection) -> None:
    answer = client.get(f"/login/sso/{connection.pk}/metadata/")
    tree = etree.fromstring(answer.content)
    assert tree.get("entityID") == f"http://testserver/login/sso/{connection.pk}/metadata/"
    sp = tree.find("{*}SPSSODescriptor")
    assert sp.get("WantAssertionsSigned") == "true"
    assert sp.find("{*}AssertionConsumerService").get("Location") == acs_url(connection)
