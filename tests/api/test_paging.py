import pytest

from accounts.tenancy import organization_context
from crm.models import Customer
from tests import factories
from tests.api.conftest import Api, problem
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def walk(api: Api, path: str, limit: int) -> list[str]:
    found, cursor = [], ""
    while True:
        page = api.get(f"{path}?limit={limit}{cursor}").json()
        found += [row["external_id"] for row in page["data"]]
        if page["next_cursor"] is None:
            return found
        assert len(page["data"]) == limit
        cursor = f"&cursor={page['next_cursor']}"


def test_every_row_comes_once(api: Api, cast: Cast) -> None:
    with organization_context(cast.organization):
        made = [factories.customer().external_id for _ in range(7)]
    with organization_context(cast.other):
        factories.customer()
    for limit in (1, 2, 3, 7, 8):
        assert walk(api, "/customers", limit) == made


def test_inserts_and_deletions_between_pages_move_nothing(api: Api, cast: Cast) -> None:
    with organization_context(cast.organization):
        made = [factories.customer() for _ in range(4)]
    page = api.get("/customers?limit=2").json()
    with organization_context(cast.organization):
        Customer.objects.filter(pk__in=[made[0].pk, made[1].pk]).delete()  # the cursor's own row is gone, too
        late = factories.customer()
    rest = api.get(f"/customers?limit=10&cursor={page['next_cursor']}").json()
    assert [row["id"] for row in rest["data"]] == [str(made[2].pk), str(made[3].pk), str(late.pk)]
    assert rest["next_cursor"] is None


@pytest.mark.parametrize(
    "cursor", ["", "x", "AAAA", "a" * 22, "é", "%00", "AaIBVRi2caq9-euBIaE7vQ==", "0" * 5000]
)
def test_a_cursor_of_nobodys(api: Api, cursor: str) -> None:
    problem(api.get(f"/customers?cursor={cursor}"), 400, "cursor")


@pytest.mark.parametrize("limit", ["0", "201", "-1", "x", "", "1.5", "٣", "9" * 5000])
def test_a_limit_out_of_range(api: Api, limit: str) -> None:
    problem(api.get(f"/customers?limit={limit}"), 400, "limit")


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("custmer=1", "custmer"),
        ("customer=1", "customer"),
        ("occurred_after=2026-11-01", "occurred_after"),
        ("occurred_after=2026-11-01T00:00:00", "occurred_after"),
        ("occurred_after=2026-13-01T00:00:00Z", "occurred_after"),
        ("kind=gift", "kind"),
        ("external_id=%00", "external_id"),
        ("format=api", "format"),
    ],
)
def test_a_query_parameter_that_does_not_fit(api: Api, query: str, place: str) -> None:
    problem(api.get(f"/transactions?{query}"), 400, place)


def test_a_plus_in_an_address_is_explained(api: Api) -> None:
    document = problem(
        api.get("/transactions?occurred_after=2026-11-01T00:00:00+01:00"), 400, "occurred_after"
    )
    assert "%2B" in document["errors"][0]["detail"]


def test_one_row_takes_no_parameters(api: Api, cast: Cast) -> None:
    with organization_context(cast.organization):
        customer = factories.customer()
    problem(api.get(f"/customers/{customer.pk}?limit=1"), 400, "limit")
    problem(api.post("/customers?limit=1", {"external_id": "a"}), 400, "limit")


def test_too_many_parameters(api: Api) -> None:
    problem(api.get("/customers?" + "&".join(f"a{n}=1" for n in range(600))), 400)
