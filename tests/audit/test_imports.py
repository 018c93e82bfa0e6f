"""An import stands in the trail from its beginning, under the name of the member who started it."""

import hashlib
from pathlib import Path

import pytest

from accounts.models import AuditEntry, Membership
from accounts.tenancy import organization_context
from crm.imports.reading import UnreadableFile
from tests.cast import Cast
from tests.crm.files import CUSTOMERS, Desk

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = "id,name,email,tier\nK-1,Ana Sousa,ana@mail.example,a\nK-2,B,not an address,\n"


@pytest.fixture
def desk(cast: Cast, tmp_path: Path) -> Desk:
    return Desk(tmp_path, cast.organization)


def entries(cast: Cast) -> list[AuditEntry]:
    with organization_context(cast.organization):
        return list(AuditEntry.objects.filter(action__startswith="import.").order_by("id"))


def test_begin_and_end_with_counts_and_no_name(cast: Cast, desk: Desk) -> None:
    maya = Membership.objects.get(user=cast.maya)
    run = desk.take("customers", ROWS, CUSTOMERS, started_by=maya)
    first, last = entries(cast)
    assert (first.action, last.action) == ("import.started", "import.finished")
    assert {(one.actor_kind, one.actor_id, one.actor_name) for one in (first, last)} == {
        ("member", maya.pk, "Maya")
    }
    assert first.target_id == last.target_id == str(run.pk)
    assert first.after == {
        "kind": "customers",
        "file": "customers.csv",
        "sha256": hashlib.sha256(ROWS.encode()).hexdigest(),
    }
    assert (last.after["rows"], last.after["created"], last.after["failed"]) == (2, 1, 1)
    assert "Sousa" not in repr([one.__dict__ for one in (first, last)])


def test_one_that_breaks_off_says_so(cast: Cast, desk: Desk) -> None:
    with pytest.raises(UnreadableFile):
        desk.take("customers", "id,name,email,tier\n" + "x" * 1_100_000, CUSTOMERS)
    assert [(one.action, one.actor_kind) for one in entries(cast)] == [
        ("import.started", "system"),
        ("import.failed", "system"),
    ]


def test_a_dry_run_leaves_nothing(cast: Cast, desk: Desk) -> None:
    desk.take("customers", ROWS, CUSTOMERS, dry_run=True)
    assert not entries(cast)
