"""The trail as a page, a file and an API: filtered, paged by key, within a budget."""

import csv
import io
from typing import Any

import pytest
from django.test import Client

from accounts.audit.record import record
from accounts.models import AuditEntry
from accounts.tenancy import organization_context
from tests import factories
from tests.cast import Cast

pytestmark = pytest.mark.django_db
ADDRESS = "/o/halden/settings/audit/"


@pytest.fixture
def amir(client: Client, cast: Cast) -> Client:
    client.force_login(cast.amir)
    return client


@pytest.fixture
def trail(cast: Cast) -> list[AuditEntry]:
    """120 looks and a change."""
    with organization_context(cast.organization):
        person = factories.customer(external_id="C-5")
        found = [record("customer.viewed", target=person) for _ in range(120)]
        found.append(
            record("customer.changed", target=person, before={"segment": "=1+1"}, after={"segment": "gold"})
        )
    return found


def test_the_page_is_newest_first_and_goes_on_by_key(amir: Client, trail: list[AuditEntry]) -> None:
    page = amir.get(ADDRESS).content.decode().partition("<tbody>")[2]
    assert page.index("Changed a customer") < page.index("Looked at a customer")
    assert "segment: =1+1 → gold" in page
    seen, address = 0, ADDRESS
    while True:
        page = amir.get(address).content.decode()
        seen += page.count('<th scope="row">')
        if 'rel="next"' not in page:
            break
        address = ADDRESS + page.split('rel="next" href="' + ADDRESS)[1].split('"')[0].replace("&amp;", "&")
    assert seen == len(trail)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"action": "customer.changed"}, 1),
        ({"q": "customer c-5"}, 50),
        ({"q": "nothing like this"}, 0),
        ({"since": "2020-01-01", "until": "2020-01-02"}, 0),
        ({"action": "unheard.of"}, 50),
        ({"before": "nonsense"}, 50),
    ],
)
def test_filters(amir: Client, trail: list[AuditEntry], query: dict[str, str], found: int) -> None:
    answer = amir.get(ADDRESS, query)
    assert answer.status_code == 200
    assert answer.content.decode().count('<th scope="row">') == found


def test_filters_by_who_and_about_whom(amir: Client, cast: Cast, trail: list[AuditEntry]) -> None:
    amir.get(f"/o/halden/customers/{trail[0].subject_id}/")
    with organization_context(cast.organization):
        actor = AuditEntry.objects.get(actor_name="Amir").actor_id
    page = amir.get(ADDRESS, {"actor": str(actor), "subject": str(trail[0].subject_id)}).content.decode()
    assert page.count('<th scope="row">') == 1


def test_a_page_costs_the_same_with_any_number_of_entries(
    amir: Client, trail: list[AuditEntry], query_budget: Any
) -> None:
    amir.get(ADDRESS)
    with query_budget(13):
        amir.get(ADDRESS)


def test_the_csv_holds_what_the_page_would_and_is_itself_recorded(
    amir: Client, cast: Cast, trail: list[AuditEntry]
) -> None:
    answer = amir.get(f"{ADDRESS}export/", {"action": "customer.changed"})
    body = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    (row,) = csv.DictReader(io.StringIO(body))
    assert row["action"] == "customer.changed"
    assert row["before"] == '{"segment": "=1+1"}'
    assert not any((cell or "").startswith(("=", "+", "-", "@")) for cell in row.values())
    with organization_context(cast.organization):
        entry = AuditEntry.objects.get(action="audit.exported")
    assert (entry.actor_name, entry.after) == ("Amir", {"filters": {"action": "customer.changed"}})


def test_a_cell_that_looks_like_a_formula_is_text() -> None:
    from dashboards.audit.views import _cell

    assert [_cell(text) for text in ("=1+1", "@x", "-2", "safe", None)] == ["'=1+1", "'@x", "'-2", "safe", ""]


def test_the_api_gives_the_trail_oldest_first(client: Client, cast: Cast, trail: list[AuditEntry]) -> None:
    headers = {"Authorization": f"Bearer {cast.key('audit:read')}"}
    body = client.get("/api/v1/audit?limit=200", headers=headers).json()
    assert [one["id"] for one in body["data"]] == [str(one.pk) for one in trail]
    assert body["data"][-1]["before"] == {"segment": "=1+1"}
    one = client.get("/api/v1/audit?action=customer.changed", headers=headers).json()["data"]
    assert [row["customer_id"] for row in one] == [str(trail[-1].subject_id)]
    assert client.get("/api/v1/audit?action=unheard.of", headers=headers).status_code == 400
