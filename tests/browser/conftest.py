"""A real Chromium on the real application; nothing may be refused by the policy and no script may fail."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.cast import PASSWORD
from tests.look.conftest import FORMS


@pytest.fixture
def visit(chromium: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """`visit("/o/halden/", "maya@halden.example", "360")`: log in if somebody is named, then open the page."""
    refused: list[str] = []
    failed: list[str] = []
    contexts = []

    def open_page(path: str, email: str = "", form: str = "light") -> Page:
        how = {"viewport": {"width": 1440, "height": 900}, "reduced_motion": "reduce", **FORMS[form]}
        context = chromium.new_context(**how, base_url=live_server.url, locale="en-GB", timezone_id="UTC")
        contexts.append(context)
        context.expose_binding("refusedByPolicy", lambda _, words: refused.append(words))
        context.add_init_script(
            "addEventListener('securitypolicyviolation',"
            " event => refusedByPolicy(`${event.effectiveDirective} ${event.blockedURI}`))"
        )
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: failed.append(str(error)))
        page.on("response", lambda answer: answer.status >= 500 and failed.append(answer.url))
        if email:
            page.goto("/login/")
            page.get_by_label("Email").fill(email)
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Log in").click()
            page.wait_for_url(lambda url: "/login/" not in url)
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not refused, refused
    assert not failed, failed
