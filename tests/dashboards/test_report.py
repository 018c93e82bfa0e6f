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
from tests.dashboards.apart import apart
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


def looked_at(browser: Browser, file: Path, shown: str) -> dict[str, Any]:
    """The report as a browser without a network finds it, and what the run's page says."""
    page = browser.new_context(offline=True, viewport={"width": 1200, "height": 900}).new_page()
    asked_for: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: asked_for.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text))
    page.goto(file.as_uri())
    found: dict[str, Any] = {"asked_for": list(asked_for), "errors": list(errors)}
    found["told"] = page.inner_text("body")
    found["left"] = page.evaluate("document.querySelector('.report svg.fig').getBoundingClientRect().left")
    for width in (360, 1200):
        page.set_viewport_size({"width": width, "height": 800})
        found[width] = page.evaluate("document.documentElement.scrollWidth")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 700, "height": 990})  # A4 less its margins
    found["cut"] = page.evaluate(
        "[...document.querySelectorAll('.scroll')].filter(one => one.offsetParent && "
        "one.scrollWidth > one.parentElement.clientWidth + 1).length"
    )
    found["pdf"] = page.pdf(format="A4")[:4]
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 1200, "height": 900})
    page.set_content(shown, wait_until="domcontentloaded")
    found["said"] = page.evaluate(
        "[...document.querySelectorAll('main .say, main .then, main .facts dt, main .facts dd, main .block h2, "
        "main .block header p, main .words p, main .tab td, main .tab th, main .list li small, main .panel p')]"
        ".filter(one => !one.closest('form') && one.offsetParent).map(one => one.innerText)"
    )
    return found


#: What only the page has: what can be done with the run.
ONLY_THERE = (
    "Take it away", "How it was computed", "Runs", "Weekly run", "This study", "every table", "this page", "Finished, ",
    "the rows it was computed", "Python with", "ZIP with", "Run only", "Computing it",
)  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_the_report_stands_alone(kind: str, client: Client, cast: Cast, tmp_path: Path) -> None:
    client.force_login(cast.maya)
    address = f"/o/halden/linkage/runs/{run_of(cast, kind).pk}/"
    file = tmp_path / "report.html"
    file.write_bytes(client.get(f"{address}report.html").content)
    shown = client.get(address).content.decode()
    found = apart(lambda browser: looked_at(browser, file, shown))
    assert found["asked_for"] == [file.as_uri()]
    assert found["errors"] == []
    assert found["left"] >= 16, "nothing is cut off at the edge"
    assert found[360] <= 360
    assert found[1200] <= 1200
    assert found["cut"] == 0, "no table is cut off on paper"
    assert found["pdf"] == b"%PDF"
    told = "".join(found["told"].split())
    said = [one.strip() for one in found["said"] if one.strip() and not one.strip().startswith(ONLY_THERE)]
    assert len(said) > 30
    assert [one for one in said if "".join(one.split()) not in told] == [], "everything that the page says"


def test_a_table_of_pages_stays_closed() -> None:
    short = '<details class="data"><table><tr></tr></table></details>'
    long = f'<details class="data"><table>{"<tr></tr>" * (report.MOST_ROWS + 1)}</table></details>'
    made = report._opened(f"<main>{short}{long}{short}</main>")
    assert made.count('<details class="data" open>') == 2
    assert made.count('<details class="data">') == 1
    assert made.replace(" open", "") == f"<main>{short}{long}{short}</main>"
