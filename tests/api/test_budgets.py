"""No list runs a query per row."""

from typing import Any

import pytest

from accounts.tenancy import organization_context
from analytics.models import Run, Study
from crm.models import Company, Employee, Touchpoint
from feedback.models import Survey
from tests import factories
from tests.api.conftest import Api
from tests.cast import Cast

pytestmark = pytest.mark.django_db

#: Resolve the key, savepoint and setting, read the key, the page; in tests the setting is put back after it.
#: Responses read their scores beside it.
BUDGETS = {
    "/customers": 8,
    "/transactions": 8,
    "/interactions": 8,
    "/responses": 9,
    "/studies": 8,
    "/runs": 8,
    "/scores?metric=nps&by=survey": 10,
}


@pytest.fixture
def full(api: Api, cast: Cast, survey: Survey) -> None:
    with organization_context(cast.organization):
        company = Company.objects.create(external_id="c", name="C")
        touchpoint = Touchpoint.objects.create(key="t", name="T")
        employee = Employee.objects.create(external_id="e", name="E")
        for number in range(12):
            customer = factories.customer(company=company)
            factories.transaction(customer)
            factories.interaction(customer, touchpoint=touchpoint, employee=employee)
            study = Study.objects.create(name=str(number), predictor="nps", outcome="revenue")
            Run.objects.create(study=study, number=1, as_of=factories.NOW, seed=1)
            body = {
                "survey": "orders",
                "customer": str(customer.pk),
                "touchpoint": "t",
                "answers": {"nps": 9},
            }
            assert api.post("/responses", body).status_code == 201


@pytest.mark.parametrize("path", BUDGETS)
def test_a_page_costs_the_same_with_any_number_of_rows(
    path: str, api: Api, full: None, query_budget: Any
) -> None:
    api.get(path)  # notes the key's use
    with query_budget(BUDGETS[path]):
        body = api.get(path).json()
    assert len(body["data"]) == (1 if "scores" in path else 12)
