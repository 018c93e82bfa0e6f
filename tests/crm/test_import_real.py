"""The real files, each with the mapping that docs/examples offers for it."""

import json

import pytest

from accounts.tenancy import organization_context
from crm.imports.run import import_file
from crm.models import Customer, ImportRun, Transaction
from feedback.models import Response, Score
from feedback.surveys.services import create_survey, publish
from tests.cast import Cast

from .files import EXAMPLES, counts, shared

# Real transactions: an import of seconds renews its lease from a thread of its own.
pytestmark = pytest.mark.django_db(transaction=True)


def take(cast: Cast, kind: str, file: str, mapping: str) -> ImportRun:
    return import_file(
        kind=kind,
        path=shared(file),
        organization=cast.other,
        mapping=json.loads((EXAMPLES / mapping).read_text()),
    )


def test_cdnow(cast: Cast) -> None:
    first = take(cast, "transactions", "cdnow_transactions.txt", "cdnow.mapping.json")
    assert (counts(first), first.customers_created) == ((69_659, 0, 0, 0), 23_570)
    second = take(cast, "transactions", "cdnow_transactions.txt", "cdnow.mapping.json")
    assert (counts(second), second.customers_created) == ((0, 0, 69_659, 0), 0)
    with organization_context(cast.other):
        assert (Customer.objects.count(), Transaction.objects.count()) == (23_570, 69_659)
    with organization_context(cast.organization):
        assert not Customer.objects.exists()


def test_ecsi(cast: Cast) -> None:
    shared("ecsi_satisfaction.csv")
    with organization_context(cast.other):
        document = json.loads((EXAMPLES / "ecsi.survey.json").read_text())
        publish(create_survey(key="ecsi", name="ECSI", kind="relationship", document=document))
    people = take(cast, "customers", "ecsi_satisfaction.csv", "ecsi.customers.mapping.json")
    answers = take(cast, "responses", "ecsi_satisfaction.csv", "ecsi.mapping.json")
    assert counts(people) == counts(answers) == (250, 0, 0, 0)
    assert answers.customers_created == 0
    again = take(cast, "responses", "ecsi_satisfaction.csv", "ecsi.mapping.json")
    assert counts(again) == (0, 0, 250, 0)
    with organization_context(cast.other):
        assert Score.objects.filter(counts=True).count() == 250 * 27
        assert set(Customer.objects.values_list("attributes__gender", flat=True)) == {"m", "f"}
        first = Response.objects.get(customer__external_id="1")
        assert first.answers["imag"] == {"imag1": 8, "imag2": 8, "imag3": 9, "imag4": 5, "imag5": 6}
