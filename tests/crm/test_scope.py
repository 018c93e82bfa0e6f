"""A member who is limited to teams sees their customers, contacts and cases on every page, and nobody else's."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.audit.current import _request
from accounts.models import AuditEntry, Membership
from accounts.people import members
from accounts.refusal import Refused
from accounts.roles import Role
from accounts.tenancy import organization_context
from crm.models import Case, Customer, Employee, Interaction, Team
from crm.scope import limit_to_teams, teams_of
from crm.search import search_customers
from tests import factories
from tests.cast import Cast
from tests.queries import QueryBudget
from tests.walks.test_urls import RULES, STAFF, Worlds, address, worlds

__all__ = ["worlds"]

pytestmark = pytest.mark.django_db

#: Stands in every field of what the limited agent must not see.
HIDDEN, SEEN, BESIDE = "Zacharias Hidden", "Sibylla Seen", "subject of another team"


@dataclass
class Teams:
    cast: Cast
    north: Team
    below: Team
    south: Team
    seen: Customer
    by_case: Customer
    hidden: Customer
    alone: Customer


@pytest.fixture
def teams(cast: Cast) -> Teams:
    """North has a team below it; one customer spoke with each of north's two and with south, one has a case in
    north, one belongs to south, one to nobody."""
    with organization_context(cast.organization):
        north = Team.objects.create(external_id="n", name="North")
        below = Team.objects.create(external_id="b", name="Below north", parent=north)
        south = Team.objects.create(external_id="s", name="South")
        people = {
            team: Employee.objects.create(external_id=team.name, name=f"{team.name} agent", team=team)
            for team in (north, below, south)
        }
        seen = factories.customer(name=SEEN, external_id="K-seen")
        factories.interaction(seen, employee=people[below], subject="of below")
        factories.interaction(seen, employee=people[south], subject=BESIDE)
        factories.transaction(seen, external_id="order-seen")
        by_case = factories.customer(name=f"{SEEN} by case", external_id="K-case")
        hidden = factories.customer(name=HIDDEN, external_id="K-hidden", email="zacharias@mail.example")
        factories.interaction(hidden, employee=people[south], subject=HIDDEN)
        factories.transaction(hidden, external_id="order-hidden")
        alone = factories.customer(name=f"{HIDDEN} alone", external_id="K-alone")
        now = timezone.now()
        Case.objects.create(
            number=1, customer=by_case, subject="of north", reason="x", owner=people[north], due_at=now
        )
        Case.objects.create(number=2, customer=seen, subject=BESIDE, reason="x", team=south, due_at=now)
        Case.objects.create(number=3, customer=hidden, subject=HIDDEN, reason="x", team=south, due_at=now)
    return Teams(cast, north, below, south, seen, by_case, hidden, alone)


def place(user: Any) -> Membership:
    return Membership.objects.select_related("organization").get(user=user)


def limit(teams: Teams, *chosen: Team) -> Membership:
    with organization_context(teams.cast.organization):
        return limit_to_teams(membership=place(teams.cast.greta), teams=chosen, by=place(teams.cast.amir))


def names(member: Membership) -> set[str]:
    """What a query in this member's request finds."""

    class Asking:
        membership = member

    token = _request.set(Asking())
    try:
        with organization_context(member.organization):
            return set(Customer.objects.values_list("external_id", flat=True))
    finally:
        _request.reset(token)


def test_by_default_everybody_sees_everybody(teams: Teams) -> None:
    assert names(place(teams.cast.greta)) == {"K-seen", "K-case", "K-hidden", "K-alone"}


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        (("north",), {"K-seen", "K-case"}),
        (("below",), {"K-seen"}),
        (("south",), {"K-seen", "K-hidden"}),
        (("below", "south"), {"K-seen", "K-hidden"}),
    ],
)
def test_a_team_includes_all_below_it(teams: Teams, chosen: tuple[str, ...], found: set[str]) -> None:
    limit(teams, *(getattr(teams, one) for one in chosen))
    assert names(place(teams.cast.greta)) == found


def test_teams_that_are_their_own_parents_end(teams: Teams) -> None:
    with organization_context(teams.cast.organization):
        Team.objects.filter(pk=teams.north.pk).update(parent=teams.below)
    limit(teams, teams.below)
    with organization_context(teams.cast.organization):
        assert set(teams_of(place(teams.cast.greta))) == {teams.north.pk, teams.below.pk}


def test_a_limit_whose_teams_are_gone_shows_nobody(teams: Teams) -> None:
    limit(teams, teams.south)
    with organization_context(teams.cast.organization):
        Team.objects.filter(pk=teams.south.pk).delete()
    assert names(place(teams.cast.greta)) == set()


def test_contacts_and_cases_of_other_teams_are_not_on_the_page(teams: Teams, client: Client) -> None:
    client.force_login(teams.cast.greta)
    path = f"/o/halden/customers/{teams.seen.pk}/"
    assert BESIDE in client.get(path).content.decode()
    limit(teams, teams.north)
    for page in (path, f"{path}timeline/"):
        body = client.get(page).content.decode()
        assert BESIDE not in body, page
    body = client.get(path).content.decode()
    assert "of below" in body
    for missing in (teams.hidden, teams.alone):
        for ending in ("", "timeline/"):
            assert client.get(f"/o/halden/customers/{missing.pk}/{ending}").status_code == 404


