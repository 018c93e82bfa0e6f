"""Operational and constituency studies asked, run through the real task, repeated, and read."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.exceptions import ValidationError
from django.db.models import Max

from accounts.models import OutboxEntry
from accounts.tenancy import organization_context
from analytics import selectors
from analytics.frames import store
from analytics.models import Measure, Run, Study
from analytics.studies import kinds, services
from analytics.studies.asking import register_measure
from analytics.studies.operational.settings import Settings
from crm.models import Interaction
from tests import factories
from tests.analytics.runs import do, start
from tests.cast import Cast
from tests.factories import NOW
from tests.frames import teams
from tests.frames.world import DAY, T

QUARTERS = [datetime(2025, 10, 1, tzinfo=UTC) + timedelta(days=91 * number) for number in range(4)]


def ask(kind: str = "operational", **fields: Any) -> Study:
    defaults: dict[str, Any] = {
        "operational": {"name": "Waits", "predictor": "wait_seconds", "outcome": "csat"},
        "constituency": {"name": "Teams", "predictor": "rating:engagement", "outcome": "csat"},
    }[kind]
    return services.create_study(kind=kind, **{**defaults, **fields})


def contacts(n: int = 160) -> None:
    """Half of them waited over four minutes; those were satisfied less often, and not before."""
    rng = np.random.default_rng(4)
    team = [teams.team(name, people=4)[1] for name in "ABC"]
    for number in range(n):
        agent = team[number % 3][number % 4]
        long = bool(rng.random() < 0.5)
        wait = int(rng.integers(250, 600) if long else rng.integers(20, 240))
        who = factories.customer()
        teams.rate(None, 5 if rng.random() < 0.7 else 2, T - 9 * DAY, who)
        about = teams.contact(who, T + number * DAY / 4, agent, measures={"wait_seconds": wait})
        teams.rate(about, 5 if rng.random() < (0.35 if long else 0.85) else 2, T + (number + 1) * DAY / 4)


def units(n: int = 11) -> None:
    """Teams in four quarters; their customers are the more satisfied the more engaged they are."""
    rng = np.random.default_rng(5)
    for number in range(n):
        _, people = teams.team(f"{number:02}", people=6)
        for start_ in QUARTERS:
            felt = float(rng.uniform(2, 5))
            teams.feel(f"T-{number:02}", list(np.clip(felt + rng.normal(0, 0.2, 5), 1, 5)), start_ + 3 * DAY)
            for contact in range(8):
                about = teams.contact(factories.customer(), start_ + (5 + contact) * DAY, people[contact % 6])
                teams.rate(about, 5 if rng.random() < (felt - 1) / 4 else 1, start_ + (6 + contact) * DAY)


@pytest.mark.django_db(transaction=True)
def test_an_operational_run_finishes_and_repeats(cast: Cast, files: Path) -> None:
    with organization_context(cast.organization):
        contacts()
        asked = ask(controls=["channel", "hour", "previous"])
        first, second = start(asked), start(asked)
    run, again = do(cast.organization, first), do(cast.organization, second)
    assert (run.status, run.error, run.progress) == ("finished", "", 1.0)
    assert (run.result, run.frame_hash) == (again.result, again.frame_hash)
    assert store.digest_of(files / run.frame_path) == run.frame_hash
    assert run.ledger[-1] == {
        "reason": "kept",
        "label": "Kept, one row a contact",
        "n": 160,
        "dropped": False,
    }
    result = run.result
    assert (result["kind"], result["reading"], result["schema"]) == ("operational", "stands", 1)
    assert result["findings"]["lede"].startswith("After waits over ")
    assert (result["facts"]["predictor_label"], result["facts"]["outcome_label"]) == ("Wait", "CSAT")
    assert result["link"]["unit"] == result["placebo"]["unit"] == "share"
    assert result["link"]["high"] < 0
    assert run.settings["time_zone"] == "Europe/Lisbon"
    repeated = kinds.compute(
        kinds.settings_of(run.settings), files / run.frame_path, lambda share, words: None
    )
    assert repeated == result
    assert not OutboxEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_constituency_run_finishes(cast: Cast) -> None:
    with organization_context(cast.organization):
        units()
        run = start(ask("constituency", controls=["size", "previous", "period"]), as_of=NOW)
        few = start(ask("constituency", name="Few", minimum_n=12))
    run, few = do(cast.organization, run), do(cast.organization, few)
    assert (run.status, run.error) == ("finished", "")
    result = run.result
    assert (result["kind"], result["facts"]["units"]) == ("constituency", 11)
    assert result["slope"]["after"]["low"] > 0
    assert result["findings"]["lede"].startswith(
        "Teams that rate engagement higher tend to have more satisfied"
    )
    assert result["link"]["unit"] == "sd"
    assert {one["who"] for one in result["agreement"]} == {"employees", "customers"}
    assert few.result["reading"] == "insufficient_evidence"
    assert few.result["findings"]["then"].startswith("What would suffice: 1 more team")
    with organization_context(cast.organization):
        assert selectors.strongest_links() == [run]


@pytest.mark.django_db(transaction=True)
def test_rows_after_the_as_of_moment_change_no_digit(cast: Cast) -> None:
    with organization_context(cast.organization):
        contacts(130)
        last = Interaction.objects.aggregate(last=Max("occurred_at"))["last"]
        asked = ask()
        first = start(asked, as_of=last + DAY)
    before = do(cast.organization, first)
    with organization_context(cast.organization):
        for number in range(40):
            about = teams.contact(factories.customer(), last + DAY + timedelta(seconds=1 + number))
            teams.rate(about, 1, last + 2 * DAY)
        second = start(asked, as_of=last + DAY)
        third = start(asked, as_of=last + 3 * DAY)
    assert do(cast.organization, second).result == before.result
    assert do(cast.organization, third).result != before.result


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "changes", "field", "message"),
    [
        ("operational", {"name": " "}, "name", "Give the study a name"),
        (
            "operational",
            {"predictor": "nps"},
            "predictor",
            "'nps' is not a measure of contacts. Choose one of days",
        ),
        (
            "operational",
            {"outcome": "revenue"},
            "outcome",
            "is not a score of customers' answers. Choose csat",
        ),
        ("operational", {"controls": ["weather"]}, "controls", "Choose from channel, touchpoint, hour"),
        ("operational", {"minimum_n": 9}, "minimum_n", "Fewer than 10 contacts on a side"),
        ("operational", {"options": {"threshold": "long"}}, "options", "threshold: 'long' is not a number"),
        ("operational", {"options": {"threshold": float("inf")}}, "options", "is not a number"),
        ("operational", {"options": {"period": "quarter"}}, "options", "'period' is no option"),
        (
            "operational",
            {"answered_from": NOW, "answered_until": NOW},
            "answered_until",
            "ends before it begins",
        ),
        ("constituency", {"predictor": "nps"}, "predictor", "'nps' is not a rating of an employee survey"),
        ("constituency", {"outcome": "rating:engagement"}, "outcome", "Choose csat, ces or nps"),
        ("constituency", {"controls": ["channel"]}, "controls", "Choose from size, region, previous, period"),
        ("constituency", {"minimum_n": 3}, "minimum_n", "Fewer than 10 teams cannot be compared"),
        ("constituency", {"options": {"when": "later"}}, "options", "Choose one of same, next"),
        ("constituency", {"options": {"threshold": 4}}, "options", "'threshold' is no option"),
    ],
)
def test_a_wrong_study_is_refused_by_field(
    inside: Cast, kind: str, changes: dict[str, Any], field: str, message: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        ask(kind, **changes)
    assert list(caught.value.message_dict) == [field]
    assert message in caught.value.message_dict[field][0]
    assert not Study.objects.exists()


@pytest.mark.django_db
def test_a_study_keeps_what_was_asked(inside: Cast) -> None:
    one = ask(options={"threshold": 240})
    assert (one.kind, one.controls, one.minimum_n) == (
        "operational",
        ["channel", "touchpoint", "hour", "previous"],
        30,
    )
    run = start(one)
    settings = kinds.settings_of(run.settings)
    assert isinstance(settings, Settings)
    assert (settings.threshold, settings.measure.plural) == (240, "waits")
    teams_ = ask("constituency", options={"period": "month", "when": "next"})
    assert teams_.minimum_n == 10
    stored = start(teams_).settings
    assert (stored["period"], stored["when"], stored["minimum_employees"]) == ("month", "next", 5)


@pytest.mark.django_db
def test_a_companys_own_measure_is_registered_as_data(cast: Cast) -> None:
    with organization_context(cast.organization):
        with pytest.raises(ValidationError):
            ask(predictor="queue_length")
        register_measure(key="queue_length", label="Queue", plural="queues", unit="count")
        register_measure(key="wait_seconds", label="Waiting time", plural="waits", unit="seconds")
        register_measure(key="queue_length", label="Queue length", plural="queues", unit="count")
        assert Measure.objects.count() == 2
        run = start(ask(predictor="queue_length"))
        assert (run.settings["predictor_label"], run.settings["measure_unit"]) == ("Queue length", "count")
        assert start(ask(name="Renamed")).settings["predictor_label"] == "Waiting time"
        Measure.objects.filter(key="queue_length").delete()
        with pytest.raises(ValidationError, match="'queue_length' is not a measure"):
            start(Study.objects.get(predictor="queue_length"))
        for fields, wrong in (
            ({"key": " "}, "key"),
            ({"unit": "stone"}, "unit"),
            ({"label": "x" * 61}, "label"),
        ):
            with pytest.raises(ValidationError) as caught:
                register_measure(**{"key": "k", "label": "K", **fields})
            assert list(caught.value.message_dict) == [wrong]
    with organization_context(cast.other), pytest.raises(ValidationError):
        ask(predictor="queue_length")


@pytest.mark.django_db
def test_an_unknown_kind_fails_by_name(inside: Cast) -> None:
    run = start(ask())
    Run.objects.filter(pk=run.pk).update(settings={**run.settings, "kind": "mystic"})
    with pytest.raises(ValueError, match="'mystic' is not a kind of study"):
        kinds.settings_of(Run.objects.get(pk=run.pk).settings)
