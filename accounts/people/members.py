"""Changes of who may do what. Every one runs under a lock of the organization's row.

Two owners who demote each other at the same moment would otherwise each see the other still there, and leave
nobody.
"""

from django.db import transaction

from accounts.audit.record import record
from accounts.models import Membership, Organization
from accounts.refusal import Refused
from accounts.roles import Role
from accounts.tenancy import current_organization_id


def lock_people(by: Membership) -> Membership:
    """One change of the members at a time. Gives who asks as they are now, since their own role may have changed."""
    organization_id = current_organization_id()
    Organization.objects.select_for_update(no_key=True).get(pk=organization_id)
    fresh = Membership.objects.filter(pk=by.pk, organization_id=organization_id).first()
    if fresh is None:
        raise Refused("You have no access to this organization any more.")
    return fresh


def may_give(by: Membership, role: str) -> bool:
    """Nobody hands out more than they have: an administrator makes no owner."""
    return Role(by.role).permissions >= Role(role).permissions


@transaction.atomic
def change_role(*, membership: Membership, role: str, by: Membership) -> Membership:
    """Raises Refused for the last owner, and where `by` may not give or take such a role."""
    by = lock_people(by)
    member = Membership.objects.select_for_update().get(
        pk=membership.pk, organization_id=current_organization_id()
    )
    before = member.role
    if before == role:
        return member
    _refuse_more_than_own(member, by)
    if not may_give(by, role):
        raise Refused(f"Only an owner can make somebody {Role(role).label.lower()}. Ask an owner to do it.")
    _refuse_without_owner(member)
    _set_role(member, role)
    record("member.role_changed", target=member, before={"role": before}, after={"role": role})
    return member


@transaction.atomic
def remove(*, membership: Membership, by: Membership) -> None:
    """What the person made stays, without a name. Raises Refused as `change_role` does."""
    by = lock_people(by)
    member = Membership.objects.select_for_update().get(
        pk=membership.pk, organization_id=current_organization_id()
    )
    _refuse_more_than_own(member, by)
    _refuse_without_owner(member)
    record("member.removed", target=member, before={"role": member.role})
    member.delete()


@transaction.atomic
def leave(*, membership: Membership) -> None:
    """Somebody's own going, for which no permission is needed. Raises Refused for the last owner."""
    member = lock_people(membership)
    _refuse_without_owner(member)
    record("member.left", target=member, before={"role": member.role})
    member.delete()


@transaction.atomic
def hand_over(*, to: Membership, by: Membership, role: str = Role.ADMIN) -> Membership:
    """Make `to` an owner and take the lesser `role` oneself, both or neither. Gives `by` as it is then.

    Raises Refused for oneself, for an account that is closed, and for who is no owner.
    """
    by = lock_people(by)
    heir = Membership.objects.select_related("user").get(pk=to.pk, organization_id=current_organization_id())
    if by.role != Role.OWNER:
        raise Refused("Only an owner can hand the organization over.")
    if heir.pk == by.pk:
        raise Refused("You own it already. Choose somebody else.")
    if not heir.user.is_active:
        raise Refused(f"The account of {heir.user} is closed. Choose somebody who can log in.")
    before = heir.role
    _set_role(heir, Role.OWNER)
    _set_role(by, role)
    record(
        "organization.handed_over",
        target=heir,
        before={"role": before, "previous_owner": Role.OWNER},
        after={"role": Role.OWNER, "previous_owner": role},
    )
    return by


def _set_role(member: Membership, role: str) -> None:
    """Only agents can be limited to teams; with another role the limit ends."""
    member.role = role
    member.limited_to_teams = member.limited_to_teams and role == Role.AGENT
    member.save(update_fields=["role", "limited_to_teams"])


def _refuse_more_than_own(member: Membership, by: Membership) -> None:
    if member.pk != by.pk and not may_give(by, member.role):
        raise Refused(f"Only an owner can change {member.user}, who is an owner.")


def _refuse_without_owner(member: Membership) -> None:
    """Under the lock of `lock_people`."""
    if member.role != Role.OWNER:
        return
    others = Membership.objects.filter(organization_id=member.organization_id, role=Role.OWNER).exclude(
        pk=member.pk
    )
    if not others.filter(user__is_active=True).exists():
        raise Refused(
            f"{member.user} is the last owner, and an organization needs one. Make somebody else owner first."
        )
