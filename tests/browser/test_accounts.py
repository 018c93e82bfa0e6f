"""Settings and log-in in a real browser: every page fits, and a security key opens the door."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Membership
from accounts.people.invitations import fresh_token, invite
from accounts.tenancy import organization_context
from tests.browser.test_loop import sideways
from tests.cast import PASSWORD, Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = (
    "/o/halden/settings/",
    "/o/halden/settings/profile/",
    "/o/halden/settings/hours/",
    "/o/halden/settings/rates/",
    "/o/halden/settings/people/",
    "/o/halden/settings/roles/",
    "/o/halden/settings/log-in/",
    "/o/halden/settings/keys/",
    "/o/halden/settings/delete/",
    "/account/second-step/",
    "/account/password/",
    "/account/sessions/",
)


@pytest.mark.parametrize("form", ["light", "dark", "360"])
def test_no_settings_page_scrolls_sideways(visit: Callable[..., Page], cast: Cast, form: str) -> None:
    page = visit("/o/halden/settings/", "olga@halden.example", form)
    for path in PAGES:
        page.goto(path)
        assert not sideways(page), path
        expect(page.get_by_role("heading", level=1)).to_have_count(1)


def test_an_invited_person_joins(visit: Callable[..., Page], cast: Cast) -> None:
    with organization_context(cast.organization):
        owner = Membership.objects.get(user=cast.olga)
        token = fresh_token(invite(email="nadia@new.example", role="analyst", by=owner))
    page = visit(f"/join/{token}/", form="360")
    assert not sideways(page)
    page.get_by_label("Name").fill("Nadia New")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Join").click()
    expect(page.locator("#messages")).to_contain_text("Welcome to Halden Home")


def test_a_security_key_is_added_and_asked_for(visit: Callable[..., Page], cast: Cast) -> None:
    page = visit("/o/halden/settings/", "olga@halden.example")
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    key = {
        "protocol": "ctap2",
        "transport": "usb",
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": key})

    page.goto("/account/second-step/keys/add/")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_label("Name").fill("My key")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery Codes")

    page.context.clear_cookies()
    page.goto("/login/")
    page.get_by_label("Email").fill("olga@halden.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/login/second-step/**")
    page.get_by_role("button", name="Use a security key").click()
    page.wait_for_url("**/o/halden/")
