"""Asking studies, and reading them with a bounded number of queries."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.tenancy import organization_context
from analytics import selectors
from analytics.models import Run, Study
from analytics.studies import services
from analytics.studies.compute import compute
from tests.analytics.frames import frame, settings
from tests.analytics.runs import start, study
from tests.cast import Cast
from tests.factories import NOW
from tests.queries import QueryBudget

pytestmark = pytest.mark.django_db


def test_a_study_holds_fixed_what_usually_matters(inside: Cast) -> None:
    assert study().controls == ["revenue", "tenure_days", "segment"]
    assert study(name="Contacts", outcome="contacts").controls == ["contacts", "tenure_days", "segment"]
    assert study(name="Bare", controls=[]).controls == []
    assert study(name="Twice", controls=["segment", "segment"]).controls == ["segment"]
    assert study(name="Branch", predictor="nps:branch").predictor == "nps:branch"


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"name": "  "}, "name", "Give the study a name"),
        ({"name": "Taken"}, "name", "exists already"),
        ({"predictor": "mood"}, "predictor", "'mood' is not an attitude with bands. Choose one of nps"),
        ({"outcome": "segment"}, "outcome", "'segment' is not a business metric"),
        ({"controls": ["revenue", "weather"]}, "controls", "'weather' cannot be held fixed"),
        ({"horizon_days": 0}, "horizon_days", "choose from 1"),
        ({"lookback_days": 9_999}, "lookback_days", "choose from 1 to 3,650"),
        ({"minimum_n": 9}, "minimum_n", "Choose 10 or more"),
        ({"answered_from": NOW, "answered_until": NOW}, "answered_until", "ends before it begins"),
    ],
)
def test_a_wrong_study_is_refused_by_field(
    inside: Cast, changes: dict[str, Any], field: str, message: str
) -> None:
    study(name="Taken")
    with pytest.raises(ValidationError) as caught:
        study(**{"name": "New", **changes})
    assert list(caught.value.message_dict) == [field]
    assert message in caught.value.message_dict[field][0]
    assert Study.objects.count() == 1


def test_a_name_is_taken_in_its_own_organization_only(cast: Cast) -> None:
    for organization in (cast.organization, cast.other):
        with organization_context(organization):
            study()


def test_a_run_keeps_the_settings_it_was_started_with(inside: Cast) -> None:
    asked = study(answered_from=NOW - timedelta(days=300))
    run = start(asked)
    asked.horizon_days = 5
    asked.save()
    assert run.settings["horizon_days"] == 60
    assert run.settings["answered_from"] == (NOW - timedelta(days=300)).isoformat()
    assert (run.settings["draws"], run.settings["currency"], run.settings["seed"]) == (400, "EUR", 1)
    assert start(asked).settings["horizon_days"] == 5


def finished(asked: Study, effect: float, **fields: Any) -> Run:
    """A finished run with a result computed from a frame of this effect."""
    run = start(asked)
    result = compute(frame(600, effect=effect, seed=3), settings()).to_json()
    Run.objects.filter(pk=run.pk).update(status="finished", result=result, finished_at=NOW, **fields)
    run.refresh_from_db()
    return run


def test_studies_come_with_their_latest_runs(inside: Cast, query_budget: type[QueryBudget]) -> None:
    for name in ("b", "a", "c"):
        asked = study(name=name)
        if name != "c":
            finished(asked, 0.0)
            last = finished(asked, 0.3)
            waiting = start(asked)
    with query_budget(3):
        rows = selectors.studies()
        assert [row.study.name for row in rows] == ["a", "b", "c"]
        assert [(row.latest and row.latest.number, row.finished and row.finished.number) for row in rows] == [
            (3, 2),
            (3, 2),
            (None, None),
        ]
        assert rows[0].finished == last
        assert rows[0].latest == waiting
        assert rows[0].finished.result["reading"] == "stands"


def test_the_strongest_links_stand_first_then_by_size(inside: Cast, query_budget: type[QueryBudget]) -> None:
    effects = {"weak": 0.25, "noise": 0.0, "strong": 0.5, "negative": -0.35}
    for name, effect in effects.items():
        finished(study(name=name), effect)
    start(study(name="never run"))
    old = study(name="was strong")
    finished(old, 0.9)
    finished(old, 0.0)
    with query_budget(1):
        links = selectors.strongest_links(limit=10)
        names = [run.study.name for run in links]
    assert names[:3] == ["strong", "negative", "weak"]
    assert set(names[3:]) == {"noise", "was strong"}
    assert [run.study.name for run in selectors.strongest_links(limit=2)] == ["strong", "negative"]


def test_a_link_without_figures_is_no_link(inside: Cast) -> None:
    run = start(study())
    result = compute(frame(20), settings()).to_json()
    Run.objects.filter(pk=run.pk).update(status="finished", result=result)
    assert selectors.strongest_links() == []
    assert len(selectors.latest_finished()) == 1


def test_a_runs_detail_is_one_query(cast: Cast, query_budget: type[QueryBudget]) -> None:
    with organization_context(cast.organization):
        manager = cast.maya.memberships.get()
        run = services.start_run(study=study(), requested_by=manager)
        with query_budget(1):
            found = selectors.run_detail(run.pk)
            assert found is not None
            assert found.study.name == "Revenue after NPS"
            assert found.requested_by.user.name == "Maya"
        assert list(selectors.runs_of(found.study)) == [run]
    with organization_context(cast.other):
        assert selectors.run_detail(run.pk) is None
        assert selectors.studies() == []
