"""Log-in as people do it: password, second step, throttling, sessions, reset."""

import re
import secrets
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client

from accounts.audit.logins import email_hash
from accounts.login.adapters import MFAAdapter
from accounts.login.network import network_of
from accounts.models import FailedLogin, Organization
from cem.lib.cache import QuietRedisCache
from tests.cast import PASSWORD, Cast

pytestmark = pytest.mark.django_db

STEP = "/account/second-step/"


@pytest.fixture(autouse=True)
def own_counters(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A part of the one Redis that only this test counts in."""
    monkeypatch.setattr(QuietRedisCache, "_away_until", 0.0)  # what an earlier test did to it is over
    default = {**settings.CACHES["default"], "KEY_PREFIX": f"test-{secrets.token_hex(6)}"}
    settings.CACHES = {"default": default}


def log_in(client: Client, email: str, password: str = PASSWORD, **more: Any) -> Any:
    return client.post("/login/", {"login": email, "password": password}, **more)


def is_in(client: Client) -> bool:
    return client.get("/o/halden/settings/").status_code == 200


def code_of(secret: str) -> str:
    counter = int(time.time()) // 30
    return str(totp.format_hotp_value(totp.hotp_value(secret, counter)))


def with_app(client: Client) -> str:
    """Set up an authenticator app as a person does; gives its secret."""
    answer = client.get(f"{STEP}app/")
    if answer.status_code == 302:  # asks for the password once more
        assert (
            client.post(answer.headers["Location"], {"password": PASSWORD}).headers["Location"]
            == f"{STEP}app/"
        )
    page = client.get(f"{STEP}app/").content.decode()
    secret = re.search(r'id="authenticator_secret"[^>]* value="([A-Z2-7]+)"', page)
    assert secret, page
    answer = client.post(f"{STEP}app/", {"code": code_of(secret[1])})
    assert answer.status_code == 302, answer.content.decode()
    return secret[1]


def test_email_and_password_open_the_page_that_was_asked_for(cast: Cast, client: Client) -> None:
    answer = client.get("/o/halden/settings/")
    where = answer.headers["Location"]
    page = client.get(where).content.decode()
    assert 'name="next" value="/o/halden/settings/"' in page
    answer = client.post(
        "/login/", {"login": " Olga@Halden.Example", "password": PASSWORD, "next": "/o/halden/settings/"}
    )
    assert answer.headers["Location"] == "/o/halden/settings/"
    assert is_in(client)
    client.post("/logout/")
    assert not is_in(client)


@pytest.mark.parametrize("email", ["olga@halden.example", "nobody@halden.example"])
def test_a_wrong_log_in_looks_the_same_with_and_without_an_account(
    cast: Cast, client: Client, email: str
) -> None:
    answer = log_in(client, email, "not the password")
    assert answer.status_code == 200
    assert "Email and password do not match" in answer.content.decode()
    assert not is_in(client)


def test_a_switched_off_account_does_not_get_in(cast: Cast, client: Client) -> None:
    type(cast.olga).objects.filter(pk=cast.olga.pk).update(is_active=False)
    log_in(client, "olga@halden.example")
    assert not is_in(client)


def test_a_foreign_next_is_not_followed(cast: Cast, client: Client) -> None:
    sent = {"login": "olga@halden.example", "password": PASSWORD, "next": "https://evil.example/"}
    assert client.post("/login/", sent).headers["Location"] == "/"


def test_failing_on_purpose_locks_out_nobody_but_oneself(cast: Cast) -> None:
    attacker, owner = Client(REMOTE_ADDR="203.0.113.9"), Client(REMOTE_ADDR="198.51.100.4")
    for _ in range(5):
        log_in(attacker, "olga@halden.example", "guess")
    answer = log_in(attacker, "olga@halden.example")
    assert "Too many log-ins failed from this network" in answer.content.decode()
    assert not is_in(attacker)
    near = Client(REMOTE_ADDR="203.0.113.200")
    log_in(near, "OLGA@halden.example")
    assert not is_in(near), "another address of the same network"
    log_in(owner, "olga@halden.example")
    assert is_in(owner), "the owner, from elsewhere"
    log_in(attacker, "vera@halden.example")
    assert is_in(attacker), "another account, from the same network"


def test_successful_log_ins_are_not_counted(cast: Cast) -> None:
    for _ in range(7):
        client = Client()
        log_in(client, "olga@halden.example")
        assert is_in(client)


@pytest.mark.parametrize(
    ("address", "network"),
    [("203.0.113.9", "203.0.113.0/24"), ("2001:db8:1:2:3::4", "2001:db8:1:2::/64")],
)
def test_an_address_counts_as_its_network(address: str, network: str) -> None:
    assert network_of(address) == network


def test_without_redis_people_still_get_in(cast: Cast, client: Client, settings: Any) -> None:
    away = {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {"default": away}
    log_in(client, "olga@halden.example")
    assert is_in(client)


def test_the_second_step_is_asked_for_and_its_secret_is_encrypted(cast: Cast, client: Client) -> None:
    log_in(client, "olga@halden.example")
    secret = with_app(client)
    stored = Authenticator.objects.get(user=cast.olga, type="totp").data["secret"]
    assert secret not in stored
    assert MFAAdapter().decrypt(stored) == secret

    other = Client()
    answer = log_in(other, "olga@halden.example")
    assert answer.headers["Location"].startswith("/login/second-step/")
    assert not is_in(other), "the password alone opens nothing"
    assert "do not match" not in other.get("/login/second-step/").content.decode()
    assert other.post("/login/second-step/", {"code": "000000"}).status_code == 200
    assert not is_in(other)
    assert other.post("/login/second-step/", {"code": code_of(secret)}).status_code == 302
    assert is_in(other)


def test_codes_cannot_be_guessed_for_long(cast: Cast, client: Client) -> None:
    log_in(client, "olga@halden.example")
    secret = with_app(client)
    other = Client()
    log_in(other, "olga@halden.example")
    for _ in range(5):
        other.post("/login/second-step/", {"code": "000000"})
    answer = other.post("/login/second-step/", {"code": code_of(secret)})
    assert answer.status_code == 200
    assert not is_in(other)


def test_a_recovery_code_works_once(cast: Cast, client: Client) -> None:
    log_in(client, "olga@halden.example")
    with_app(client)
    page = client.get(f"{STEP}codes/").content.decode()
    codes = re.findall(r"\b\d{8}\b", page)
    assert len(codes) == 10
    for expected in (True, False):
        other = Client()
        log_in(other, "olga@halden.example")
        other.post("/login/second-step/", {"code": codes[0]})
        assert is_in(other) is expected


def test_secrets_survive_a_rotated_secret_key(settings: Any) -> None:
    kept = MFAAdapter().encrypt("JBSWY3DP")
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another key altogether"
    assert MFAAdapter().decrypt(kept) == "JBSWY3DP"


def test_an_organization_can_require_it(cast: Cast, client: Client) -> None:
    log_in(client, "olga@halden.example")
    assert is_in(client)
    Organization.objects.filter(pk=cast.organization.pk).update(second_step_required=True)
    answer = client.get("/o/halden/settings/")
    assert answer.headers["Location"] == STEP
    assert "Halden Home asks for a second step" in client.get(STEP).content.decode()
    assert client.post("/o/halden/settings/profile/", {"name": "x"}).headers["Location"] == STEP
    key = cast.key("crm:read")
    assert Client().get("/api/v1/customers", headers={"Authorization": f"Bearer {key}"}).status_code == 200
    with_app(client)
    assert is_in(client)
    outsider = Client()
    log_in(outsider, "otto@other.example")
    assert outsider.get("/o/other/settings/").status_code == 200, "another organization does not"
    assert outsider.get("/o/halden/settings/").status_code == 404


def test_the_page_asks_for_ones_own_second_step_first(cast: Cast, client: Client) -> None:
    log_in(client, "olga@halden.example")
    answer = client.post("/o/halden/settings/log-in/", {"second_step_required": "on"})
    assert answer.status_code == 422
    assert "Set up your own second step first" in answer.content.decode()
    with_app(client)
    page = client.post("/o/halden/settings/log-in/", {"second_step_required": "on"}, follow=True)
    assert "asked for a second step from now on" in page.content.decode()
    assert Organization.objects.get(pk=cast.organization.pk).second_step_required
    assert "vera@halden.example" in page.content.decode(), "who still lacks one"


def test_a_session_is_listed_and_ended(cast: Cast) -> None:
    here, there = Client(), Client(REMOTE_ADDR="198.51.100.4")
    log_in(here, "olga@halden.example")
    log_in(there, "olga@halden.example", headers={"User-Agent": "Old Phone"})
    page = here.get("/account/sessions/").content.decode()
    assert "198.51.100.4" in page
    assert "Old Phone" in page
    row = UserSession.objects.get(ip="198.51.100.4")
    stranger = Client()
    log_in(stranger, "vera@halden.example")
    assert stranger.post(f"/account/sessions/{row.pk}/end/").status_code == 404
    assert is_in(there)
    here.post(f"/account/sessions/{row.pk}/end/")
    assert not is_in(there)
    assert is_in(here)


def test_a_forgotten_password_is_reset_by_mail(cast: Cast, client: Client) -> None:
    elsewhere = Client()
    log_in(elsewhere, "olga@halden.example")
    assert client.post("/password/reset/", {"email": "olga@halden.example"}).status_code == 302
    (sent,) = mail.outbox
    assert sent.to == ["olga@halden.example"]
    link = re.search(r"http://testserver(/password/reset/key/\S+)", str(sent.body))
    assert link
    form = client.get(link[1], follow=True)
    new = "another long password"
    answer = client.post(form.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert answer.status_code == 302
    assert not is_in(elsewhere), "sessions from before are over"
    log_in(client, "olga@halden.example", new)
    assert is_in(client)
    assert "invalid" in Client().get(link[1], follow=True).content.decode(), "the link works once"


def test_a_reset_tells_nobody_who_has_an_account(cast: Cast, client: Client) -> None:
    answers = [
        client.post("/password/reset/", {"email": email}, follow=True)
        for email in ("olga@halden.example", "nobody@halden.example")
    ]
    plain = [re.sub(r"csrf\S+ value=\S+", "", answer.content.decode()) for answer in answers]
    assert plain[0] == plain[1]


def test_the_password_is_changed_with_the_old_one(cast: Cast, client: Client) -> None:
    log_in(client, "olga@halden.example")
    sent = {"oldpassword": "wrong", "password1": "another long one", "password2": "another long one"}
    assert client.post("/account/password/", sent).status_code == 200
    assert client.post("/account/password/", {**sent, "oldpassword": PASSWORD}).status_code == 302
    assert is_in(client), "this session stays"


def test_attempts_that_are_turned_away_are_recorded_too(cast: Cast) -> None:
    """Both limits: five failures of an account from a network, and too many log-ins from one address."""
    attacker = Client(REMOTE_ADDR="203.0.113.9")
    for _ in range(7):
        log_in(attacker, "olga@halden.example", "guess")
    assert FailedLogin.objects.filter(email_hash=email_hash("olga@halden.example")).count() == 7
    codes = [log_in(attacker, f"guess{number}@halden.example", "guess").status_code for number in range(125)]
    assert codes[-1] == 429
    last = FailedLogin.objects.filter(email_hash=email_hash("guess124@halden.example"))
    assert [row.address for row in last] == ["203.0.113.9"]


def test_a_passkey_is_offered_to_nobody_in_particular(cast: Cast, client: Client) -> None:
    answer = client.get("/login/passkey/", headers={"Accept": "application/json"})
    options = answer.json()["request_options"]["publicKey"]
    assert not options.get("allowCredentials"), "whose keys there are is nobody's business"
    assert client.post("/login/passkey/", {"credential": "{}"}).headers["Location"] == "/login/"
    assert client.get("/login/passkey/").headers["Location"] == "/login/"
