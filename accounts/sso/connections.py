"""Changes of connections. Whoever controls one can come in as any member, so only owners put one in use."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.audit.record import record
from accounts.models import Organization, SignOnConnection, SignOnIdentity
from accounts.refusal import Refused
from accounts.tenancy import current_organization_id

from .secrets import seal

#: What log-ins depend on: when one of these changes, the connection is out of use until it was tested anew.
TRUST = frozenset(
    {
        *("issuer", "client_id", "client_secret", "idp_entity_id", "idp_url", "idp_certificates"),
        *("email_attribute", "allows_unsolicited"),
    }
)
CHANGEABLE = TRUST | {
    *("name", "name_attribute", "groups_attribute", "admits_new", "default_role", "role_map"),
}
MOST = 10


@transaction.atomic
def add(*, protocol: str, **fields: Any) -> SignOnConnection:
    if SignOnConnection.objects.count() >= MOST:
        raise Refused(f"There are {MOST} connections already. Remove one that is not needed any more.")
    connection = SignOnConnection.objects.create(protocol=protocol, **_kept(fields))
    record("sign_on.connection_added", target=connection, after={"protocol": protocol, **fields})
    return connection


@transaction.atomic
def change(*, connection: SignOnConnection, **fields: Any) -> SignOnConnection:
    """Set some of CHANGEABLE; an empty client secret keeps the one that is there.

    A change of what is trusted takes the connection out of use. Raises Refused while everybody has to come through
    it, since nobody could then.
    """
    row = _locked(connection)
    if not fields.get("client_secret", "-"):
        del fields["client_secret"]
    new = {name: value for name, value in fields.items() if getattr(row, name) != value}
    if not new:
        return row
    trusted = TRUST & set(new)
    if trusted and row.is_enabled:
        _refuse_while_required()
    record(
        "sign_on.connection_changed", target=row, before={name: getattr(row, name) for name in new}, after=new
    )
    for name, value in _kept(new).items():
        setattr(row, name, value)
    if trusted:
        row.is_enabled, row.changed_at = False, timezone.now()
    row.save()
    return row


@transaction.atomic
def note_test(*, connection: SignOnConnection) -> None:
    """Somebody went to the provider and came back with an answer that could be believed."""
    row = _locked(connection)
    row.tested_at = timezone.now()
    row.save(update_fields=["tested_at"])
    record("sign_on.connection_tested", target=row)


@transaction.atomic
def enable(*, connection: SignOnConnection) -> None:
    """Put it in use, in place of another one. For owners."""
    row = _locked(connection)
    if not row.is_tested:
        raise Refused("Test this connection first: it was not tested since it was last changed.")
    for other in SignOnConnection.objects.filter(is_enabled=True).exclude(pk=row.pk):
        _set_use(other, False)
    if not row.is_enabled:
        _set_use(row, True)


@transaction.atomic
def disable(*, connection: SignOnConnection) -> None:
    row = _locked(connection)
    if row.is_enabled:
        _refuse_while_required()
        _set_use(row, False)


@transaction.atomic
def remove(*, connection: SignOnConnection) -> None:
    """With it goes who came in by it; the members stay."""
    row = _locked(connection)
    if row.is_enabled:
        raise Refused("This connection is in use. Take it out of use first.")
    record("sign_on.connection_removed", target=row, before={"name": row.name, "protocol": row.protocol})
    row.delete()


@transaction.atomic
def forget(*, identity: SignOnIdentity) -> None:
    """The next one who comes with that member's address is taken for them: for an account that was made anew."""
    record("sign_on.identity_forgotten", target=identity.membership, before={"subject": identity.subject})
    identity.delete()


def _set_use(row: SignOnConnection, used: bool) -> None:
    row.is_enabled = used
    row.save(update_fields=["is_enabled"])
    record("sign_on.connection_enabled" if used else "sign_on.connection_disabled", target=row)


def _kept(fields: dict[str, Any]) -> dict[str, Any]:
    if unknown := set(fields) - CHANGEABLE:
        raise ValueError(f"{sorted(unknown)} cannot be set here; there are {sorted(CHANGEABLE)}.")
    return {name: seal(value) if name == "client_secret" else value for name, value in fields.items()}


def _locked(connection: SignOnConnection) -> SignOnConnection:
    """One change of log-in rules at a time, and of the row as it is now."""
    Organization.objects.select_for_update(no_key=True).get(pk=current_organization_id())
    return SignOnConnection.objects.select_for_update().get(pk=connection.pk)


def _refuse_while_required() -> None:
    if Organization.objects.get(pk=current_organization_id()).sign_on_required:
        raise Refused(
            "Everybody has to come in through this connection. Stop requiring it first, or put another in use."
        )
