"""The constituency frame: units by period, with rows planted at the edges of both."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from accounts.tenancy import organization_context
from analytics.frames import store
from analytics.frames.constituency import build
from analytics.frames.financial import Built
from analytics.frames.questions import Constituency as Question
from crm.models import Team
from tests import factories
from tests.cast import Cast
from tests.frames import teams
from tests.frames.world import DAY, MICRO, ledger
from tests.queries import QueryBudget

pytestmark = pytest.mark.django_db
#: Quarters begin at Lisbon's midnight: 23:00 UTC on 31 March and 30 June, summer time.
Q1, Q2, Q3 = (
    datetime(2026, 1, 1, tzinfo=UTC),
    datetime(2026, 3, 31, 23, tzinfo=UTC),
    datetime(2026, 6, 30, 23, tzinfo=UTC),
)
FELT = Q2 + 5 * DAY
QUESTION = Question("rating:engagement", "csat", "quarter", "same", False, 5, 2, "Europe/Lisbon", Q3)
_number = count(1)


def frame(folder: Path, **changes: Any) -> tuple[pd.DataFrame, Built]:
    path = folder / f"{next(_number)}.parquet"
    built = build(replace(QUESTION, **changes), path)
    return store.read(path), built


def served(agent: Any, values: list[float], at: datetime) -> None:
    for value in values:
        teams.rate(teams.contact(factories.customer(), at, agent), value, at + timedelta(hours=1))


def plant(name: str = "A", region: Team | None = None) -> Any:
    """A team whose five employees felt 3, 4, 5, 4, 4 in Q2; its customers before and after. Returns an agent."""
    _, people = teams.team(name, region, people=6)
    teams.feel(f"T-{name}", [3, 4, 5, 4, 4], FELT)
    served(people[0], [5, 5, 1, 1], FELT + DAY)
    served(people[1], [5, 1, 1], Q1 + DAY)
    return people[0]


def test_a_row_is_a_unit_in_a_period(inside: Cast, tmp_path: Path) -> None:
    plant(region=Team.objects.create(external_id="R", name="South"))
    row = frame(tmp_path)[0].iloc[0]
    assert (row.unit, row["name"], row.region, row["size"]) == ("T-A", "A", "South", 6)
    assert (row.period, row.employees, row.felt, row.customers) == (Q2, 5, 4, 4)
    assert row.felt_within == pytest.approx(2)
    assert (row.outcome, row.outcome_within) == (0.5, pytest.approx(1))
    assert row.previous == pytest.approx(1 / 3)
    assert pd.isna(row.earlier)


def test_customers_count_after_the_last_employee_and_within_the_period(inside: Cast, tmp_path: Path) -> None:
    agent = plant()
    served(agent, [5], FELT)  # at the last answer's very instant: not after it
    served(agent, [5], FELT + MICRO)
    served(agent, [5], Q3 - 2 * timedelta(hours=1))
    served(agent, [1], Q3)  # the next quarter
    row = frame(tmp_path)[0].iloc[0]
    assert (row.customers, row.outcome) == (6, pytest.approx(4 / 6))


def test_the_next_period_takes_the_whole_of_it(inside: Cast, tmp_path: Path) -> None:
    agent = plant()
    served(agent, [5, 1], Q3)
    after = datetime(2026, 9, 30, 23, tzinfo=UTC)
    served(agent, [5], after - timedelta(hours=2))
    served(agent, [5], after)
    assert len(frame(tmp_path, when="next")[0]) == 0  # not over
    row = frame(tmp_path, when="next", as_of=after)[0].iloc[0]
    assert (row.customers, row.outcome, row.previous) == (3, pytest.approx(2 / 3), pytest.approx(1 / 3))


def test_fewer_than_five_employees_are_not_in_the_frame(inside: Cast, tmp_path: Path) -> None:
    plant()
    _, people = teams.team("B", people=8)
    teams.feel("T-B", [1, 1, 1, 1], FELT)
    teams.feel("T-B", [1], FELT, is_test=True)
    teams.feel("T-B", [1], FELT, counts=False)
    teams.feel("T-B", [1], FELT, customer=factories.customer())
    teams.feel("T-B", [1], FELT, survey=teams.contact_survey().survey)
    teams.feel("T-B", [1], Q3)  # after as-of
    served(people[0], [5, 5, 5], FELT + DAY)
    rows, built = frame(tmp_path, as_of=Q3 - MICRO + MICRO)
    assert rows.unit.tolist() == ["T-A"]
    assert ledger(built)["suppressed"] == 1


def test_the_ledger_accounts_for_every_unit_and_period(inside: Cast, tmp_path: Path) -> None:
    plant("A")
    teams.team("C")
    teams.feel("T-C", [3] * 5, FELT)  # nobody answered about them
    teams.feel("nowhere", [3] * 3, FELT)
    teams.feel("T-A", [3] * 5, Q3 - MICRO)
    teams.feel("T-A", [3] * 5, Q1)  # its quarter before has no customers' score
    rows, built = frame(tmp_path, needs_previous=True, as_of=Q3 - MICRO)
    assert ledger(built) == {
        "employee_answers": 23,
        "no_unit": 3,
        "unit_periods": 3,
        "window_open": 2,  # Q2 is over only at Q3's first instant
        "suppressed": 0,
        "thin": 0,
        "no_previous": 1,
        "kept": 0,
    }
    rows, built = frame(tmp_path, needs_previous=True)
    assert {key: n for key, n in ledger(built).items() if n} == {
        "employee_answers": 23,
        "no_unit": 3,
        "unit_periods": 3,
        "thin": 2,  # nobody heard C, and nobody A after the last of its employees
        "no_previous": 1,
    }
    assert len(rows) == 0


def test_only_answers_about_contacts_of_the_units_people_count(inside: Cast, tmp_path: Path) -> None:
    agent = plant()
    before = frame(tmp_path)[1].digest
    served(None, [1, 1], FELT + DAY)
    about = teams.contact(factories.customer(), FELT + DAY, agent)
    teams.rate(about, 1, FELT)  # before its contact
    teams.rate(about, 1, FELT + 2 * DAY, is_test=True)
    teams.rate(about, 1, FELT + 2 * DAY, counts=False)
    teams.rate(about, 1, FELT + 2 * DAY, metric="ces")
    teams.rate(None, 1, FELT + 2 * DAY, about.customer)
    assert frame(tmp_path)[1].digest == before
    teams.rate(about, 1, FELT + 2 * DAY, None)  # anonymous, and yet about this team
    teams.rate(about, 5, FELT + 3 * DAY)  # again: the first counts
    row = frame(tmp_path)[0].iloc[0]
    assert (row.customers, row.outcome) == (5, pytest.approx(2 / 5))


def _pulse_later(agent: Any) -> None:
    teams.feel("T-A", [1], Q3 + MICRO)


def _contact_later(agent: Any) -> None:
    served(agent, [1], Q3)


def _answer_later(agent: Any) -> None:
    teams.rate(teams.contact(factories.customer(), FELT + DAY, agent), 1, Q3 + MICRO)


@pytest.mark.parametrize("change", [_pulse_later, _contact_later, _answer_later])
def test_what_comes_after_the_as_of_moment_changes_nothing(
    inside: Cast, tmp_path: Path, change: Callable[[Any], None]
) -> None:
    agent = plant()
    before = frame(tmp_path)[1].digest
    change(agent)
    assert frame(tmp_path)[1].digest == before


def test_another_organizations_rows_change_nothing(cast: Cast, tmp_path: Path) -> None:
    with organization_context(cast.organization):
        plant()
        digest = frame(tmp_path)[1].digest
    with organization_context(cast.other):
        served(plant(), [1], FELT + DAY)
    with organization_context(cast.organization):
        assert frame(tmp_path)[1].digest == digest


@pytest.mark.parametrize(("metric", "expected"), [("nps", 0.0), ("ces", 7.0)])
def test_each_score_is_its_metrics_own(inside: Cast, tmp_path: Path, metric: str, expected: float) -> None:
    agent = plant()
    for value in (9, 3, 8) if metric == "nps" else (6, 8, 7):
        about = teams.contact(factories.customer(), FELT + DAY, agent)
        teams.rate(about, value, FELT + 2 * DAY, metric=metric)
    assert frame(tmp_path, outcome=metric)[0].outcome.tolist() == [expected]


def test_it_is_one_statement_and_batches_make_no_difference(
    inside: Cast, tmp_path: Path, query_budget: type[QueryBudget]
) -> None:
    for name in "ABC":
        plant(name)
    with query_budget(3):  # the statement, and two that say how it is planned
        one = build(QUESTION, tmp_path / "one.parquet")
    many = build(QUESTION, tmp_path / "many.parquet", batch_rows=1)
    assert (one.rows, one.digest) == (many.rows, many.digest) == (3, many.digest)
