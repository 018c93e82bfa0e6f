"""What follows from a response: cases, each opened once and numbered without gaps."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import CasePriority, OutboxEntry
from accounts.organizations.hours import working_time
from accounts.organizations.profile import change_profile
from accounts.tenancy import organization_context
from crm.cases import open_case
from crm.models import Case
from feedback.intake.after import after_response
from feedback.models import Response
from tests import factories
from tests.cast import Cast

from . import makers

pytestmark = pytest.mark.django_db


def test_a_detractor_and_a_low_csat_open_cases(inside: Cast) -> None:
    nps, csat, who = makers.survey(), makers.survey("support-csat"), factories.customer()
    for of, answers in ((nps, {"nps": 6}), (csat, {"csat": 2}), (nps, {"nps": 7}), (csat, {"csat": 3})):
        response = makers.answer(of, answers, who)
        for _ in range(2):
            after_response.run(response_id=str(response.pk))
    first, second = Case.objects.order_by("number")
    assert (first.number, first.reason, first.subject) == (1, "detractor", "NPS 6 of 10 in Relationship NPS")
    assert (second.number, second.reason, second.subject) == (
        2,
        "low_csat",
        "CSAT 2 of 5 in CSAT after support",
    )
    assert first.customer_id == who.pk
    assert first.status == Case.Status.OPEN
    assert first.due_at - first.opened_at == timedelta(hours=24)
    assert (first.priority, second.priority) == ("normal", "normal")


def test_the_end_of_the_scale_is_urgent(inside: Cast) -> None:
    nps, csat, who = makers.survey(), makers.survey("support-csat"), factories.customer()
    for of, answers in ((nps, {"nps": 0}), (csat, {"csat": 1}), (nps, {"nps": 1})):
        after_response.run(response_id=str(makers.answer(of, answers, who).pk))
    found = Case.objects.order_by("number").values_list("priority", flat=True)
    assert list(found) == ["high", "high", "normal"]


def test_a_case_is_due_in_business_hours_by_its_priority(inside: Cast) -> None:
    """Friday to Monday over a weekend and a holiday, in the organization's zone."""
    days = ("monday", "tuesday", "wednesday", "thursday", "friday")
    today = timezone.localdate(timezone=inside.organization.tz)
    organization = change_profile(
        organization=inside.organization,
        business_hours={day: [["09:00", "17:00"]] for day in days},
        holidays=[{"day": (today + timedelta(days=1)).isoformat(), "name": "Tomorrow"}],
        case_hours={"high": 2, "normal": 9},
    )
    time = working_time(organization)
    for priority, hours in (("high", 2), ("normal", 9), ("low", 72)):
        case = open_case(
            customer_id=factories.customer().pk,
            reason="complaint",
            subject="x",
            priority=CasePriority(priority),
        )
        assert time.between(case.opened_at, case.due_at) == timedelta(hours=hours)
        due = case.due_at.astimezone(organization.tz)
        assert due.weekday() < 5
        assert due.date() != today + timedelta(days=1)
        assert 9 <= due.hour <= 17
    named = open_case(
        customer_id=factories.customer().pk, reason="complaint", subject="x", target=timedelta(hours=1)
    )
    assert time.between(named.opened_at, named.due_at) == timedelta(hours=1)


def test_nobody_is_called_back_who_is_unknown_or_was_testing(inside: Cast) -> None:
    of, who = makers.survey(), factories.customer()
    for response in (
        makers.answer(of, {"nps": 0}),
        makers.answer(of, {"nps": 0}, who, is_test=True),
        makers.answer(of, {"nps": 0}, who, status="partial"),
    ):
        after_response.run(response_id=str(response.pk))
    assert not Case.objects.exists()
    erased = makers.answer(of, {"nps": 0}, who)
    key = str(erased.pk)
    Response.objects.filter(pk=key).delete()
    after_response.run(response_id=key)
    assert not Case.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_task_pays_what_was_owed(cast: Cast) -> None:
    with organization_context(cast.organization):
        makers.answer(makers.survey(), {"nps": 1}, factories.customer())
    entry = OutboxEntry.objects.get()
    for _ in range(2):  # published twice, done once
        after_response(organization_id=str(cast.organization.pk), outbox_id=entry.pk, **entry.arguments)
    assert not OutboxEntry.objects.exists()
    with organization_context(cast.organization):
        assert Case.objects.count() == 1
    with organization_context(cast.other):
        assert not Case.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_racing_cases_get_a_number_each_and_the_same_cause_opens_one(cast: Cast) -> None:
    with organization_context(cast.organization):
        who = factories.customer()
    together, numbers = threading.Barrier(8), []

    def work(place: int) -> None:
        try:
            together.wait(20)
            with organization_context(cast.organization):
                source = f"response:{place // 2}"
                opened = open_case(customer_id=who.pk, reason="detractor", subject="S", source=source)
                numbers.append(opened.number)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(place,)) for place in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(numbers) == [1, 1, 2, 2, 3, 3, 4, 4]


def test_numbers_are_each_organizations_own(cast: Cast) -> None:
    for organization in (cast.organization, cast.other):
        with organization_context(organization):
            case = open_case(customer_id=factories.customer().pk, reason="agent", subject="S")
            assert case.number == 1
            assert case.due_at > timezone.now()
            assert open_case(customer_id=case.customer_id, reason="agent", subject="S").number == 2
