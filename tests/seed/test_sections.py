"""The planted world, studied as a run does: every section is there and finds what is true."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import override_settings

from accounts.tenancy import organization_context
from analytics.frames import parts
from analytics.models import Run
from analytics.studies import kinds
from analytics.studies.results import Result
from analytics.studies.settings import Settings
from cem.lib.db.base import as_owner
from dashboards.linkage.parts import sections
from dashboards.seed.company import HALDEN
from dashboards.seed.expected import bands
from dashboards.seed.plant import EXPECTED, Plan, plant
from dashboards.seed.truth import Truth
from dashboards.seed.world import World

from .conftest import UNTIL

#: Committed, since only then the tables' statistics can be brought up to date, as the database does by itself a
#: minute after so many rows came.
pytestmark = pytest.mark.django_db(transaction=True)
CUSTOMERS = 2_500
PLAN = Plan(HALDEN, CUSTOMERS, (), until=UNTIL)


@pytest.fixture
def studied(tmp_path: Path) -> dict[str, dict[str, Any]]:
    """The result of the NPS study, as a run stores it."""
    found = {}
    with override_settings(
        VAR_DIR=tmp_path, PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]
    ):
        halden = plant(PLAN)
    with as_owner(connection), connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    with organization_context(halden):
        for run in Run.objects.filter(study__predictor="nps").select_related("study"):
            settings = kinds.settings_of(run.settings)
            assert isinstance(settings, Settings)
            main = tmp_path / f"{run.study.predictor}.parquet"
            kinds.build(settings, main, alive=lambda: None)
            stored = parts.build(settings.question(), settings.outcomes, main)
            found[run.study.predictor] = kinds.compute(settings, main, lambda share, words: None, stored)
    return found


def test_every_section_is_there_and_finds_what_is_true(studied: dict[str, dict[str, Any]]) -> None:
    every_section_is_shown(studied["nps"])
    nps = Result.of(studied["nps"])
    the_real_link_stands_and_selection_does_not(nps)
    the_declared_link_is_a_family_of_its_own(nps)
    the_ledger_says_who_answered(nps)
    weights_bring_the_bands_towards_those_eligible(nps)


def pairs(result: Result, attitude: str) -> dict[str, str]:
    assert result.associations is not None
    return {one.outcome: one.reading for one in result.associations.pairs if one.attitude == attitude}


def every_section_is_shown(stored: dict[str, Any]) -> None:
    shown = sections(stored)
    assert {"associations", "drivers", "survival", "nonresponse", "weights", "quality"} <= {
        one.key for one in shown
    }
    assert not [one.key for one in shown if one.lack]


def the_real_link_stands_and_selection_does_not(result: Result) -> None:
    assert pairs(result, "nps")["orders"] == "stands"
    assert pairs(result, "nps")["revenue"] == "stands"
    # CES leans on how often somebody buys anyway: its placebo is as large.
    assert pairs(result, "ces")["orders"] == "matched_by_placebo"
    assert pairs(result, "ces")["revenue"] == "matched_by_placebo"
    # CSAT leans on nothing that changes what follows.
    assert "stands" not in pairs(result, "csat").values()


def the_declared_link_is_a_family_of_its_own(result: Result) -> None:
    assert result.facts.declared == 4  # the three contrasts of its bands and the pair
    assert result.facts.tests == 3 + 11 * 4
    assert result.associations is not None
    assert [f"{one.attitude}>{one.outcome}" for one in result.associations.pairs if one.declared] == EXPECTED


def the_ledger_says_who_answered(result: Result) -> None:
    """Planted: those who spent more, and the happier, answer more; gold is always sampled."""
    found = result.nonresponse
    assert found is not None
    stages = {one.key: one for one in found.stages}
    counts = [one.customers for one in found.stages]
    assert counts == sorted(counts, reverse=True)
    gaps = {one.metric: one.difference for one in found.gaps}
    assert gaps["revenue"].low > 0
    assert set(found.ineligible) == {"opted_out", "no_address", "quarantine"}
    assert stages["answered"].segments["Gold"] > stages["eligible"].segments["Gold"]


def weights_bring_the_bands_towards_those_eligible(result: Result) -> None:
    """Every customer's answer is known to the generator, given or not: detractors answer less, so that there are more
    of them among those eligible than among those who answered."""
    block = World(Truth(), PLAN.seed, UNTIL, CUSTOMERS).block(0)
    asks = block.asks
    due = (asks.survey == 0) & (asks.reason == 0)
    everybody = float((bands(block.answers.score[due]) == 0).mean())
    given = float((bands(block.answers.score[due & asks.answered]) == 0).mean())
    assert everybody > given
    found = result.nonresponse
    assert found is not None
    assert found.weights is not None
    assert found.weights.coverage > 0.95
    assert found.weights.effective < found.weights.customers
    assert {one.name for one in found.weights.differences} == {
        "highest_lowest",
        "highest_middle",
        "lowest_middle",
    }
    # Smaller where those who buy less count for more.
    ends = found.weights.differences[0]
    assert 0 < ends.weighted.value < ends.unweighted.value
