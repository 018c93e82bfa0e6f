"""Roles and removal; an organization never loses its last owner."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from accounts.models import AuditEntry, Membership
from accounts.people import members
from accounts.refusal import Refused
from accounts.roles import ROLE_PERMISSIONS, Role
from accounts.tenancy import organization_context
from tests.accounts.locks import waits_for_us
from tests.cast import Cast
from tests.waiting import until

pytestmark = pytest.mark.django_db


def place(user: Any) -> Membership:
    return Membership.objects.get(user=user)


def test_a_role_is_changed_and_told_to_the_trail(inside: Cast) -> None:
    changed = members.change_role(membership=place(inside.vera), role="analyst", by=place(inside.olga))
    assert changed.role == place(inside.vera).role == "analyst"
    entry = AuditEntry.objects.get(action="member.role_changed")
    assert (entry.before, entry.after) == ({"role": "viewer"}, {"role": "analyst"})


def test_the_last_owner_can_neither_be_demoted_nor_removed(inside: Cast) -> None:
    olga = place(inside.olga)
    with pytest.raises(Refused, match="last owner"):
        members.change_role(membership=olga, role="admin", by=olga)
    with pytest.raises(Refused, match="last owner"):
        members.remove(membership=olga, by=olga)
    members.change_role(membership=place(inside.amir), role="owner", by=olga)
    members.remove(membership=olga, by=olga)
    assert not Membership.objects.filter(user=inside.olga).exists()


def test_an_owner_who_is_switched_off_does_not_count(inside: Cast) -> None:
    members.change_role(membership=place(inside.amir), role="owner", by=place(inside.olga))
    inside.amir.is_active = False
    inside.amir.save()
    with pytest.raises(Refused, match="last owner"):
        members.change_role(membership=place(inside.olga), role="viewer", by=place(inside.olga))


def test_an_administrator_makes_and_touches_no_owner(inside: Cast) -> None:
    amir, vera, olga = place(inside.amir), place(inside.vera), place(inside.olga)
    with pytest.raises(Refused, match="Only an owner"):
        members.change_role(membership=vera, role="owner", by=amir)
    with pytest.raises(Refused, match="Only an owner"):
        members.change_role(membership=amir, role="owner", by=amir)
    members.change_role(membership=vera, role="owner", by=olga)
    with pytest.raises(Refused, match="Only an owner"):
        members.change_role(membership=olga, role="viewer", by=amir)
    with pytest.raises(Refused, match="Only an owner"):
        members.remove(membership=olga, by=amir)


def test_who_lost_their_role_a_moment_ago_gives_nothing_away(inside: Cast) -> None:
    olga, amir, seen_before = place(inside.olga), place(inside.amir), place(inside.amir)
    members.change_role(membership=amir, role="viewer", by=olga)
    with pytest.raises(Refused, match="Only an owner"):
        members.change_role(membership=place(inside.vera), role="admin", by=seen_before)
    members.remove(membership=amir, by=olga)
    with pytest.raises(Refused, match="no access"):
        members.change_role(membership=place(inside.vera), role="admin", by=seen_before)


def test_another_organizations_member_is_out_of_reach(inside: Cast) -> None:
    with pytest.raises(Membership.DoesNotExist):
        members.remove(membership=place(inside.otto), by=place(inside.olga))


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_demote_each_other_at_once_leave_one(cast: Cast) -> None:
    olga, amir = place(cast.olga), place(cast.amir)
    with organization_context(cast.organization):
        members.change_role(membership=amir, role="owner", by=olga)
    refused: list[str] = []

    def second() -> None:
        try:
            with organization_context(cast.organization):
                members.change_role(membership=amir, role="viewer", by=olga)
        except Refused as reason:
            refused.append(str(reason))
        finally:
            connection.close()

    thread = threading.Thread(target=second)
    with organization_context(cast.organization):
        members.change_role(membership=olga, role="viewer", by=amir)
        thread.start()  # before the first has committed: it must wait, not look
        until(lambda: waits_for_us() or not thread.is_alive(), what="the second to wait or be through")
    thread.join(30)
    assert len(refused) == 1
    assert Membership.objects.filter(organization=cast.organization, role="owner").count() == 1


def test_every_role_has_at_most_what_stands_before_it() -> None:
    assert ROLE_PERMISSIONS[Role.OWNER] > ROLE_PERMISSIONS[Role.ADMIN] > ROLE_PERMISSIONS[Role.MANAGER]
    assert ROLE_PERMISSIONS[Role.MANAGER] > ROLE_PERMISSIONS[Role.ANALYST] > ROLE_PERMISSIONS[Role.VIEWER]


@pytest.fixture
def signed_in(client: Client, cast: Cast) -> Callable[[Any], Client]:
    def as_user(user: Any) -> Client:
        client.force_login(user)
        return client

    return as_user


def test_the_page_changes_a_role_from_the_next_page_on(signed_in: Any, cast: Cast) -> None:
    vera = place(cast.vera)
    client = signed_in(cast.olga)
    answer = client.post(f"/o/halden/settings/people/{vera.pk}/", {"role": "admin"}, follow=True)
    assert "Vera is administrator now" in answer.content.decode()
    assert signed_in(cast.vera).get("/o/halden/settings/people/").status_code == 200


def test_removal_is_confirmed_by_the_address(signed_in: Any, cast: Cast) -> None:
    vera, client = place(cast.vera), signed_in(cast.olga)
    address = f"/o/halden/settings/people/{vera.pk}/remove/"
    page = client.post(address, {"confirm": "vera"}, follow=True).content.decode()
    assert "Nobody was removed: write vera@halden.example" in page
    assert Membership.objects.filter(pk=vera.pk).exists()
    page = client.post(address, {"confirm": " Vera@halden.example "}, follow=True).content.decode()
    assert "Vera has no access any more" in page
    assert signed_in(cast.vera).get("/o/halden/").status_code == 404


def test_the_last_owner_reads_why(signed_in: Any, cast: Cast) -> None:
    olga = place(cast.olga)
    answer = signed_in(cast.olga).post(f"/o/halden/settings/people/{olga.pk}/", {"role": "viewer"})
    assert answer.status_code == 422
    assert "last owner" in answer.content.decode()


def test_an_administrator_sees_no_form_for_an_owner(signed_in: Any, cast: Cast) -> None:
    page = signed_in(cast.amir).get(f"/o/halden/settings/people/{place(cast.olga).pk}/").content.decode()
    assert "Only an owner can change an owner" in page
    assert "<select" not in page
    page = signed_in(cast.amir).get("/o/halden/settings/people/").content.decode()
    assert '<option value="owner">' not in page


def test_the_table_of_roles_is_the_one_that_is_enforced(signed_in: Any, cast: Cast) -> None:
    page = signed_in(cast.greta).get("/o/halden/settings/roles/").content.decode()
    assert "You are agent here" in page
    assert page.count("✓") == sum(len(allowed) for allowed in ROLE_PERMISSIONS.values())


def test_the_list_asks_nothing_per_row(signed_in: Any, cast: Cast, query_budget: Any) -> None:
    client = signed_in(cast.olga)
    client.get("/o/halden/settings/people/")
    with query_budget(13):
        client.get("/o/halden/settings/people/")


def test_anybody_leaves_by_themselves_but_the_last_owner(cast: Cast, client: Client) -> None:
    for role in ("viewer", "agent", "analyst", "manager", "admin"):
        user = cast[role]
        client.force_login(user)
        assert client.post("/o/halden/settings/leave/", {"confirm": "x"}).status_code == 422
        answer = client.post("/o/halden/settings/leave/", {"confirm": user.email.upper()})
        assert answer.headers["Location"] == "/"
        assert not Membership.objects.filter(user=user).exists()
        assert client.get("/o/halden/").status_code == 404
    client.force_login(cast.olga)
    answer = client.post("/o/halden/settings/leave/", {"confirm": cast.olga.email})
    assert answer.status_code == 422
    assert "last owner" in answer.content.decode()
    assert Membership.objects.filter(user=cast.olga).exists()
    with organization_context(cast.organization):
        assert AuditEntry.objects.filter(action="member.left").count() == 5


def test_an_owner_hands_the_organization_over_in_one_step(cast: Cast, client: Client) -> None:
    maya = place(cast.maya)
    client.force_login(cast.amir)
    path = f"/o/halden/settings/people/{maya.pk}/hand-over/"
    assert client.post(path, {"confirm": cast.maya.email}).status_code == 403
    client.force_login(cast.olga)
    client.post(path, {"confirm": "wrong"})
    assert place(cast.maya).role == "manager"
    page = client.post(path, {"confirm": cast.maya.email}, follow=True).content.decode()
    assert "Maya owns Halden Home now; you administer it." in page
    assert (place(cast.maya).role, place(cast.olga).role) == ("owner", "admin")
    assert client.post(path, {"confirm": cast.maya.email}).status_code == 403, "not hers to give any more"
    with organization_context(cast.organization):
        entry = AuditEntry.objects.get(action="organization.handed_over")
        assert entry.actor_name == "Olga"
        assert entry.after == {"role": "owner", "previous_owner": "admin"}


def test_nobody_hands_over_to_themselves_to_a_closed_account_or_elsewhere(inside: Cast) -> None:
    olga, amir = place(inside.olga), place(inside.amir)
    with pytest.raises(Refused, match="You own it already"):
        members.hand_over(to=olga, by=olga)
    with pytest.raises(Refused, match="Only an owner"):
        members.hand_over(to=olga, by=amir)
    inside.amir.is_active = False
    inside.amir.save()
    with pytest.raises(Refused, match="is closed"):
        members.hand_over(to=amir, by=olga)
    with pytest.raises(Membership.DoesNotExist):
        members.hand_over(to=place(inside.otto), by=olga)
    assert place(inside.olga).role == "owner"
