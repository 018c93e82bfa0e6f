"""The settings pages: who may do what, the test of a connection, secrets that stay secret."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import AuditEntry, SignOnConnection, SignOnIdentity
from accounts.refusal import Refused
from accounts.sso import connections, saml
from accounts.sso.refusals import SignOnError
from accounts.sso.secrets import seal, unseal
from accounts.tenancy import organization_context
from tests.accounts.sso import walk
from tests.accounts.sso.conftest import proven
from tests.accounts.sso.idp import ENTITY, URL, Answer, key_pair, metadata
from tests.accounts.sso.oidc_provider import SECRET, Provider
from tests.cast import Cast

pytestmark = pytest.mark.django_db

PAGE = "/o/halden/settings/sign-on/"


def only(cast: Cast) -> SignOnConnection:
    with organization_context(cast.organization):
        return SignOnConnection.objects.get()


def add(client: Client, cast: Cast, protocol: str) -> str:
    answer = client.post(f"{PAGE}add/", {"name": "Mine", "protocol": protocol})
    assert answer.headers["Location"] == f"{PAGE}{only(cast).pk}/"
    return answer.headers["Location"]


def oidc_fields(provider: Provider, **more: str) -> dict[str, str]:
    return {
        "name": "Mine",
        "issuer": provider.issuer,
        "client_id": "cem",
        "client_secret": SECRET,
        "admits_new": "on",
        "default_role": "analyst",
        "roles": "",
        **more,
    }


def test_from_nothing_to_in_use(cast: Cast, client: Client, provider: Provider) -> None:
    """An administrator prepares and tests; an owner puts it in use."""
    proven(cast.organization, "halden.example")
    client.force_login(cast.amir)
    path = add(client, cast, "oidc")
    page = client.get(path).content.decode()
    assert f"http://testserver/login/sso/{only(cast).pk}/callback/" in page
    assert "Test this connection" not in page

    page = client.post(path, oidc_fields(provider), follow=True).content.decode()
    assert "Test it before it is put in use" in page
    assert SECRET not in page
    assert only(cast).client_secret != SECRET
    assert unseal(only(cast).client_secret) == SECRET
    with organization_context(cast.organization):
        trail = str(list(AuditEntry.objects.values_list("before", "after")))
    assert SECRET not in trail
    assert only(cast).client_secret not in trail

    provider.person = {"sub": "amir", "email": "amir@halden.example", "name": "Amir", "groups": ["it"]}
    asked = walk.query_of(client.get(f"{path}test/").headers["Location"])
    back = client.get(walk.local(provider.authorize(asked)))
    assert back.headers["Location"] == path
    page = client.get(path).content.decode()
    assert "The test went through" in page
    assert "amir@halden.example" in page
    assert "refused" not in page
    assert "The test went through" not in client.get(path).content.decode(), "shown once"
    assert client.session["_auth_user_id"] == str(cast.amir.pk)
    with organization_context(cast.organization):
        assert not SignOnIdentity.objects.exists(), "nobody was let in by it"

    assert client.post(f"{path}use/").status_code == 403, "an administrator"
    owner = Client()
    owner.force_login(cast.olga)
    owner.post(f"{path}use/")
    assert only(cast).is_enabled
    newcomer = Client()
    provider.person = {"sub": "new", "email": "new@halden.example"}
    walk.oidc(newcomer, only(cast), provider)
    assert walk.is_in(newcomer)
    page = client.get(PAGE).content.decode()
    assert "new@halden.example" in page

    with organization_context(cast.organization):
        identity = SignOnIdentity.objects.get()
    client.post(f"{PAGE}people/{identity.pk}/forget/")
    with organization_context(cast.organization):
        assert not SignOnIdentity.objects.exists()


def test_a_test_tells_who_would_be_refused(cast: Cast, client: Client, provider: Provider) -> None:
    with organization_context(cast.organization):
        made = provider.connection(is_enabled=False, tested_at=None)
    client.force_login(cast.amir)
    asked = walk.query_of(client.get(f"{PAGE}{made.pk}/test/").headers["Location"])
    client.get(walk.local(provider.authorize(asked)))
    page = client.get(f"{PAGE}{made.pk}/").content.decode()
    assert "At a real log-in this person would be refused" in page
    assert "has proven" in page
    assert only(cast).is_tested


def test_a_test_that_fails_says_why(cast: Cast, client: Client, provider: Provider) -> None:
    with organization_context(cast.organization):
        made = provider.connection(is_enabled=False, tested_at=None)
    client.force_login(cast.amir)
    provider.wrong = {"aud": "another"}
    asked = walk.query_of(client.get(f"{PAGE}{made.pk}/test/").headers["Location"])
    client.get(walk.local(provider.authorize(asked)))
    page = client.get(f"{PAGE}{made.pk}/").content.decode()
    assert "The test failed" in page
    assert "ID token is not valid" in page
    assert not only(cast).is_tested


def test_a_test_is_no_way_in(cast: Cast, client: Client, provider: Provider) -> None:
    """Logged out in between, or somebody without the right: nothing is shown and nobody is let in."""
    proven(cast.organization, "halden.example")
    with organization_context(cast.organization):
        made = provider.connection(is_enabled=False, tested_at=None)
    client.force_login(cast.amir)
    asked = walk.query_of(client.get(f"{PAGE}{made.pk}/test/").headers["Location"])
    session = client.session
    session.pop("_auth_user_id")
    session.save()
    assert client.get(walk.local(provider.authorize(asked))).status_code == 403
    assert not only(cast).is_tested
    assert not walk.is_in(client)


def test_what_is_trusted_is_tested_anew(cast: Cast, client: Client, provider: Provider) -> None:
    with organization_context(cast.organization):
        made = provider.connection()
    client.force_login(cast.amir)
    client.post(
        f"{PAGE}{made.pk}/", oidc_fields(provider, client_secret="", default_role="viewer", name="New name")
    )
    row = only(cast)
    assert (row.name, row.is_enabled, row.is_tested) == ("New name", True, True)
    assert unseal(row.client_secret) == SECRET, "empty: it stays"
    client.post(f"{PAGE}{made.pk}/", oidc_fields(provider, client_id="another"))
    row = only(cast)
    assert (row.client_id, row.is_enabled, row.is_tested) == ("another", False, False)
    with organization_context(cast.organization), pytest.raises(Refused, match="Test this connection first"):
        connections.enable(connection=row)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("issuer", "http://10.0.0.1/", "private network"),
        ("issuer", "nonsense", "has to begin with https"),
        ("roles", "boss: admin", "is not group = role"),
        ("roles", "boss = king", "is not group = role"),
        ("roles", "boss = owner", "No group makes an owner"),
        ("default_role", "owner", "not one of the available choices"),
    ],
)
def test_wrong_input_is_said_at_the_field(
    field: str, value: str, message: str, cast: Cast, client: Client, provider: Provider, settings: Any
) -> None:
    client.force_login(cast.amir)
    path = add(client, cast, "oidc")
    if field == "issuer":
        settings.SIGN_ON_PRIVATE_ADDRESSES = False
    if "10.0.0.1" in value:
        value = "https://10.0.0.1/"
    answer = client.post(path, oidc_fields(provider, **{field: value}))
    assert answer.status_code == 422
    assert message in answer.content.decode()


def test_groups_are_written_line_by_line(cast: Cast, client: Client, provider: Provider) -> None:
    client.force_login(cast.amir)
    path = add(client, cast, "oidc")
    lines = "cn=CX = Leads,ou=x = Administrator\n\n  desk=agent "
    client.post(path, oidc_fields(provider, roles=lines))
    assert only(cast).role_map == [
        {"group": "cn=CX = Leads,ou=x", "role": "admin"},
        {"group": "desk", "role": "agent"},
    ]
    assert "desk = agent" in client.get(path).content.decode()


def saml_fields(**more: str) -> dict[str, str]:
    return {"name": "Mine", "metadata": metadata(), "admits_new": "on", "default_role": "viewer", **more}


def test_saml_is_set_up_by_pasting_metadata(cast: Cast, client: Client) -> None:
    proven(cast.organization, "halden.example")
    client.force_login(cast.olga)
    path = add(client, cast, "saml")
    client.post(path, saml_fields())
    row = only(cast)
    assert (row.idp_entity_id, row.idp_url, row.idp_certificates) == (ENTITY, URL, key_pair("halden")[1])
    page = client.get(path).content.decode()
    assert "CN=halden signing" in page
    assert f"/login/sso/{row.pk}/acs/" in page

    answer = client.get(f"{path}test/")
    assert answer.headers["Location"].startswith(URL)
    (state,) = client.session["sign_on_pending"]
    posted = walk.post(row, Answer(connection=row, request_id=state, groups=("a", "b")).encoded())
    assert client.get(posted.headers["Location"]).headers["Location"] == path
    page = client.get(path).content.decode()
    assert "The test went through" in page
    assert "a, b" in page
    client.post(f"{path}use/")
    client.post(path, saml_fields(metadata="", name="Renamed"))
    assert (only(cast).name, only(cast).is_enabled) == ("Renamed", True)


@pytest.mark.parametrize(
    "text",
    [
        "<EntityDescriptor/>",
        "<nonsense",
        '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + metadata().replace("signing", "&x;"),
        metadata(certificate="AAAA"),
        metadata().replace(URL, "http://plain.example/"),
        metadata().replace(URL, "javascript:alert(1)"),
        "https://169.254.169.254/latest/",
        "",
    ],
)
def test_what_is_no_metadata_is_refused(text: str, cast: Cast, client: Client) -> None:
    client.force_login(cast.amir)
    path = add(client, cast, "saml")
    assert client.post(path, saml_fields(metadata=text)).status_code == 422
    assert not only(cast).idp_url


def test_without_its_library_saml_is_not_offered(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saml, "available", lambda: False)
    client.force_login(cast.amir)
    page = client.get(PAGE).content.decode()
    assert "SAML is missing" in page
    assert client.post(f"{PAGE}add/", {"name": "x", "protocol": "saml"}).status_code == 422
    assert client.post(f"{PAGE}add/", {"name": "x", "protocol": "oidc"}).status_code == 302


def test_secrets_survive_a_rotated_secret_key_and_nothing_else(settings: Any) -> None:
    kept = seal("s3cret")
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another key altogether"
    assert unseal(kept) == "s3cret"
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(SignOnError, match="Enter it anew"):
        unseal(kept)
    from accounts.login.adapters import MFAAdapter

    with pytest.raises(SignOnError):
        unseal(MFAAdapter().encrypt("s3cret"))


def test_requiring_it_is_an_owners_to_decide(cast: Cast, client: Client) -> None:
    client.force_login(cast.amir)
    assert client.post(f"{PAGE}required/", {"required": "1"}).status_code == 403
    client.force_login(cast.olga)
    page = client.post(f"{PAGE}required/", {"required": "1"}, follow=True).content.decode()
    assert "Put a connection in use first" in page
