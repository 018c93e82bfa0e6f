"""Whose customers somebody sees. By default everybody's; a member who is limited sees those of some teams.

The one place: the managers of customers, interactions and cases ask here who is asking, so that a page, a search or
a figure cannot forget it. Outside a member's request (API keys, tasks, imports) nobody is limited. A customer belongs
to the teams whose people they had to do with or that have a case of theirs; what carries no team, such as orders and
answers, is seen with its customer.
"""

from collections.abc import Iterable
from typing import Any, TypeVar, cast
from uuid import UUID

from django.apps import apps
from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef, Q

from accounts.audit.current import current_request
from accounts.audit.record import record
from accounts.models import Membership
from accounts.people.members import lock_people, may_give
from accounts.refusal import Refused
from accounts.roles import Role
from accounts.tenancy import current_organization_id

Row = TypeVar("Row", bound=models.Model)

_SUBTREES = """
    WITH RECURSIVE seen AS (
        SELECT team_id AS id FROM crm_teamscope WHERE membership_id = %s
        UNION
        SELECT t.id FROM crm_team t JOIN seen ON t.parent_id = seen.id
    )
    SELECT id FROM seen
"""


def current_teams() -> list[UUID] | None:
    """The teams that whoever asks is limited to, with all below them; None for no limit."""
    membership: Membership | None = getattr(current_request(), "membership", None)
    if membership is None or not membership.limited_to_teams:
        return None
    kept = vars(membership)  # the row of this request alone, so it is asked once a request
    if "seen_teams" not in kept:
        kept["seen_teams"] = teams_of(membership)
    return cast(list[UUID], kept["seen_teams"])


def teams_of(membership: Membership) -> list[UUID]:
    """What a limited member sees: the chosen teams and all below them. None chosen: nothing."""
    with connection.cursor() as cursor:
        cursor.execute(_SUBTREES, [membership.pk])
        return [id for (id,) in cursor.fetchall()]


class WithinTeams(models.Manager[Row]):
    """Rows that whoever asks may see."""

    def get_queryset(self) -> models.QuerySet[Row]:
        rows = super().get_queryset()
        teams = current_teams()
        return rows if teams is None else rows.filter(_SEEN[self.model.__name__](teams))


def _interactions(teams: Iterable[UUID]) -> Q:
    return Q(employee_id__in=_employees(teams))


def _cases(teams: Iterable[UUID]) -> Q:
    return Q(team_id__in=teams) | Q(owner_id__in=_employees(teams))


def _customers(teams: Iterable[UUID]) -> Q:
    """Through the managers that know no limit: the condition itself is the limit."""

    def of(name: str, condition: Q) -> Exists:
        rows: Any = apps.get_model("crm", name)._base_manager
        return Exists(rows.filter(condition, customer_id=OuterRef("pk")))

    return Q(of("Interaction", _interactions(teams))) | Q(of("Case", _cases(teams)))


_SEEN = {"Customer": _customers, "Interaction": _interactions, "Case": _cases}


def _employees(teams: Iterable[UUID]) -> Any:
    return apps.get_model("crm", "Employee").objects.filter(team_id__in=teams).values("pk")


@transaction.atomic
def limit_to_teams(*, membership: Membership, teams: Iterable[Any], by: Membership) -> Membership:
    """The member sees customers of these teams, and of those below them, and nobody else's.

    Raises Refused for whoever is no agent, and without a team.
    """
    member, teams = _member(membership, by), list(teams)
    if member.role != Role.AGENT:
        raise Refused(
            f"Only agents can be limited to teams. {member.user} is {member.get_role_display().lower()}."
        )
    if not teams:
        raise Refused("Choose at least one team, or lift the limit: without a team they would see nobody.")
    return _set(member, teams, limited=True)


@transaction.atomic
def lift_limit(*, membership: Membership, by: Membership) -> Membership:
    return _set(_member(membership, by), [], limited=False)


def _member(membership: Membership, by: Membership) -> Membership:
    by = lock_people(by)
    member = (
        Membership.objects.select_for_update(of=("self",))
        .select_related("user")
        .get(pk=membership.pk, organization_id=current_organization_id())
    )
    if not may_give(by, member.role):
        raise Refused(f"Only an owner can change {member.user}, who is an owner.")
    return member


def _set(member: Membership, teams: list[Any], *, limited: bool) -> Membership:
    scopes: Any = apps.get_model("crm", "TeamScope").objects
    before = sorted(scopes.filter(membership_id=member.pk).values_list("team__name", flat=True))
    scopes.filter(membership_id=member.pk).delete()
    scopes.bulk_create(scopes.model(membership=member, team=team) for team in teams)
    after = sorted(team.name for team in teams)
    if before != after or member.limited_to_teams != limited:
        record("member.teams_changed", target=member, before={"teams": before}, after={"teams": after})
    member.limited_to_teams = limited
    member.save(update_fields=["limited_to_teams"])
    return member
