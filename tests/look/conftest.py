"""The template folder of the samples, and a Chromium that reports every refusal of the policy."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from .server import serve

FORMS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "360": {"viewport": {"width": 360, "height": 760}},
    "contrast": {"forced_colors": "active"},
}


@pytest.fixture(autouse=True)
def look_templates(settings: Any) -> None:
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**engine, "DIRS": [*engine["DIRS"], Path(__file__).parent / "templates"]}]


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """`open_page({"/": html}, "dark")`; at the end nothing was refused and no script failed."""
    refused: list[str] = []
    failed: list[str] = []
    closing: list[Callable[[], Any]] = []

    def open_one(pages: dict[str, str], form: str = "light") -> Page:
        serving = serve(pages)
        url = serving.__enter__()
        how = {"viewport": {"width": 1440, "height": 900}, "reduced_motion": "reduce", **FORMS[form]}
        context = chromium.new_context(**how, base_url=url, locale="en-GB", timezone_id="UTC")
        closing.extend((context.close, lambda: serving.__exit__(None, None, None)))
        context.expose_binding("refusedByPolicy", lambda _, words: refused.append(words))
        context.add_init_script(
            "addEventListener('securitypolicyviolation',"
            " event => refusedByPolicy(`${event.effectiveDirective} ${event.blockedURI}`))"
        )
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: failed.append(str(error)))
        page.on(
            "response",
            lambda answer: answer.status >= 400 and "favicon" not in answer.url and failed.append(answer.url),
        )
        page.goto("/", wait_until="networkidle")
        return page

    yield open_one
    for close in closing:
        close()
    assert not refused, refused
    assert not failed, failed
