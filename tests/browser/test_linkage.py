"""A manager asks a study in the wizard, runs it, takes it away and compares two runs; also without script."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from accounts.tenancy import organization_context
from analytics.models import Run
from analytics.studies.services import create_study, start_run
from tests.analytics import simulated
from tests.browser.test_loop import sideways
from tests.cast import Cast
from tests.dashboards import results
from tests.factories import NOW
from tests.waiting import until
from tests.workers import Workers

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_from_the_wizard_to_the_workbook(
    visit: Callable[..., Page], cast: Cast, workers: Workers, tmp_path: Path, settings: Any
) -> None:
    settings.MEDIA_ROOT = workers.folder / "files"  # where the worker writes its frames
    with organization_context(cast.organization):
        simulated.fill(400, effect={"promoter": 1.6, "detractor": 0.5})
    page = visit("/o/halden/linkage/", "maya@halden.example")
    page.get_by_role("link", name="New study").click()
    page.get_by_label("Days followed after the answer").fill("0")
    page.get_by_role("button", name="Count the answers").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator(".error")).to_contain_text("At least 1 day is needed")
    page.get_by_label("Days followed after the answer").fill(str(simulated.HORIZON))
    page.get_by_label("Days looked back before the answer").fill(str(simulated.LOOKBACK))
    page.get_by_role("button", name="Count the answers").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Do promoters go on to spend more")
    expect(page.locator("#main")).to_contain_text("400 customers can be followed")
    page.get_by_role("button", name="Change something").click()
    expect(page.get_by_label("Days followed after the answer")).to_have_value(str(simulated.HORIZON))
    page.get_by_role("button", name="Count the answers").click()
    page.get_by_role("button", name="Create and run").click()
    expect(page.locator("#progress")).to_be_visible()
    workers.start()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("went on to spend", timeout=90_000)

    with page.expect_download() as taken:
        page.get_by_role("link", name="Workbook").click()
    assert taken.value.suggested_filename == "revenue-after-nps-run-1.xlsx"
    taken.value.save_as(tmp_path / "run.xlsx")
    assert "Differences" in openpyxl.load_workbook(tmp_path / "run.xlsx").sheetnames
    for name, ending in (("Report", ".html"), ("Frame", ".parquet"), ("Script that repeats it", ".py")):
        with page.expect_download() as taken:
            page.get_by_role("listitem").get_by_role("link", name=name, exact=True).click()
        assert taken.value.suggested_filename.endswith(ending)
        taken.value.save_as(tmp_path / f"taken{ending}")

    file = page.context.new_page()
    file.goto((tmp_path / "taken.html").as_uri())
    expect(file.get_by_role("heading", level=1)).to_contain_text("went on to spend")
    expect(file.get_by_role("table").first).to_be_visible()
    assert not sideways(file)

    page.get_by_role("button", name="Run it every week").click()
    expect(page.get_by_role("button", name="Stop running it weekly")).to_be_visible()
    page.get_by_role("button", name="Compute it again").click()
    expect(page.locator("#main")).to_contain_text("being computed")

    def repeated() -> bool:
        page.reload()
        return "same digits" in page.locator("#main").inner_text()

    until(repeated, every=0.5, what="the repetition")


@pytest.mark.parametrize("form", ["light", "dark", "360"])
def test_no_linkage_page_scrolls_sideways(visit: Callable[..., Page], cast: Cast, form: str) -> None:
    with organization_context(cast.organization):
        simulated.fill(60)
        study = create_study(name="Revenue after NPS", predictor="nps", outcome="revenue")
        made = [start_run(study=study) for _ in range(4)]
        for run, result in zip(
            made, (results.operational_result(), results.constituency_result(), *results.two()), strict=True
        ):
            Run.objects.filter(pk=run.pk).update(status="finished", result=result, finished_at=NOW)
    page = visit("/o/halden/linkage/new/", "olga@halden.example", form)
    assert not sideways(page)
    for kind in ("operational", "constituency"):
        page.goto(f"/o/halden/linkage/new/?kind={kind}")
        assert not sideways(page), kind
    page.goto("/o/halden/linkage/new/")
    page.get_by_role("button", name="Count the answers").click()
    expect(page.locator("#main")).to_contain_text("Answers there are")
    assert not sideways(page)
    for run in made:
        page.goto(f"/o/halden/linkage/runs/{run.pk}/")
        assert not sideways(page), run.number
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        page.get_by_role("button", name="Explore").first.click()
        expect(page.locator(".js-plotly-plot").first).to_be_visible()
    page.goto(f"/o/halden/linkage/{study.pk}/compare/?a={made[2].pk}&b={made[3].pk}")
    assert not sideways(page)