@pytest.mark.parametrize("query", ["Zacharias", "K-hidden", "order-hidden", "zacharias@mail", HIDDEN])
def test_a_search_finds_nobody_elses(teams: Teams, client: Client, query: str) -> None:
    client.force_login(teams.cast.greta)
    link = f"/o/halden/customers/{teams.hidden.pk}/"
    assert link in client.get("/o/halden/customers/", {"q": query}).content.decode()
    limit(teams, teams.north)
    assert link not in client.get("/o/halden/customers/", {"q": query}).content.decode()
    assert str(teams.seen.pk) in client.get("/o/halden/customers/", {"q": "Sibylla"}).content.decode()


def test_hidden_ones_take_no_place_of_a_searchs_best(teams: Teams, client: Client) -> None:
    """Thirty better matches of another team stand before the one that is seen."""
    with organization_context(teams.cast.organization):
        for n in range(30):
            factories.customer(name=f"Sibylla {n}")
        assert len(search_customers("Sibylla")) == 20
    limit(teams, teams.north)
    client.force_login(teams.cast.greta)
    page = client.get("/o/halden/customers/", {"q": "Sibylla"}).content.decode()
    assert str(teams.seen.pk) in page
    assert str(teams.by_case.pk) in page


AGENTS = [route for route in STAFF if Role.AGENT.may(str(RULES[route].needs))]


@pytest.mark.parametrize("route", AGENTS)
def test_no_page_shows_a_customer_of_another_team(route: str, worlds: Worlds, client: Client) -> None:
    """Every address that an agent may open, with everything of an organization that belongs to other teams."""
    cast = worlds.cast
    with organization_context(cast.organization):
        Customer.objects.update(name=HIDDEN, email="zacharias@mail.example", phone="+351912345678")
        Interaction.objects.update(subject=HIDDEN)
        Case.objects.update(subject=HIDDEN)
        ids = {str(pk) for pk in Customer.objects.values_list("pk", flat=True)}
        empty = Team.objects.create(external_id="empty", name="Empty")
        limit_to_teams(membership=place(cast.greta), teams=[empty], by=place(cast.amir))
    path = address(route, worlds.mine)
    client.force_login(cast.greta)
    answer = getattr(client, RULES[route].method)(path, RULES[route].data)
    if RULES[route].of == "customer":
        assert answer.status_code == 404
    body = b"".join(answer) if answer.streaming else answer.content
    for word in (HIDDEN, "zacharias", "912345678", *ids):
        if word not in path:
            assert word not in body.decode("utf-8", "replace"), word


def test_other_roles_and_keys_are_not_limited(teams: Teams, client: Client) -> None:
    limit(teams, teams.north)
    for user in (teams.cast.olga, teams.cast.maya, teams.cast.anil):
        client.force_login(user)
        assert client.get(f"/o/halden/customers/{teams.hidden.pk}/").status_code == 200
    key = {"Authorization": f"Bearer {teams.cast.key('crm:read')}"}
    client.force_login(teams.cast.greta)
    assert client.get(f"/api/v1/customers/{teams.hidden.pk}", headers=key).status_code == 200


def test_only_agents_are_limited_and_another_role_ends_it(teams: Teams) -> None:
    cast = teams.cast
    with organization_context(cast.organization):
        with pytest.raises(Refused, match="Only agents"):
            limit_to_teams(membership=place(cast.maya), teams=[teams.north], by=place(cast.amir))
        with pytest.raises(Refused, match="at least one team"):
            limit_to_teams(membership=place(cast.greta), teams=[], by=place(cast.amir))
        with pytest.raises(Membership.DoesNotExist):
            limit_to_teams(membership=place(cast.otto), teams=[teams.north], by=place(cast.amir))
        with pytest.raises(IntegrityError), transaction.atomic():
            Membership.objects.filter(user=cast.maya).update(limited_to_teams=True)
    limit(teams, teams.north)
    with organization_context(cast.organization):
        members.change_role(membership=place(cast.greta), role="analyst", by=place(cast.amir))
    assert not place(cast.greta).limited_to_teams
    assert len(names(place(cast.greta))) == 4


def test_the_page_sets_and_lifts_the_limit(teams: Teams, client: Client) -> None:
    client.force_login(teams.cast.amir)
    path = f"/o/halden/settings/people/{place(teams.cast.greta).pk}/teams/"
    page = client.get(path).content.decode()
    assert "– Below north" in page
    assert client.post(path, {"limited": "on"}).status_code == 422
    page = client.post(path, {"limited": "on", "teams": [str(teams.north.pk)]}, follow=True).content.decode()
    assert "Greta sees customers of North from the next page on." in page
    assert "some teams" in client.get("/o/halden/settings/people/").content.decode()
    assert names(place(teams.cast.greta)) == {"K-seen", "K-case"}
    client.post(path, {})
    assert len(names(place(teams.cast.greta))) == 4
    with organization_context(teams.cast.organization):
        first, second = AuditEntry.objects.filter(action="member.teams_changed").order_by("id")
        assert (first.before, first.after) == ({"teams": []}, {"teams": ["North"]})
        assert second.after == {"teams": []}
    page = client.get(f"/o/halden/settings/people/{place(teams.cast.maya).pk}/teams/").content.decode()
    assert "Only agents can be limited" in page


def test_without_a_limit_nothing_more_is_asked(teams: Teams, client: Client) -> None:
    """The limit costs its one look-up to those who have one."""
    client.force_login(teams.cast.greta)
    path = f"/o/halden/customers/{teams.seen.pk}/"
    client.get(path)
    with QueryBudget(60) as without:
        client.get(path)
    assert not any("crm_teamscope" in query["sql"] for query in without.captured_queries)
    limit(teams, teams.north)
    with QueryBudget(60) as limited:
        client.get(path)
    assert len(limited.captured_queries) <= len(without.captured_queries) + 1
