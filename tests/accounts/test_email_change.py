"""A new address: asked for with the password, confirmed at the new one, told to the old one; sessions stay."""

import re
import secrets
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accounts.login.email import email_token
from accounts.models import AuditEntry, Membership, User
from accounts.tenancy import organization_context
from cem.lib.cache import QuietRedisCache
from tests.cast import PASSWORD, Cast

pytestmark = pytest.mark.django_db

PAGE = "/account/email/"


@pytest.fixture(autouse=True)
def own_counters(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QuietRedisCache, "_away_until", 0.0)
    default = {**settings.CACHES["default"], "KEY_PREFIX": f"test-{secrets.token_hex(6)}"}
    settings.CACHES = {"default": default}
    settings.BASE_URL = "http://testserver"


def log_in(client: Client, email: str = "vera@halden.example") -> bool:
    client.post("/login/", {"login": email, "password": PASSWORD})
    return client.get("/o/halden/settings/").status_code == 200


def confirm(client: Client) -> None:
    assert client.post(f"/account/confirm/?next={PAGE}", {"password": PASSWORD}).status_code == 302


def ask(client: Client, new: str) -> Any:
    confirm(client)
    return client.post(PAGE, {"email": new}, follow=True)


def link_in(message: Any) -> str:
    found = re.search(r"http://testserver(/account/email/\S+/)", str(message.body))
    assert found, message.body
    return found[1]


def test_the_address_changes_when_the_link_is_opened(cast: Cast, client: Client) -> None:
    elsewhere = Client()
    assert log_in(client)
    assert log_in(elsewhere)
    page = ask(client, "Vera.New@Halden.Example").content.decode()
    assert "Open the link in the mail to vera.new@halden.example" in page
    (sent,) = mail.outbox
    assert sent.to == ["vera.new@halden.example"]
    assert User.objects.filter(email="vera@halden.example").exists(), "nothing yet"

    link = link_in(sent)
    assert "vera.new@halden.example" in Client().get(link).content.decode()
    assert User.objects.filter(email="vera@halden.example").exists(), "a scanner of mails presses no button"
    Client().post(link)
    cast.vera.refresh_from_db()
    assert cast.vera.email == "vera.new@halden.example"
    assert mail.outbox[1].to == ["vera@halden.example"]
    assert "vera.new@halden.example" in str(mail.outbox[1].body)
    for session in (client, elsewhere):
        assert session.get("/o/halden/settings/").status_code == 200, "sessions stay"
    assert not log_in(Client())
    assert log_in(Client(), "vera.new@halden.example")
    assert Client().get(link).status_code == 404, "once"

    with organization_context(cast.organization):
        entry = AuditEntry.objects.get(action="member.email_changed")
    assert entry.actor_name == "Vera"
    assert entry.before == {"email": "•••"}
    assert entry.after == {"email": "•••"}


def test_every_organization_is_told(cast: Cast, client: Client) -> None:
    Membership.objects.create(organization=cast.other, user=cast.vera, role="viewer")
    Client().post(f"{PAGE}{email_token(cast.vera, 'v@new.example')}/")
    for organization in (cast.organization, cast.other):
        with organization_context(organization):
            assert AuditEntry.objects.filter(action="member.email_changed").count() == 1


def test_an_address_with_an_account_is_told_and_nobody_else(cast: Cast, client: Client) -> None:
    log_in(client)
    free = ask(client, "free@halden.example").content.decode()
    taken = ask(client, "olga@halden.example").content.decode()
    assert free.replace("free@", "olga@").count("olga@halden.example") == taken.count("olga@halden.example")
    assert "http" not in str(mail.outbox[1].body)
    assert "has an account of its own already" in str(mail.outbox[1].body)
    link = f"{PAGE}{email_token(cast.vera, 'olga@halden.example')}/"
    answer = Client().post(link)
    assert answer.status_code == 422
    assert "has an account of its own already" in answer.content.decode()


def test_the_password_is_asked_for_again_after_a_while(cast: Cast, client: Client) -> None:
    client.force_login(cast.vera)
    assert client.get(PAGE).headers["Location"].startswith("/account/confirm/")
    assert client.post(PAGE, {"email": "x@new.example"}).headers["Location"].startswith("/account/confirm/")
    assert not mail.outbox
    answer = client.post(f"/account/confirm/?next={PAGE}", {"password": PASSWORD})
    assert answer.headers["Location"] == PAGE
    assert [one.to for one in mail.outbox] == [["x@new.example"]], "what was asked for goes on"


def test_links_that_were_not_made_here_are_dead(cast: Cast, client: Client) -> None:
    link = f"{PAGE}{email_token(cast.vera, 'v@new.example')}/"
    assert client.post(link.replace("a", "b", 1)).status_code == 404
    User.objects.filter(pk=cast.vera.pk).update(is_active=False)
    assert client.post(link).status_code == 404


def test_it_cannot_be_used_to_send_many_mails(cast: Cast, client: Client) -> None:
    log_in(client)
    confirm(client)
    for number in range(12):
        answer = client.post(PAGE, {"email": f"v{number}@new.example"})
    assert answer.status_code == 422
    assert "Too many changes" in answer.content.decode()
    assert len(mail.outbox) == 10


def test_ones_own_address_is_no_change(cast: Cast, client: Client) -> None:
    log_in(client)
    assert "your address already" in ask(client, "vera@halden.example").content.decode()
    assert not mail.outbox
