import pytest

from accounts.tenancy import organization_context
from cem.lib.db.bulk import insert_rows
from crm.models import Customer
from tests.cast import Cast

pytestmark = pytest.mark.django_db
FIELDS = ["external_id", "name", "email", "phone", "segment", "country", "language", "attributes"]
FIELDS += ["created_at", "updated_at"]
NOW = "2026-11-01T12:00:00Z"


def row(number: int, name: str) -> list[str]:
    return [f"C-{number}", name, "", "", "gold", "", "", "{}", NOW, NOW]


def test_hostile_text_arrives_as_it_is(cast: Cast) -> None:
    names = ["tab\there", "line\nbreak", "back\\slash", "\\N", "quote'\"", "é日本", "\r", "\\."]
    with organization_context(cast.organization):
        assert insert_rows(Customer, FIELDS, (row(i, name) for i, name in enumerate(names))) == len(names)
        stored = Customer.objects.order_by("external_id").values_list("name", flat=True)
        assert list(stored) == names
        assert {customer.id.version for customer in Customer.objects.all()} == {7}
    with organization_context(cast.other):
        assert not Customer.objects.exists()


def test_a_nul_is_refused(cast: Cast) -> None:
    with pytest.raises(ValueError, match="NUL"), organization_context(cast.organization):
        insert_rows(Customer, FIELDS, [row(1, "nul\0")])


def test_many_rows_cross_the_buffer(cast: Cast) -> None:
    with organization_context(cast.organization):
        insert_rows(Customer, FIELDS, (row(i, "n" * 200) for i in range(8000)))
        assert Customer.objects.count() == 8000
