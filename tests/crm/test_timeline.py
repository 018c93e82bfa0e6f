"""Everything about one customer, newest first, page by page."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.tenancy import organization_context
from crm.models import Case, Customer
from crm.registries import Registry, timeline_sources
from crm.timeline import Page, timeline
from tests.cast import Cast
from tests.factories import NOW, customer, interaction, transaction

pytestmark = pytest.mark.django_db
CRM = ["interactions", "transactions", "cases"]


def pages(who: Customer, limit: int, **options: Any) -> list[Page]:
    found: list[Page] = []
    cursor = None
    while not found or cursor:
        found.append(timeline(who, before=cursor, limit=limit, **options))
        cursor = found[-1].next_cursor
        assert len(found) <= 100, "the pages do not end"
    return found


@pytest.fixture
def ana(inside: Cast) -> Customer:
    who = customer(name="Ana")
    for day in range(7):
        interaction(who, occurred_at=NOW - timedelta(days=day), subject=f"Call {day}")
        transaction(who, occurred_at=NOW - timedelta(days=day))  # the very same moments
    for number in (1, 2):
        Case.objects.create(
            number=number,
            customer=who,
            subject="Late",
            reason="complaint",
            opened_at=NOW,
            due_at=timezone.now(),
        )
    interaction()  # somebody else's
    return who


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 16, 50])
def test_pages_hold_everything_once_in_order(ana: Customer, limit: int) -> None:
    entries = [entry for page in pages(ana, limit) for entry in page.entries]
    places = [entry.place for entry in entries]
    assert places == sorted(set(places), reverse=True)
    assert len(entries) == 16
    assert sorted({entry.source for entry in entries}) == sorted(CRM)


def test_new_entries_do_not_shift_a_page(ana: Customer) -> None:
    first = timeline(ana, limit=4)
    interaction(ana, occurred_at=NOW + timedelta(days=1))
    second = timeline(ana, before=first.next_cursor, limit=4)
    assert not {entry.id for entry in first.entries} & {entry.id for entry in second.entries}


def test_kinds(ana: Customer) -> None:
    assert {entry.kind for entry in timeline(ana, kinds=["transactions"]).entries} == {"order"}
    assert timeline(ana, kinds=[]) == Page([], None)


def test_one_query_for_each_source(ana: Customer, query_budget: Any) -> None:
    with query_budget(3):
        timeline(ana, kinds=CRM)
    with query_budget(len(timeline_sources.items())):
        timeline(ana)


def test_what_is_no_cursor_is_said_to_be_none(ana: Customer) -> None:
    for text in ("x", "2026-01-01T00:00:00~" + "0" * 32, "2026-01-01T00:00:00+00:00~zz"):
        with pytest.raises(ValueError, match="place in a timeline"):
            timeline(ana, before=text)


def test_another_organization_sees_nothing_of_it(cast: Cast) -> None:
    with organization_context(cast.organization):
        ana = customer()
        interaction(ana)
    with organization_context(cast.other):
        assert timeline(ana).entries == []


def test_a_name_is_registered_once() -> None:
    registry: Registry[list[int]] = Registry("thing")
    one: list[int] = []
    registry.register("a", one)
    registry.register("a", one)
    with pytest.raises(ValueError, match="already a thing called 'a'"):
        registry.register("a", [1])
    with pytest.raises(KeyError, match="no thing called 'b'; there are: a"):
        registry["b"]
