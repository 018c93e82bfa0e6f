"""An organization that requires its own log-in: every other way in is closed, but for owners with a second step."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail
from django.test import Client

from accounts.login.email import email_token
from accounts.models import MemberInvitation, Membership, Organization, SignOnConnection, SignOnDomain, User
from accounts.organizations.founding import sign_up_token
from accounts.people.invitations import fresh_token, invite
from accounts.refusal import Refused
from accounts.sso import connections
from accounts.sso.requirement import outside_members, set_required
from accounts.tenancy import organization_context
from tests.accounts.sso import walk
from tests.accounts.sso.conftest import proven
from tests.accounts.sso.oidc_provider import Provider
from tests.accounts.test_login import code_of
from tests.cast import PASSWORD, Cast

pytestmark = pytest.mark.django_db

SENTENCE = "Halden Home asks people with your address to come in through its own log-in."
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def log_in(client: Client, email: str, password: str = PASSWORD) -> Any:
    return client.post("/login/", {"login": email, "password": password})


def with_app(user: User) -> None:
    TOTP.activate(user, TOTP_SECRET)


@pytest.fixture
def connection(cast: Cast, provider: Provider) -> SignOnConnection:
    """Required, by Olga, who has a second step."""
    proven(cast.organization, "halden.example")
    with_app(cast.olga)
    with organization_context(cast.organization):
        made = provider.connection()
        owner = Membership.objects.select_related("user").get(organization=cast.organization, user=cast.olga)
        set_required(organization=cast.organization, required=True, by=owner)
    return made


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("vera@halden.example", PASSWORD),
        ("vera@halden.example", "wrong"),
        ("nobody@halden.example", "wrong"),
        ("olga@halden.example", "wrong"),
        ("VERA@HALDEN.EXAMPLE", PASSWORD),
    ],
)
def test_a_password_opens_nothing_and_every_answer_is_the_same(
    email: str, password: str, cast: Cast, client: Client, connection: SignOnConnection
) -> None:
    answer = log_in(client, email, password)
    assert answer.status_code == 200
    assert SENTENCE in answer.content.decode()
    assert "do not match" not in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_the_provider_opens_it(
    cast: Cast, client: Client, connection: SignOnConnection, provider: Provider
) -> None:
    walk.oidc(client, connection, provider)
    assert walk.is_in(client)


def test_people_of_other_domains_and_other_organizations_are_not_asked(
    cast: Cast, client: Client, connection: SignOnConnection
) -> None:
    guest = User.objects.create_user("guest@agency.example", PASSWORD, name="Guest")
    Membership.objects.create(organization=cast.organization, user=guest, role="viewer")
    log_in(client, "guest@agency.example")
    assert walk.is_in(client)
    other = Client()
    log_in(other, "otto@other.example")
    assert walk.is_in(other, "other")
    with organization_context(cast.organization):
        assert [one.user for one in outside_members(cast.organization)] == [guest]


def test_a_session_from_before_leads_to_the_right_log_in(
    cast: Cast, client: Client, connection: SignOnConnection
) -> None:
    Organization.objects.update(sign_on_required=False)
    log_in(client, "vera@halden.example")
    assert walk.is_in(client)
    Organization.objects.filter(pk=cast.organization.pk).update(sign_on_required=True)
    answer = client.get("/o/halden/settings/roles/")
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "asks people with your address to come in through its own log-in" in page
    assert f"/login/sso/{connection.pk}/?next=/o/halden/settings/roles/" in page
    assert client.post("/o/halden/settings/profile/", {"name": "x"}).status_code == 403
    assert Organization.objects.get(pk=cast.organization.pk).name == "Halden Home"


def test_an_owner_with_a_second_step_goes_round_and_is_told(
    cast: Cast, client: Client, connection: SignOnConnection
) -> None:
    answer = log_in(client, "olga@halden.example")
    assert answer.headers["Location"].startswith("/login/second-step/")
    assert not walk.is_in(client), "the password alone"
    client.post("/login/second-step/", {"code": code_of(TOTP_SECRET)})
    assert walk.is_in(client)
    (entry,) = walk.trail(cast.organization, "sign_on.gone_round")
    assert entry.actor_name == "Olga"


def test_an_owner_without_a_second_step_does_not(
    cast: Cast, client: Client, connection: SignOnConnection
) -> None:
    Authenticator.objects.all().delete()
    assert SENTENCE in log_in(client, "olga@halden.example").content.decode()
    client.force_login(cast.olga)
    assert client.get("/o/halden/settings/").status_code == 403


def test_an_administrator_with_a_second_step_does_not(
    cast: Cast, client: Client, connection: SignOnConnection
) -> None:
    with_app(cast.amir)
    assert SENTENCE in log_in(client, "amir@halden.example").content.decode()


def test_a_password_reset_is_refused(cast: Cast, client: Client, connection: SignOnConnection) -> None:
    answer = client.post("/password/reset/", {"email": "vera@halden.example"})
    assert answer.status_code == 200
    assert SENTENCE in answer.content.decode()
    assert not mail.outbox
    assert client.post("/password/reset/", {"email": "otto@other.example"}).status_code == 302


def test_sign_up_is_refused(cast: Cast, client: Client, connection: SignOnConnection, settings: Any) -> None:
    settings.SIGN_UP = "open"
    answer = client.post("/sign-up/", {"email": "new@halden.example"})
    assert SENTENCE in answer.content.decode()
    assert not mail.outbox
    link = f"/sign-up/{sign_up_token('new@halden.example')}/"
    assert client.get(link).headers["Location"] == f"/login/sso/?next={link}"
    sent = {"organization": "X", "time_zone": "UTC", "currency": "EUR", "name": "N", "password": PASSWORD}
    client.post(link, sent)
    assert not User.objects.filter(email="new@halden.example").exists()


def test_an_invited_person_is_sent_there_instead_of_choosing_a_password(
    cast: Cast, client: Client, connection: SignOnConnection, provider: Provider
) -> None:
    with organization_context(cast.organization):
        owner = Membership.objects.get(organization=cast.organization, user=cast.olga)
        token = fresh_token(invite(email="nora@halden.example", role="analyst", by=owner))
    page = client.get(f"/join/{token}/").content.decode()
    assert f"/login/sso/?next=/join/{token}/" in page
    assert "password" not in page.lower()
    client.post(f"/join/{token}/", {"name": "Nora", "password": PASSWORD})
    assert not User.objects.filter(email="nora@halden.example").exists()
    provider.person = {"sub": "n", "email": "nora@halden.example"}
    walk.oidc(client, connection, provider)
    assert Membership.objects.get(user__email="nora@halden.example").role == "analyst"
    with organization_context(cast.organization):
        assert not MemberInvitation.objects.get().is_open


def test_nobody_moves_their_address_into_the_domain(
    cast: Cast, client: Client, connection: SignOnConnection
) -> None:
    log_in(client, "otto@other.example")
    client.post("/account/confirm/?next=/account/email/", {"password": PASSWORD})
    answer = client.post("/account/email/", {"email": "otto@halden.example"})
    assert SENTENCE in answer.content.decode()
    assert not mail.outbox


def test_nobody_takes_their_address_out_of_it(
    cast: Cast, client: Client, connection: SignOnConnection
) -> None:
    """With a session from before, to go on with a password at another address."""
    link = f"/account/email/{email_token(cast.vera, 'vera@private.example')}/"
    Organization.objects.update(sign_on_required=False)
    log_in(client, "vera@halden.example")
    client.post("/account/confirm/?next=/account/email/", {"password": PASSWORD})
    Organization.objects.filter(pk=cast.organization.pk).update(sign_on_required=True)
    answer = client.post("/account/email/", {"email": "vera@private.example"})
    assert SENTENCE in answer.content.decode()
    assert SENTENCE in client.post(link).content.decode()
    cast.vera.refresh_from_db()
    assert cast.vera.email == "vera@halden.example"


def test_too_many_attempts_are_still_too_many(
    cast: Cast, client: Client, connection: SignOnConnection
) -> None:
    for _ in range(5):
        log_in(client, "olga@halden.example", "guess")
    assert "Too many log-ins failed" in log_in(client, "olga@halden.example").content.decode()


def ready(cast: Cast, provider: Provider, **without: bool) -> Membership:
    if not without.get("domain"):
        proven(cast.organization, "halden.example")
    if not without.get("step"):
        with_app(cast.olga)
    if without.get("password"):
        cast.olga.set_unusable_password()
        cast.olga.save()
    with organization_context(cast.organization):
        if not without.get("connection"):
            provider.connection()
        return Membership.objects.select_related("user").get(organization=cast.organization, user=cast.olga)


@pytest.mark.parametrize(
    ("missing", "message"),
    [
        ("connection", "Put a connection in use first"),
        ("domain", "Prove a domain first"),
        ("step", "a second step of your own first"),
        ("password", "Set up a password"),
    ],
)
def test_it_is_required_only_when_a_broken_provider_locks_nobody_out(
    missing: str, message: str, cast: Cast, provider: Provider
) -> None:
    owner = ready(cast, provider, **{missing: True})
    with organization_context(cast.organization), pytest.raises(Refused, match=message):
        set_required(organization=cast.organization, required=True, by=owner)


def test_what_everybody_needs_cannot_be_taken_away(
    cast: Cast, connection: SignOnConnection, provider: Provider
) -> None:
    with organization_context(cast.organization):
        for work in (
            lambda: connections.disable(connection=connection),
            lambda: connections.change(connection=connection, client_id="another"),
            lambda: connections.remove(connection=connection),
        ):
            with pytest.raises(Refused):
                work()
        connections.change(connection=connection, name="Renamed", default_role="agent")
        second = provider.connection(is_enabled=False, name="Second")
        connections.enable(connection=second)
        connections.remove(connection=connection)


def test_an_operator_can_stop_requiring_it(
    cast: Cast, client: Client, connection: SignOnConnection, capsys: pytest.CaptureFixture[str]
) -> None:
    from django.core.management import CommandError, call_command

    call_command("sign_on", "list")
    call_command("sign_on", "optional", "halden")
    said = capsys.readouterr().out
    assert "halden: Little Provider (OpenID Connect), required; halden.example" in said
    assert "can log in with a password" in said
    log_in(client, "vera@halden.example")
    assert walk.is_in(client)
    (_, entry) = walk.trail(cast.organization, "sign_on.requirement_changed")
    assert (entry.actor_kind, entry.after) == ("system", {"required": False})
    with pytest.raises(CommandError, match="no organization"):
        call_command("sign_on", "optional", "nothing")


def test_it_costs_nothing_where_nobody_asked_for_it(
    cast: Cast, client: Client, query_budget: Any, connection: SignOnConnection
) -> None:
    """The gate asks the database only in an organization that requires its own log-in."""
    with organization_context(cast.other):
        assert not SignOnDomain.objects.exists()
    client.force_login(cast.otto)
    client.get("/o/other/brand.css")
    with query_budget(8) as asked:
        client.get("/o/other/brand.css")
    assert not [
        query
        for query in asked.captured_queries
        if "sign_on_" in query["sql"].replace("sign_on_required", "")
    ]
