"""Scores over time and by dimension, in the organization's time zone (Halden Home is in Lisbon)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.tenancy import organization_context
from crm.models import Touchpoint
from feedback import scoring, selectors
from feedback.links import invite
from feedback.models import Invitation, Survey
from tests import factories
from tests.cast import Cast

from . import makers

pytestmark = pytest.mark.django_db
#: Monday 29 June 2026, midnight in Lisbon (UTC+1 in summer).
MONDAY = datetime(2026, 6, 28, 23, tzinfo=UTC)
WEEK = timedelta(days=7)


def fill(of: Survey, values: list[int], at: datetime, **fields: object) -> None:
    for value in values:
        makers.answer(of, {"nps": value}, at=at, **fields)


@pytest.fixture
def of(inside: Cast) -> Survey:
    survey = makers.survey()
    fill(survey, [10, 9, 0], MONDAY, channel="link")
    fill(survey, [10], MONDAY - timedelta(seconds=1), channel="email")  # still Sunday in Lisbon
    fill(survey, [6, 6], MONDAY + 2 * WEEK, channel="email")
    fill(survey, [3], MONDAY + timedelta(hours=1), is_test=True)
    return survey


def test_counts(of: Survey) -> None:
    everything = MONDAY - WEEK, MONDAY + 3 * WEEK
    assert selectors.score_counts("nps", *everything) == {None: {10.0: 2, 9.0: 1, 0.0: 1, 6.0: 2}}
    assert selectors.score_counts("nps", *everything, by="channel") == {
        "link": {10.0: 1, 9.0: 1, 0.0: 1},
        "email": {10.0: 1, 6.0: 2},
    }
    assert selectors.score_counts("nps", *everything, by="week") == {
        date(2026, 6, 22): {10.0: 1},
        date(2026, 6, 29): {10.0: 1, 9.0: 1, 0.0: 1},
        date(2026, 7, 13): {6.0: 2},
    }
    assert set(selectors.score_counts("nps", *everything, by="day")) == {
        date(2026, 6, 28),
        date(2026, 6, 29),
        date(2026, 7, 13),
    }
    assert selectors.score_counts("nps", *everything, channel="link", survey=of.pk)[None][9.0] == 1
    assert selectors.score_counts("nps", *everything, channel=["link", "email"])[None][10.0] == 2
    assert selectors.score_counts("nps", *everything, channel="kiosk") == {}
    assert selectors.score_counts("csat", *everything) == {}


def test_periods_are_half_open(of: Survey) -> None:
    assert selectors.summary("nps", MONDAY, MONDAY + 2 * WEEK).n == 3
    assert selectors.summary("nps", MONDAY + timedelta(microseconds=1), MONDAY + 2 * WEEK).n == 0


def test_dimensions_of_customer_and_contact(inside: Cast) -> None:
    survey = makers.survey("support-csat")
    shop = Touchpoint.objects.create(key="shop", name="Shop")
    gold = factories.customer(segment="gold", country="PT")
    makers.answer(survey, {"csat": 5}, gold, at=MONDAY, touchpoint_id=shop.pk, language="pt")
    makers.answer(survey, {"csat": 1}, factories.customer(), at=MONDAY)
    period = MONDAY, MONDAY + WEEK
    assert selectors.score_counts("csat", *period, by="touchpoint") == {shop.pk: {5.0: 1}, None: {1.0: 1}}
    assert selectors.score_counts("csat", *period, by="segment") == {"gold": {5.0: 1}, "": {1.0: 1}}
    assert selectors.score_counts("csat", *period, by="language") == {"pt": {5.0: 1}, "": {1.0: 1}}
    assert selectors.score_counts("csat", *period, segment="gold", country="PT", touchpoint=shop.pk) == {
        None: {5.0: 1}
    }
    assert selectors.summary("csat", *period, customer=gold.pk).value == 1.0
    assert selectors.summaries("csat", *period, "survey")[survey.pk].n == 2


def test_trend_keeps_the_empty_weeks(of: Survey) -> None:
    points = selectors.trend("nps", MONDAY - timedelta(seconds=1), MONDAY + 2 * WEEK + timedelta(seconds=1))
    assert [(point.start, point.summary.n, point.summary.value) for point in points] == [
        (date(2026, 6, 22), 1, 100.0),
        (date(2026, 6, 29), 3, pytest.approx(100 / 3)),
        (date(2026, 7, 6), 0, None),
        (date(2026, 7, 13), 2, -100.0),
    ]
    months = selectors.trend("nps", MONDAY - 30 * WEEK, MONDAY + 3 * WEEK, "month")
    assert [point.start.day for point in months] == [1] * len(months)
    assert sum(point.summary.n for point in months) == 6


def test_weeks_across_a_clock_change(inside: Cast) -> None:
    # Lisbon leaves summer time on 25 October 2026.
    start = datetime(2026, 10, 18, 23, tzinfo=UTC)
    survey = makers.survey()
    fill(survey, [9], datetime(2026, 10, 25, 23, 30, tzinfo=UTC))  # Sunday 23:30 by the new clock
    fill(survey, [1], datetime(2026, 10, 26, 0, 30, tzinfo=UTC))
    points = selectors.trend("nps", start, datetime(2026, 11, 2, tzinfo=UTC))
    assert [(point.start, point.summary.n) for point in points] == [
        (date(2026, 10, 19), 1),
        (date(2026, 10, 26), 1),
    ]


def test_change(of: Survey) -> None:
    now, before = (MONDAY + 2 * WEEK, MONDAY + 3 * WEEK), (MONDAY, MONDAY + WEEK)
    assert selectors.change("nps", now, before) == scoring.difference(
        "nps", {6.0: 2}, {10.0: 1, 9.0: 1, 0.0: 1}
    )
    assert selectors.change("nps", now, (MONDAY + WEEK, MONDAY + 2 * WEEK)) is None
    with pytest.raises(ValueError, match="overlap"):
        selectors.change("nps", now, (MONDAY, MONDAY + 2 * WEEK + timedelta(seconds=1)))


def test_response_rate_waits_a_week_and_leaves_out_who_was_not_asked(inside: Cast) -> None:
    relationship, support = makers.survey(), makers.survey("support-csat")
    now = MONDAY + 4 * WEEK

    def ask(survey: Survey, days_ago: int, **fields: object) -> Invitation:
        invitation, _token = invite(
            survey=survey, customer=factories.customer(), sent_at=now - timedelta(days=days_ago)
        )
        Invitation.objects.filter(pk=invitation.pk).update(**fields)
        return invitation

    for days_ago in (8, 9, 10):
        ask(relationship, days_ago, status="delivered")
    ask(relationship, 8, status="answered", answered_at=now)
    ask(relationship, 6, status="answered", answered_at=now)  # too young
    ask(relationship, 9, status="bounced")
    ask(relationship, 9, status="not_asked", ineligible_reason="quarantine")
    ask(support, 9, status="answered", answered_at=now)
    makers.answer(support, {"csat": 5}, at=now)
    makers.answer(relationship, {"nps": 5}, at=now)
    period = now - 4 * WEEK, now
    everything = selectors.response_rate(*period, now=now)
    assert (everything.answered, everything.n, everything.value) == (2, 5, 0.4)
    # Wilson for 2 of 5
    assert (everything.low, everything.high) == (
        pytest.approx(0.117621, abs=2e-6),
        pytest.approx(0.769275, abs=2e-6),
    )
    assert selectors.response_rate(*period, now=now, metric="nps").n == 4
    assert selectors.response_rate(*period, now=now, kind="transactional").value == 1.0
    assert selectors.response_rate(*period, now=now, survey=support.pk, channel="email").n == 1
    nobody = selectors.response_rate(*period, now=now, channel="sms")
    assert (nobody.n, nobody.value, nobody.low) == (0, None, None)


def test_one_query_each(of: Survey, query_budget: type) -> None:
    from zoneinfo import ZoneInfo

    period, before = (MONDAY, MONDAY + 3 * WEEK), (MONDAY - WEEK, MONDAY)
    with query_budget(1):
        selectors.summary("nps", *period)
    with query_budget(1):
        selectors.trend("nps", *period, tz=ZoneInfo("Europe/Lisbon"))
    with query_budget(2):
        selectors.trend("nps", *period)
    with query_budget(1):
        selectors.change("nps", period, before)
    with query_budget(1):
        selectors.response_rate(*period)
    with query_budget(1):
        selectors.summaries("nps", *period, "channel")


def test_other_organizations_answers_are_not_counted(cast: Cast) -> None:
    with organization_context(cast.other):
        fill(makers.survey(), [0, 0, 0], MONDAY)
    with organization_context(cast.organization):
        assert selectors.summary("nps", MONDAY, MONDAY + WEEK).n == 0
