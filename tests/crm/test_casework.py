"""Changes of a case, each with what was before and what is after."""

import pytest

from accounts.models import AuditEntry
from accounts.tenancy import organization_context
from crm.cases import open_case
from crm.casework import change_case, close_case, reopen_case
from crm.models import Case, Employee
from tests import factories
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(inside: Cast) -> Case:
    return open_case(customer_id=factories.customer().pk, reason="detractor", subject="Ana Sousa is angry")


def last() -> AuditEntry:
    return AuditEntry.objects.filter(action="case.changed").latest("id")


def test_a_change_tells_before_and_after_and_not_whom_the_subject_names(case: Case) -> None:
    jos = Employee.objects.create(external_id="e-1", name="Jos Smit")
    changed = change_case(case=case, owner=jos, root_cause="delivery", subject="Ana Sousa waits")
    assert (changed.owner, changed.root_cause) == (jos, "delivery")
    entry = last()
    assert entry.before == {"owner": None, "root_cause": "", "subject": "•••"}
    assert entry.after == {"owner": str(jos.pk), "root_cause": "delivery", "subject": "•••"}
    assert entry.subject_id == case.customer_id


def test_nothing_new_writes_and_records_nothing(case: Case) -> None:
    change_case(case=case, subject=case.subject)
    assert not AuditEntry.objects.filter(action="case.changed").exists()


def test_closing_waiting_and_opening_again(case: Case) -> None:
    closed = close_case(case=case, root_cause="delivery")
    assert (closed.status, closed.root_cause) == ("closed", "delivery")
    assert last().before == {"status": "open", "closed_at": None, "root_cause": ""}
    assert close_case(case=case).closed_at == closed.closed_at, "the first time counts"
    assert AuditEntry.objects.filter(action="case.changed").count() == 1
    waiting = reopen_case(case=case, waiting=True)
    assert (waiting.status, waiting.closed_at, waiting.due_at) == ("waiting", None, case.due_at)
    assert last().after == {"status": "waiting", "closed_at": None}
    assert reopen_case(case=case).status == "open"


def test_a_status_is_not_set_by_the_way(case: Case) -> None:
    with pytest.raises(ValueError, match="'status' cannot be set"):
        change_case(case=case, status="closed")


def test_another_organizations_case_is_not_there(cast: Cast) -> None:
    with organization_context(cast.other):
        theirs = open_case(customer_id=factories.customer().pk, reason="complaint", subject="S")
    with organization_context(cast.organization), pytest.raises(Case.DoesNotExist):
        close_case(case=theirs)
    with organization_context(cast.other):
        assert Case.objects.get().status == "open"
