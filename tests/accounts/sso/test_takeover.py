"""A provider speaks for its own organization, whatever it says: the evil one and the merely curious."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import MemberInvitation, Membership, Organization, SignOnConnection, SignOnDomain, User
from accounts.people.invitations import invite
from accounts.sso.domains import release
from accounts.tenancy import organization_context
from tests.accounts.sso import walk
from tests.accounts.sso.conftest import proven
from tests.accounts.sso.oidc_provider import Provider
from tests.cast import PASSWORD, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def connection(cast: Cast, provider: Provider) -> SignOnConnection:
    proven(cast.organization, "halden.example")
    with organization_context(cast.organization):
        return provider.connection()


@pytest.mark.parametrize(
    "email",
    [
        "otto@other.example",  # a domain that another organization has proven
        "somebody@free.example",  # an account that is nobody's
        "nobody@nowhere.example",  # no account at all
        "x@sub.halden.example",
        "olga@halden.example.evil.example",
        "olga@halden.example@evil.example",
        "olga@halden.example\n@evil.example",
        "olga@hälden.example",
        "",
    ],
)
def test_a_provider_is_heard_about_its_own_domain_alone(
    email: str, cast: Cast, client: Client, connection: SignOnConnection, provider: Provider
) -> None:
    proven(cast.other, "other.example")
    User.objects.create_user("somebody@free.example", PASSWORD, name="Somebody")
    before = User.objects.count()
    provider.person = {"sub": "evil", "email": email, "email_verified": True}
    answer = walk.oidc(client, connection, provider)
    assert answer.status_code == 403
    assert "_auth_user_id" not in client.session
    assert User.objects.count() == before
    (entry,) = walk.trail(cast.organization, "sign_on.refused")
    assert entry.after is not None
    assert entry.after["email"] == email.strip().lower()
    assert not walk.trail(cast.other, "sign_on.refused"), "nothing of it is written into the other's trail"


def test_a_domain_counts_only_while_it_is_proven(
    cast: Cast, client: Client, connection: SignOnConnection, provider: Provider
) -> None:
    with organization_context(cast.organization):
        SignOnDomain.objects.update(proven_at=None)
    assert walk.oidc(client, connection, provider).status_code == 403
    assert client.post("/login/sso/", {"email": "vera@halden.example"}).status_code == 422


@pytest.fixture
def in_both(cast: Cast) -> Organization:
    """Vera works in the other organization as well."""
    Membership.objects.create(organization=cast.other, user=cast.vera, role="admin")
    return cast.other


def test_what_a_provider_opened_opens_no_other_organization(
    cast: Cast, client: Client, connection: SignOnConnection, provider: Provider, in_both: Organization
) -> None:
    walk.oidc(client, connection, provider)
    assert walk.is_in(client)
    for path in ("/o/other/settings/", "/o/other/", "/o/other/settings/people/"):
        answer = client.get(path)
        assert answer.status_code == 403
        page = answer.content.decode()
        assert "Another log-in for Other Goods" in page
        assert "otto@" not in page
    assert client.post("/o/other/settings/profile/", {"name": "x"}).status_code == 403
    assert client.get("/").headers["Location"] == "/o/halden/"
    with_password = Client()
    with_password.post("/login/", {"login": "vera@halden.example", "password": PASSWORD})
    assert walk.is_in(with_password, "other")
    assert walk.is_in(with_password), "Halden Home does not require its own log-in"


@pytest.mark.parametrize(
    "path",
    [
        "/account/password/",
        "/account/email/",
        "/account/second-step/",
        "/account/second-step/app/",
        "/account/second-step/codes/new/",
        "/account/second-step/keys/add/",
        "/account/confirm/",
    ],
)
def test_a_provider_cannot_leave_itself_a_way_into_other_organizations(
    path: str,
    cast: Cast,
    client: Client,
    connection: SignOnConnection,
    provider: Provider,
    in_both: Organization,
) -> None:
    walk.oidc(client, connection, provider)
    answer = client.get(path)
    assert answer.status_code == 403
    assert "Your log-in is kept elsewhere" in answer.content.decode()
    assert client.post(path, {"password1": "x", "email": "evil@evil.example"}).status_code == 403
    assert client.get("/account/sessions/").status_code == 200


def test_nothing_of_an_earlier_log_in_goes_over(
    cast: Cast, client: Client, connection: SignOnConnection, provider: Provider, in_both: Organization
) -> None:
    client.post("/login/", {"login": "vera@halden.example", "password": PASSWORD})
    assert walk.is_in(client, "other")
    before = set(client.session.keys())
    assert "account_authentication_methods" in before
    walk.oidc(client, connection, provider)
    assert not walk.is_in(client, "other")
    assert walk.is_in(client)
    assert "account_authentication_methods" not in client.session
    assert client.session["last_organization"] == "halden"


def test_an_account_of_the_domain_becomes_a_member_without_its_other_rooms(
    cast: Cast, client: Client, connection: SignOnConnection, provider: Provider
) -> None:
    wanda = User.objects.create_user("wanda@halden.example", PASSWORD, name="Wanda")
    Membership.objects.create(organization=cast.other, user=wanda, role="owner")
    provider.person = {"sub": "w", "email": "wanda@halden.example", "name": "Somebody Else"}
    walk.oidc(client, connection, provider)
    wanda.refresh_from_db()
    assert wanda.name == "Wanda"
    assert wanda.has_usable_password()
    assert walk.is_in(client)
    assert not walk.is_in(client, "other")


def test_newcomers_can_be_kept_out_unless_they_are_invited(
    cast: Cast, client: Client, connection: SignOnConnection, provider: Provider
) -> None:
    with organization_context(cast.organization):
        SignOnConnection.objects.update(admits_new=False)
    provider.person = {"sub": "n", "email": "nora@halden.example", "name": "Nora"}
    answer = walk.oidc(client, connection, provider)
    assert "nobody invited this address" in answer.content.decode()
    assert not User.objects.filter(email="nora@halden.example").exists()
    with organization_context(cast.organization):
        owner = Membership.objects.get(organization=cast.organization, user=cast.olga)
        invite(email="nora@halden.example", role="manager", by=owner)
    walk.oidc(client, connection, provider)
    assert Membership.objects.get(user__email="nora@halden.example").role == "manager"
    with organization_context(cast.organization):
        assert MemberInvitation.objects.get().accepted_at is not None


def test_coming_makes_nobody_an_owner(
    cast: Cast, client: Client, connection: SignOnConnection, provider: Provider
) -> None:
    with organization_context(cast.organization):
        owner = Membership.objects.get(organization=cast.organization, user=cast.olga)
        invite(email="nora@halden.example", role="owner", by=owner)
    provider.person = {"sub": "n", "email": "nora@halden.example"}
    walk.oidc(client, connection, provider)
    assert Membership.objects.get(user__email="nora@halden.example").role == "viewer"


def test_a_switched_off_account_stays_out(
    cast: Cast, client: Client, connection: SignOnConnection, provider: Provider
) -> None:
    walk.oidc(Client(), connection, provider)
    User.objects.filter(pk=cast.vera.pk).update(is_active=False)
    assert walk.oidc(client, connection, provider).status_code == 403
    assert not walk.is_in(client)


def test_a_connection_that_is_not_in_use_opens_nothing(
    cast: Cast, client: Client, connection: SignOnConnection, provider: Provider
) -> None:
    back = walk.local(walk.to_oidc(client, connection, provider))
    with organization_context(cast.organization):
        SignOnConnection.objects.update(is_enabled=False)
    assert client.get(back).status_code == 403
    assert client.get(f"/login/sso/{connection.pk}/go/").status_code == 404
    assert not walk.is_in(client)


def test_one_domain_one_organization(cast: Cast, connection: SignOnConnection, settings: Any) -> None:
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError, match="accounts_signondomain_proven"), transaction.atomic():
        proven(cast.other, "halden.example")
    with organization_context(cast.organization):
        release(domain=SignOnDomain.objects.get())
    proven(cast.other, "halden.example")


def test_the_second_step_is_the_providers_in_its_own_organization(
    cast: Cast, client: Client, connection: SignOnConnection, provider: Provider
) -> None:
    Organization.objects.filter(pk=cast.organization.pk).update(second_step_required=True)
    walk.oidc(client, connection, provider)
    assert walk.is_in(client)
    with_password = Client()
    with_password.post("/login/", {"login": "vera@halden.example", "password": PASSWORD})
    assert with_password.get("/o/halden/settings/").headers["Location"] == "/account/second-step/"
