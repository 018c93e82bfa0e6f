"""The page that shows the schema, in a real browser under the real Content-Security-Policy."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(chromium: Browser) -> Iterator[Any]:
    context = chromium.new_context()
    yield context.new_page()
    context.close()


def test_every_operation_shows_and_the_policy_is_kept(live_server: Any, page: Any) -> None:
    violations: list[str] = []
    failed: list[str] = []
    page.expose_binding("violated", lambda _source, text: violations.append(text))
    page.add_init_script(
        "addEventListener('securitypolicyviolation', e => violated(`${e.violatedDirective} ${e.blockedURI}`))"
    )
    page.on("pageerror", lambda error: failed.append(str(error)))
    page.on("requestfailed", lambda request: failed.append(request.url))
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2] if "://" in request.url else ""))
    page.goto(f"{live_server.url}/api/v1/docs")
    page.wait_for_selector("#operations-customers-customers_create")
    assert page.locator(".opblock").count() == 34
    page.click("#operations-customers-customers_create .opblock-summary-control")
    page.wait_for_selector("text=Idempotency-Key")
    assert failed == []
    assert hosts <= {live_server.url.split("/")[2], ""}
    assert violations == []
