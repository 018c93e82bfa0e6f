"""Whether people of the proven domains have to come in through their provider."""

from django.db import transaction

from accounts.audit.record import record
from accounts.login.second_step import has_second_step
from accounts.models import Membership, Organization, SignOnConnection, SignOnDomain
from accounts.refusal import Refused

from .capture import domain_of


@transaction.atomic
def set_required(*, organization: Organization, required: bool, by: Membership | None = None) -> None:
    """For owners, and for the operator, who can only stop it.

    Turning it on asks for everything that keeps a broken provider from locking everybody out.
    """
    row = Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    if row.sign_on_required == required:
        return
    if required:
        if by is None:
            raise ValueError("Somebody has to answer for requiring it: name the owner.")
        _refuse_unready(by)
    row.sign_on_required = required
    row.save(update_fields=["sign_on_required"])
    record(
        "sign_on.requirement_changed",
        target=row,
        before={"required": not required},
        after={"required": required},
    )


def _refuse_unready(by: Membership) -> None:
    if not SignOnConnection.objects.filter(is_enabled=True).exists():
        raise Refused("Put a connection in use first.")
    if not SignOnDomain.objects.filter(proven_at__isnull=False).exists():
        raise Refused("Prove a domain first: only people with an address of a proven domain can be asked.")
    if not by.user.has_usable_password() or not has_second_step(by.user):
        raise Refused(
            "Set up a password and a second step of your own first: they are how you come in when the provider is "
            "out of order."
        )


def outside_members(organization: Organization) -> list[Membership]:
    """Members whom the requirement does not reach, since their address is of no proven domain."""
    proven = set(SignOnDomain.objects.filter(proven_at__isnull=False).values_list("name", flat=True))
    members = (
        Membership.objects.filter(organization=organization).select_related("user").order_by("user__email")
    )
    return [member for member in members if domain_of(member.user.email) not in proven]
