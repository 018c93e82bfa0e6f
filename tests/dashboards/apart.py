"""Chromium in a thread of its own, for tests that also use the database.

Playwright keeps an event loop running in its thread, and Django gives a thread with a loop other connections than
the same thread without one: those of before would be left open at the end.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.chromium import CHROMIUM

Found = TypeVar("Found")
ARGUMENTS = ["--no-sandbox", "--font-render-hinting=none", "--force-color-profile=srgb"]


def apart(visit: Callable[[Browser], Found]) -> Found:
    """What `visit` returns of a browser that is there for it alone."""
    if not CHROMIUM:
        pytest.skip("no chromium on PATH: browser tests not run")

    def work() -> Any:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            try:
                return visit(browser)
            finally:
                browser.close()

    with ThreadPoolExecutor(1) as pool:
        found: Found = pool.submit(work).result()
    return found
