"""Pages answer, say what is in the data, and stay within their budget of statements."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.tenancy import organization_context
from tests.cast import Cast
from tests.dashboards import world
from tests.queries import QueryBudget

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(cast: Cast) -> world.World:
    with organization_context(cast.organization):
        return world.build()


@pytest.fixture
def maya(client: Client, cast: Cast) -> Client:
    client.force_login(cast.maya)
    return client


def test_the_overview_shows_figures_with_interval_and_n(maya: Client, home: world.World) -> None:
    page = maya.get("/o/halden/").content.decode()
    assert "NPS" in page
    assert "not enough answers" in page, "CSAT and CES have none"
    assert "1 of 1 open cases is past due" in page
    assert "No run yet" in page


def test_the_overview_of_an_empty_organization_says_what_to_do(client: Client, cast: Cast) -> None:
    client.force_login(cast.otto)
    page = client.get("/o/other/").content.decode()
    assert "Not enough answers in these two periods to compare them." in page


def test_the_overview_stays_within_its_budget(
    maya: Client, home: world.World, query_budget: Callable[[int], QueryBudget]
) -> None:
    maya.get("/o/halden/")
    with query_budget(19):
        maya.get("/o/halden/")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("since=2026-13-01", "Enter a valid date"),
        ("since=2026-06-01&until=2026-01-01", "Exchange the two"),
        ("segment=unknown", "NPS"),
        ("segment=gold&channel=link&touchpoint=support-call", "Clear"),
    ],
)
def test_filters_that_make_no_sense_are_said(maya: Client, home: world.World, query: str, words: str) -> None:
    answer = maya.get(f"/o/halden/?{query}")
    assert answer.status_code == 200
    assert words in answer.content.decode()


def test_search_finds_by_name_with_a_typo_and_by_order_number(maya: Client, home: world.World) -> None:
    for query in ("Marta Figueria", home.customer.email, home.customer.external_id):
        page = maya.get("/o/halden/customers/", {"q": query}).content.decode()
        assert home.customer.display_name in page, query
    page = maya.get("/o/halden/customers/", {"q": "nobody like this"}).content.decode()
    assert "Nobody here is called" in page
    page = maya.get("/o/halden/customers/", {"q": "Ma"}).content.decode()
    assert "at least three letters" in page


def test_search_while_typing_answers_with_the_results_alone(maya: Client, home: world.World) -> None:
    page = maya.get("/o/halden/customers/", {"q": "Marta"}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in page
    assert "Marta Figueira" in page


def test_the_customer_view_joins_said_and_did(
    maya: Client, home: world.World, query_budget: Callable[[int], QueryBudget]
) -> None:
    address = f"/o/halden/customers/{home.customer.pk}/"
    maya.get(address)
    with query_budget(21):
        page = maya.get(address).content.decode()
    assert "replacement keeps moving" in page
    assert 'class="said' in page
    assert "tie" in page, "the answer is tied to the call it was about"
    assert "Not asked" in page
    assert "was asked not long ago" in page
    assert "Case 4471" in page
    assert "with Jos Smit" in page
    assert "waited 6 min 40 s" in page


def test_the_timeline_filters_and_goes_on(maya: Client, home: world.World) -> None:
    address = f"/o/halden/customers/{home.customer.pk}/"
    page = maya.get(address, {"kind": "orders"}).content.decode()
    assert "Order T-" in page
    assert 'class="said' not in page
    assert maya.get(address, {"kind": "unknown"}).status_code == 404
    assert maya.get(f"{address}timeline/", {"before": "nonsense"}).status_code == 400
    assert maya.get(f"{address}timeline/").status_code == 200


def test_linkage_without_a_run_says_so(maya: Client, home: world.World) -> None:
    page = maya.get("/o/halden/linkage/").content.decode()
    assert "Revenue after NPS" in page
    page = maya.get(f"/o/halden/linkage/{home.study.pk}/").content.decode()
    assert "This study has not been run" in page


def test_starting_a_run_shows_its_progress_and_cancelling_ends_it(maya: Client, home: world.World) -> None:
    answer = maya.post(f"/o/halden/linkage/{home.study.pk}/run/", follow=True)
    page = answer.content.decode()
    assert "Waiting for a worker" in page
    run = answer.redirect_chain[-1][0]
    fragment = maya.get(f"{run}progress/", headers={"HX-Request": "true"})
    assert "hx-trigger" in fragment.content.decode()
    answer = maya.post(f"{run}cancel/", follow=True)
    assert "was cancelled" in answer.content.decode()
    fragment = maya.get(f"{run}progress/", headers={"HX-Request": "true"})
    assert "hx-trigger" not in fragment.content.decode(), "the last fragment does not poll again"
    assert fragment.headers["HX-Refresh"] == "true"


def test_a_viewer_may_read_but_not_run(client: Client, cast: Cast, home: world.World) -> None:
    client.force_login(cast.vera)
    assert client.get("/o/halden/linkage/").status_code == 200
    assert client.post(f"/o/halden/linkage/{home.study.pk}/run/").status_code == 403


@pytest.mark.parametrize(
    ("path", "most"),
    [("customers/", 11), ("customers/?q=Marta", 12), ("linkage/", 13), ("surveys/", 13)],
)
def test_a_list_asks_nothing_per_row(
    maya: Client, home: world.World, query_budget: Callable[[int], QueryBudget], path: str, most: int
) -> None:
    maya.get(f"/o/halden/{path}")
    with query_budget(most):
        assert maya.get(f"/o/halden/{path}").status_code == 200
