"""The whole loop as people walk it: a customer answers, an agent sees it, a manager runs a study and reads it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.tenancy import organization_context
from analytics.studies.services import create_study
from feedback.links import invite
from feedback.models import Response, Score
from tests import factories
from tests.analytics import simulated
from tests.cast import Cast
from tests.dashboards import world
from tests.workers import Workers

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def sideways(page: Page) -> bool:
    return page.evaluate("() => document.documentElement.scrollWidth > innerWidth")


@pytest.mark.parametrize("form", ["light", "360"])
def test_a_customer_answers_and_the_agent_sees_it(visit: Callable[..., Page], cast: Cast, form: str) -> None:
    with organization_context(cast.organization):
        survey = world.build(customers=6).survey
        person = factories.customer(name="Beatriz Nóbrega")
        _, token = invite(survey=survey, customer=person, channel="email")

    page = visit(f"/s/{token}", form=form)
    assert not sideways(page)
    page.get_by_role("button", name="Send answer").click()
    expect(page.get_by_role("alert")).to_be_visible()  # nothing chosen: said where it is missing
    page.locator("input[name=nps][value='3']").check()
    page.get_by_label("What is the main reason").fill("The leg arrived cracked.")
    page.get_by_role("button", name="Send answer").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Thank you")
    with organization_context(cast.organization):
        response = Response.objects.get(customer=person)
        assert response.answers["nps"] == 3
        assert Score.objects.get(response=response).value == 3

    page.goto(f"/s/{token}")  # the same link again
    assert page.get_by_role("button", name="Send answer").count() == 0

    agent = visit("/", "greta@halden.example", form)
    assert agent.url.endswith("/o/halden/customers/")
    agent.keyboard.press("/")
    agent.keyboard.type("nobrega beatris")
    agent.keyboard.press("Enter")
    agent.get_by_role("link", name="Beatriz Nóbrega").click()
    expect(agent.get_by_role("heading", level=1)).to_have_text("Beatriz Nóbrega")
    expect(agent.locator("ol.tl")).to_contain_text("The leg arrived cracked.")
    expect(agent.locator("ol.tl")).to_contain_text("NPS 3")
    assert not sideways(agent)


def test_search_answers_while_typing(visit: Callable[..., Page], cast: Cast) -> None:
    with organization_context(cast.organization):
        world.build(customers=3)
        factories.customer(name="Beatriz Nóbrega")
    page = visit("/o/halden/customers/", "greta@halden.example")
    expect(page.locator("#results")).to_contain_text("Marta Figueira 0")
    page.locator("#find").press_sequentially("nobreg", delay=20)
    expect(page.locator("#results")).to_contain_text("Beatriz Nóbrega")
    expect(page.locator("#results")).not_to_contain_text("Marta")
    page.wait_for_url("**q=nobreg")


def test_a_manager_runs_a_study_and_reads_what_it_found(
    visit: Callable[..., Page], cast: Cast, workers: Workers
) -> None:
    with organization_context(cast.organization):
        simulated.fill(400, effect={"promoter": 1.6, "detractor": 0.5})
        create_study(
            name="Revenue after NPS",
            predictor="nps",
            outcome="revenue",
            horizon_days=simulated.HORIZON,
            lookback_days=simulated.LOOKBACK,
        )
    page = visit("/o/halden/linkage/", "maya@halden.example")
    page.get_by_role("button", name="Run").click()
    expect(page.locator("#progress")).to_be_visible()
    workers.start()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("went on to spend", timeout=60_000)
    expect(page.locator("#main")).to_contain_text("Rows kept and dropped")

    page.get_by_role("button", name="Explore").first.click()
    expect(page.locator(".js-plotly-plot").first).to_be_visible()
    page.get_by_text("Table", exact=True).first.click()
    expect(page.get_by_role("table").first).to_be_visible()

    page.goto("/o/halden/")
    expect(page.locator(".link3")).to_contain_text("went on to spend")


@pytest.mark.parametrize("form", ["light", "dark", "360"])
def test_no_page_scrolls_sideways(visit: Callable[..., Page], cast: Cast, form: str) -> None:
    with organization_context(cast.organization):
        home = world.build(customers=40)
    page = visit("/o/halden/", "olga@halden.example", form)
    for path in (
        "/o/halden/",
        "/o/halden/customers/",
        f"/o/halden/customers/{home.customer.pk}/",
        "/o/halden/linkage/",
        f"/o/halden/linkage/{home.study.pk}/",
        "/o/halden/surveys/",
    ):
        page.goto(path)
        assert not sideways(page), path
        expect(page.get_by_role("heading", level=1)).to_have_count(1)


def test_the_second_organization_is_invisible(visit: Callable[..., Page], cast: Cast) -> None:
    with organization_context(cast.other):
        home = world.build(customers=6)
    page = visit("/", "maya@halden.example")
    for path in (
        "/o/other/",
        f"/o/other/customers/{home.customer.pk}/",
        f"/o/halden/customers/{home.customer.pk}/",
    ):
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 404, path
    page.goto("/o/halden/customers/?q=Marta")
    expect(page.locator("#results")).to_contain_text("Nobody here is called")
