"""The operational frame, with rows planted where they must or must not matter."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from accounts.tenancy import organization_context
from analytics.frames import store
from analytics.frames.financial import Built
from analytics.frames.operational import build
from analytics.frames.questions import OPERATIONAL_DEFAULTS
from analytics.frames.questions import Operational as Question
from crm.models import Customer, Touchpoint
from feedback.models import Invitation
from tests import factories
from tests.cast import Cast
from tests.frames import teams
from tests.frames.world import DAY, MICRO, NOW, T, ledger
from tests.queries import QueryBudget

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
QUESTION = Question("wait_seconds", "csat", OPERATIONAL_DEFAULTS, "Europe/Lisbon", NOW)
_number = count(1)


def frame(folder: Path, **changes: Any) -> tuple[pd.DataFrame, Built]:
    path = folder / f"{next(_number)}.parquet"
    built = build(replace(QUESTION, **changes), path)
    return store.read(path), built


def asked(who: Customer | None = None, value: float = 4, at: Any = T, **contact: Any) -> Any:
    """A contact at `at` and an answer about it an hour later."""
    about = teams.contact(who or factories.customer(), at, **contact)
    return teams.rate(about, value, at + 60 * MINUTE)


def test_a_row_holds_what_the_contact_was_and_what_was_answered(inside: Cast, tmp_path: Path) -> None:
    _, (agent,) = teams.team("A")
    place = Touchpoint.objects.create(key="support-call", name="Support")
    who = factories.customer(segment="Gold")
    about = teams.contact(who, T, agent, touchpoint=place, measures={"wait_seconds": 321, "transfers": 2})
    teams.rate(about, 2, T + DAY)
    row = frame(tmp_path, controls=("segment",))[0].iloc[0]
    assert (row.customer, row.contact, row.agent) == (str(who.pk), str(about.pk), str(agent.pk))
    assert (row.channel, row.touchpoint, row.measure, row.value) == ("phone", "support-call", 321, 2)
    assert (row.contact_at, row.answered_at, row.segment) == (T, T + DAY, "Gold")
    assert row.hour == T.hour + 1  # Lisbon is an hour ahead of UTC on 24 July
    assert pd.isna(row.previous)
    assert frame(tmp_path, measure="transfers")[0].measure.tolist() == [2]


def test_the_previous_answer_is_the_last_one_before_the_contact(inside: Cast, tmp_path: Path) -> None:
    who = factories.customer()
    about = teams.contact(who, T)
    for value, at in ((1, T - 9 * DAY), (2, T - 5 * DAY), (3, T - MICRO), (4, T), (5, T + MICRO)):
        teams.rate(None, value, at, who)
    teams.rate(None, 5, T - MICRO, who, counts=False)
    teams.rate(None, 5, T - MICRO, who, metric="ces")
    teams.rate(None, 5, T - MICRO, factories.customer())
    teams.rate(about, 1, T + DAY)
    row = frame(tmp_path)[0].iloc[0]
    assert (row.previous, row.earlier) == (3, 2)  # at the same instant as the contact is not before it


def test_of_two_previous_answers_at_one_instant_the_later_written_is_last(
    inside: Cast, tmp_path: Path
) -> None:
    who = factories.customer()
    for value in (2, 5):
        teams.rate(None, value, T - DAY, who)
    asked(who)
    row = frame(tmp_path)[0].iloc[0]
    assert (row.previous, row.earlier) == (5, 2)


def test_the_ledger_accounts_for_every_answer(inside: Cast, tmp_path: Path) -> None:
    kept = asked()
    teams.rate(kept.response.interaction, 1, T + DAY)  # again
    teams.rate(None, 4, T, factories.customer())  # about nothing
    teams.rate(teams.contact(factories.customer(), T), 4, T + DAY, None)  # anonymous
    teams.rate(teams.contact(factories.customer(), T), 4, T - MICRO)  # before its contact
    for measures in ({}, {"wait_seconds": None}, {"wait_seconds": "60"}, {"wait_seconds": 10**400}):
        asked(measures=measures)
    teams.rate(teams.contact(factories.customer(), T), 4, T + DAY, is_test=True)
    teams.rate(teams.contact(factories.customer(), T), 4, T + DAY, counts=False)
    teams.rate(teams.contact(factories.customer(), T), 4, T + DAY, metric="nps")
    teams.rate(teams.contact(factories.customer(), T), 4, NOW + MICRO)  # after the as-of moment
    rows, built = frame(tmp_path)
    assert ledger(built) == {
        "answers": 9,
        "no_contact": 1,
        "anonymous": 1,
        "before_contact": 1,
        "unmeasured": 4,
        "again": 1,
        "kept": 1,
    }
    assert rows.contact.tolist() == [str(kept.response.interaction_id)]
    assert rows.value.tolist() == [4]  # the first answer


def test_an_answer_before_its_contact_does_not_hide_the_one_after(inside: Cast, tmp_path: Path) -> None:
    about = teams.contact(factories.customer(), T)
    teams.rate(about, 1, T - DAY)
    teams.rate(about, 5, T)  # at the very instant: the contact is not later than the answer
    rows, _ = frame(tmp_path)
    assert rows.value.tolist() == [5]


def test_a_contact_may_be_named_by_the_invitation(inside: Cast, tmp_path: Path) -> None:
    about = teams.contact(factories.customer(), T)
    invitation = Invitation.objects.create(
        survey=teams.contact_survey().survey, customer=about.customer, interaction=about
    )
    teams.rate(None, 4, T + DAY, about.customer, invitation=invitation)
    assert frame(tmp_path)[0].contact.tolist() == [str(about.pk)]


def test_the_period_is_half_open(inside: Cast, tmp_path: Path) -> None:
    for at in (T - MICRO, T, T + DAY - MICRO, T + DAY):
        teams.rate(teams.contact(factories.customer(), T - DAY), 4, at)
    rows, _ = frame(tmp_path, answered_from=T, answered_until=T + DAY)
    assert sorted(rows.answered_at) == [T, T + DAY - MICRO]


def test_a_contact_without_an_agent_is_kept(inside: Cast, tmp_path: Path) -> None:
    asked()
    assert frame(tmp_path)[0].agent.tolist() == [""]


def test_another_organizations_rows_change_nothing(cast: Cast, tmp_path: Path) -> None:
    with organization_context(cast.organization):
        asked(factories.customer(external_id="same"))
        digest = frame(tmp_path)[1].digest
    with organization_context(cast.other):
        who = factories.customer(external_id="same")
        teams.rate(None, 1, T - DAY, who)
        asked(who)
    with organization_context(cast.organization):
        assert frame(tmp_path)[1].digest == digest


def _answer_later(who: Customer) -> None:
    teams.rate(None, 1, NOW + MICRO, who)


def _contact_later(who: Customer) -> None:
    teams.rate(teams.contact(who, NOW + DAY), 1, NOW + 2 * DAY)


def _answer_between(who: Customer) -> None:
    teams.rate(None, 1, T + MICRO, who, metric="nps")


def _uncounted_before(who: Customer) -> None:
    teams.rate(None, 1, T - DAY, who, counts=False)


def _unasked_contact(who: Customer) -> None:
    teams.contact(who, T - DAY, measures={"wait_seconds": 9_999})


@pytest.mark.parametrize(
    "change", [_answer_later, _contact_later, _answer_between, _uncounted_before, _unasked_contact]
)
def test_what_must_not_matter_does_not(
    inside: Cast, tmp_path: Path, change: Callable[[Customer], None]
) -> None:
    who = factories.customer()
    asked(who)
    before = frame(tmp_path)[1].digest
    change(who)
    assert frame(tmp_path)[1].digest == before


def test_batches_make_no_difference_and_it_is_one_statement(
    inside: Cast, tmp_path: Path, query_budget: type[QueryBudget]
) -> None:
    for number in range(7):
        asked(value=number % 5 + 1, at=T + number * DAY)
    with query_budget(3):  # the statement, and two that say how it is planned
        one = build(QUESTION, tmp_path / "one.parquet")
    many = build(QUESTION, tmp_path / "many.parquet", batch_rows=2)
    assert (one.rows, one.digest) == (many.rows, many.digest) == (7, many.digest)


def test_an_empty_frame_is_whole_too(inside: Cast, tmp_path: Path) -> None:
    rows, built = frame(tmp_path)
    assert (len(rows), built.rows, ledger(built)["kept"]) == (0, 0, 0)
