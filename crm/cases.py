"""Opening cases."""

from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from accounts.audit.record import record
from accounts.models import CasePriority, Organization
from accounts.organizations.hours import case_hours, working_time
from accounts.tenancy import current_organization_id
from crm.models import Case, Employee, Team


@transaction.atomic
def open_case(
    *,
    customer_id: UUID,
    reason: str,
    subject: str,
    source: str | None = None,
    owner: Employee | None = None,
    team: Team | None = None,
    priority: CasePriority = CasePriority.NORMAL,
    target: timedelta | None = None,
) -> Case:
    """Open a case under the organization's next number.

    Args:
        source: what opened it, such as "response:<id>". Told again with the same reason and source, this
            returns the case that is there, whatever became of it.
        target: from now until it is due, in the organization's working time; without it, what the organization
            allows for the priority. The day that comes out is kept, whatever becomes of the hours later.
    """
    with connection.cursor() as cursor:
        # Held until the commit: the next number is free only when this one is visible to the next opener.
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"case:{current_organization_id()}"]
        )
    if source is not None and (known := Case.objects.filter(reason=reason, source=source).first()):
        return known
    now = timezone.now()
    organization = Organization.objects.get(pk=current_organization_id())
    if target is None:
        target = timedelta(hours=case_hours(organization)[priority])
    number = (Case.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    case = Case.objects.create(
        number=number,
        customer_id=customer_id,
        subject=subject,
        reason=reason,
        source=source,
        priority=priority,
        owner=owner,
        team=team,
        opened_at=now,
        due_at=working_time(organization).after(now, target),
    )
    record("case.opened", target=case, after={"reason": reason, "priority": priority, "due_at": case.due_at})
    return case
