"""A run's report in a browser without a network: whole, fetching nothing, fit for a phone and for paper."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser

from accounts.tenancy import organization_context
from analytics.models import Run, Study
from analytics.studies.services import start_run
from dashboards.linkage import report
from tests.analytics.runs import study
from tests.cast import Cast
from tests.dashboards import results
from tests.factories import NOW

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

KINDS: dict[str, Any] = {
    "financial": lambda: {**results.two()[0], "kind": "financial"},
    "operational": results.operational_result,
    "constituency": results.constituency_result,
}
LEDGER = [
    {"reason": "answers", "label": "Answers in the period", "n": 700, "dropped": False},
    {"reason": "window_open", "label": "Outcome window not over", "n": 100, "dropped": True},
    {"reason": "kept", "label": "Kept, one row each", "n": 600, "dropped": False},
]


def run_of(cast: Cast, kind: str) -> Run:
    with organization_context(cast.organization):
        asked = study(name=f"A {kind} one")
        run = start_run(study=asked, as_of=NOW)
        Study.objects.filter(pk=asked.pk).update(kind=kind)
        Run.objects.filter(pk=run.pk).update(
            status="finished", result=KINDS[kind](), finished_at=NOW, ledger=LEDGER
        )
    return run


@pytest.mark.parametrize("kind", KINDS)
def test_the_report_stands_alone(
    kind: str, client: Client, cast: Cast, chromium: Browser, tmp_path: Path
) -> None:
    client.force_login(cast.maya)
    address = f"/o/halden/linkage/runs/{run_of(cast, kind).pk}/"
    file = tmp_path / "report.html"
    file.write_bytes(client.get(f"{address}report.html").content)
    context = chromium.new_context(offline=True, viewport={"width": 1200, "height": 900})
    page = context.new_page()
    asked_for: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: asked_for.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text))
    page.goto(file.as_uri())
    assert asked_for == [file.as_uri()]
    assert errors == []
    told = "".join(page.inner_text("body").split())
    left = page.evaluate("document.querySelector('.report svg.fig').getBoundingClientRect().left")
    assert left >= 16, "nothing is cut off at the edge"
    for width in (360, 1200):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width

    page.emulate_media(media="print")
    page.set_viewport_size({"width": 700, "height": 990})  # A4 less its margins
    cut = page.evaluate(
        "[...document.querySelectorAll('.scroll')].filter(one => one.offsetParent && "
        "one.scrollWidth > one.parentElement.clientWidth + 1).length"
    )
    assert cut == 0, "no table is cut off on paper"
    assert page.pdf(format="A4")[:4] == b"%PDF"

    # Everything that the page says about the run stands in the file.
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 1200, "height": 900})
    page.set_content(client.get(address).content.decode(), wait_until="domcontentloaded")
    said = page.evaluate(
        "[...document.querySelectorAll('main .say, main .then, main .facts dt, main .facts dd, main .block h2, "
        "main .block header p, main .words p, main .tab td, main .tab th, main .list li small, main .panel p')]"
        ".filter(one => !one.closest('form') && one.offsetParent).map(one => one.innerText)"
    )
    context.close()
    own = {"Take it away", "How it was computed", "Runs", "Weekly run", "This study"}
    lines = [" ".join(one.split()) for one in said]
    kept = [
        one for one in lines if one and one not in own and not one.startswith(("every table", "this page"))
    ]
    assert len(kept) > 30
    missing = [one for one in kept if "".join(one.split()) not in told]
    only_on_the_page = (
        "the rows it was computed",
        "Python with",
        "ZIP with",
        "Finished, ",
        "Run only",
        "Computing it",
    )
    assert [one for one in missing if not one.startswith(only_on_the_page)] == []


def test_a_table_of_pages_stays_closed() -> None:
    short = '<details class="data"><table><tr></tr></table></details>'
    long = f'<details class="data"><table>{"<tr></tr>" * (report.MOST_ROWS + 1)}</table></details>'
    made = report._opened(f"<main>{short}{long}{short}</main>")
    assert made.count('<details class="data" open>') == 2
    assert made.count('<details class="data">') == 1
    assert made.replace(" open", "") == f"<main>{short}{long}{short}</main>"
