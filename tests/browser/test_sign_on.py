"""Single sign-on and passkeys in a real browser: the policy, the cookies and the pages in between."""

import threading
import zlib
from base64 import b64decode
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Organization, SignOnConnection
from accounts.sso.addresses import acs_url
from accounts.tenancy import organization_context
from tests.accounts.sso.conftest import proven
from tests.accounts.sso.idp import Answer, saml_connection
from tests.accounts.sso.oidc_provider import Provider
from tests.browser.test_loop import sideways
from tests.cast import PASSWORD, Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def provider(settings: Any, live_server: Any) -> Iterator[Provider]:
    """At another site than ours, as a real one is: 127.0.0.1 beside localhost."""
    settings.SIGN_ON_PRIVATE_ADDRESSES = True
    settings.BASE_URL = live_server.url
    assert "localhost" in live_server.url
    with Provider() as running:
        yield running


def landed(page: Page, path: str) -> None:
    """By the path alone: the log-in page has the address that was asked for in its query."""
    page.wait_for_url(lambda url: urlsplit(url).path == path)


def sign_on(page: Page, email: str) -> None:
    page.get_by_label("Email").fill(email)
    page.get_by_role("button", name="Use single sign-on").click()


@pytest.mark.parametrize("form", ["light", "360"])
def test_openid_connect_from_the_log_in_page_and_back(
    form: str, visit: Callable[..., Page], cast: Cast, provider: Provider
) -> None:
    proven(cast.organization, "halden.example")
    with organization_context(cast.organization):
        provider.connection()
    page = visit("/o/halden/settings/roles/", form=form)
    assert not sideways(page)
    sign_on(page, "vera@halden.example")
    landed(page, "/o/halden/settings/roles/")
    assert provider.asked["login_hint"] == "vera@halden.example"
    page.goto("/account/password/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your log-in is kept elsewhere")
    page.get_by_role("button", name="Log out").click()
    landed(page, "/login/")
    sign_on(page, "otto@other.example")
    expect(page.get_by_text("No organization has set up single sign-on for this domain")).to_be_visible()


def test_saml_comes_back_from_another_site(
    visit: Callable[..., Page], cast: Cast, live_server: Any, settings: Any
) -> None:
    """The provider's page posts to us without our cookie; the page after it has it again."""
    settings.BASE_URL = live_server.url
    proven(cast.organization, "halden.example")

    class Handler(BaseHTTPRequestHandler):
        made: SignOnConnection

        def do_GET(self) -> None:
            (packed,) = parse_qs(urlsplit(self.path).query)["SAMLRequest"]
            request_id = ElementTree.fromstring(zlib.decompress(b64decode(packed), -15)).attrib["ID"]
            encoded = Answer(connection=self.made, request_id=request_id).encoded()
            content = (
                f'<form method="post" action="{acs_url(self.made)}">'
                f'<input type="hidden" name="SAMLResponse" value="{encoded}"><button>I am Vera</button></form>'
            ).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: Any) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with organization_context(cast.organization):
            Handler.made = saml_connection(idp_url=f"http://127.0.0.1:{server.server_port}/sso")
        page = visit("/o/halden/settings/roles/")
        sign_on(page, "vera@halden.example")
        page.get_by_role("button", name="I am Vera").click()
        landed(page, "/o/halden/settings/roles/")
        server.shutdown()


def test_an_administrator_sets_up_and_tests_a_connection(
    visit: Callable[..., Page], cast: Cast, provider: Provider
) -> None:
    page = visit("/o/halden/settings/sign-on/", "olga@halden.example")
    page.get_by_label("Name").fill("Little Provider")
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Issuer").fill(provider.issuer)
    page.get_by_label("Client ID").fill("cem")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Test this connection").click()
    expect(page.get_by_role("heading", name="The test went through")).to_be_visible()
    page.get_by_role("button", name="Put in use").click()
    expect(page.locator("#messages")).to_contain_text("Little Provider is in use")


@pytest.mark.parametrize("form", ["light", "dark", "360"])
def test_no_page_scrolls_sideways(
    form: str, visit: Callable[..., Page], cast: Cast, provider: Provider
) -> None:
    proven(cast.organization, "a-rather-long-name-of-a-domain-of-halden-home.example")
    with organization_context(cast.organization):
        oidc = provider.connection()
        saml = saml_connection(is_enabled=False)
    page = visit("/o/halden/settings/sign-on/", "olga@halden.example", form)
    for path in (
        "/o/halden/settings/sign-on/",
        f"/o/halden/settings/sign-on/{oidc.pk}/",
        f"/o/halden/settings/sign-on/{saml.pk}/",
        "/account/email/",
    ):
        page.goto(path)
        assert not sideways(page), path
        expect(page.get_by_role("heading", level=1)).to_have_count(1)


def test_a_passkey_alone_opens_the_door(visit: Callable[..., Page], cast: Cast, provider: Provider) -> None:
    """Unless the organization wants its own log-in to be used."""
    page = visit("/o/halden/settings/", "vera@halden.example")
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    key = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": key})
    page.goto("/account/second-step/keys/add/")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_label("Name").fill("My laptop")
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery Codes")

    page.context.clear_cookies()
    page.goto("/login/?next=/o/halden/settings/roles/")
    page.get_by_role("button", name="Use a passkey").click()
    landed(page, "/o/halden/settings/roles/")

    proven(cast.organization, "halden.example")
    with organization_context(cast.organization):
        provider.connection()
    Organization.objects.filter(pk=cast.organization.pk).update(sign_on_required=True)
    page.context.clear_cookies()
    page.goto("/login/")
    page.get_by_role("button", name="Use a passkey").click()
    landed(page, "/login/sso/")
    expect(page.locator("#messages")).to_contain_text("come in through its own log-in")
    page.goto("/o/halden/settings/roles/")
    landed(page, "/login/")
