"""Outcomes that every attitude is correlated with, and hypotheses declared before anybody had seen a figure."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.models import AuditEntry
from analytics.models import Study
from analytics.studies import hypotheses, services
from tests.analytics.runs import start, study
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_the_studys_own_outcome_is_always_among_them(inside: Cast) -> None:
    usual, chosen = study(), study(name="Chosen", outcomes=["orders", "orders", "refunds"])
    assert hypotheses.outcomes_of(usual) == ("revenue", "orders", "contacts", "repurchased")
    assert hypotheses.outcomes_of(chosen) == ("revenue", "orders", "refunds")
    assert start(chosen).settings["outcomes"] == ["revenue", "orders", "refunds"]


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        (
            {"outcomes": ["happiness"]},
            "outcomes",
            "'happiness' is not a business metric that can be followed",
        ),
        ({"outcomes": ["days_to_next_order"]}, "outcomes", "'days_to_next_order' is not a business metric"),
        (
            {"declared": ["nps"]},
            "declared",
            "'nps' is not a hypothesis. Write an attitude and an outcome, such as",
        ),
        (
            {"declared": ["nps>refunds"]},
            "declared",
            "'refunds' is not among this study’s outcomes. Choose from",
        ),
        ({"declared": [f"rating:i{n}>revenue" for n in range(11)]}, "declared", "declare at most 10"),
    ],
)
def test_what_cannot_be_tested_is_refused_by_field(
    inside: Cast, changes: dict[str, Any], field: str, message: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        study(**changes)
    assert list(caught.value.message_dict) == [field]
    assert message in caught.value.message_dict[field][0]
    assert not Study.objects.exists()


def test_other_kinds_test_one_link(inside: Cast) -> None:
    with pytest.raises(ValidationError, match="Only financial studies"):
        study(kind="operational", predictor="wait_seconds", outcome="csat", declared=["wait_seconds>csat"])


def test_hypotheses_are_declared_before_the_first_run_and_not_after(inside: Cast) -> None:
    asked = study()
    declared = hypotheses.declare(study=asked, declared=["nps>revenue", "csat>orders", "nps>revenue"])
    assert declared.declared == ["nps>revenue", "csat>orders"]
    entry = AuditEntry.objects.filter(action="study.changed").get()
    assert entry.after == {"declared": ["nps>revenue", "csat>orders"]}
    run = start(declared)
    assert run.settings["declared"] == ["nps>revenue", "csat>orders"]
    with pytest.raises(ValidationError) as caught:
        hypotheses.declare(study=asked, declared=["nps>contacts"])
    assert "before the first run, and this study has been run" in caught.value.message_dict["declared"][0]
    services.cancel_run(run=run)  # what was begun may have been seen
    with pytest.raises(ValidationError):
        hypotheses.declare(study=asked, declared=[])
    asked.refresh_from_db()
    assert asked.declared == ["nps>revenue", "csat>orders"]


def test_a_wrong_hypothesis_changes_nothing(inside: Cast) -> None:
    asked = study(declared=["nps>revenue"])
    with pytest.raises(ValidationError, match="is not among"):
        hypotheses.declare(study=asked, declared=["nps>net_revenue"])
    asked.refresh_from_db()
    assert asked.declared == ["nps>revenue"]
