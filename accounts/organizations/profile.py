"""Changes of what an organization is."""

from typing import Any

from django.db import transaction

from accounts.audit.record import record
from accounts.brand import check_accent
from accounts.models import Organization

#: What people may change. The reporting currency is not among them: stored amounts are in it.
CHANGEABLE = frozenset(
    {
        "name",
        "time_zone",
        "locale",
        "minimum_n",
        "accent",
        "business_hours",
        "holidays",
        "case_hours",
        "second_step_required",
    }
)


@transaction.atomic
def change_profile(*, organization: Organization, **fields: Any) -> Organization:
    """Set some of CHANGEABLE, checked as a whole. Raises ValidationError; nothing is written then."""
    if unknown := set(fields) - CHANGEABLE:
        raise ValueError(f"{sorted(unknown)} cannot be changed here; there are {sorted(CHANGEABLE)}.")
    row = Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    before = {name: getattr(row, name) for name in fields if getattr(row, name) != fields[name]}
    for name in before:
        setattr(row, name, fields[name])
    if row.accent and "accent" in before:
        check_accent(row.accent)
    row.full_clean()
    row.save(update_fields=list(before))
    if before:
        record(
            "organization.changed", target=row, before=before, after={name: fields[name] for name in before}
        )
    return row
