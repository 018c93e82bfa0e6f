"""The planted world, studied as a run does: every section is there and finds what is true."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from accounts.tenancy import organization_context
from analytics.frames import parts
from analytics.models import Run
from analytics.studies import kinds
from analytics.studies.results import Result
from analytics.studies.settings import Settings
from dashboards.linkage.parts import sections
from dashboards.seed.company import HALDEN
from dashboards.seed.expected import bands
from dashboards.seed.plant import Plan, plant
from dashboards.seed.truth import Truth
from dashboards.seed.world import World

from .conftest import UNTIL

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("studied")]
CUSTOMERS = 2_500


@pytest.fixture(scope="module")
def studied(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any
) -> Iterator[dict[str, dict[str, Any]]]:
    """The results of the NPS and the CES study, as runs store them."""
    folder: Path = tmp_path_factory.mktemp("frames")
    found = {}
    with (
        django_db_blocker.unblock(),
        override_settings(VAR_DIR=folder, PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]),
        transaction.atomic(),
    ):
        halden = plant(Plan(HALDEN, CUSTOMERS, [], until=UNTIL))
        with organization_context(halden):
            for run in Run.objects.filter(study__predictor__in=("nps", "ces")).select_related("study"):
                settings = kinds.settings_of(run.settings)
                assert isinstance(settings, Settings)
                main = folder / f"{run.study.predictor}.parquet"
                kinds.build(settings, main, alive=lambda: None)
                stored = parts.build(settings.question(), settings.outcomes, main)
                found[run.study.predictor] = kinds.compute(settings, main, lambda share, words: None, stored)
        yield found
        transaction.set_rollback(True)


def pairs(result: Result, attitude: str) -> dict[str, str]:
    assert result.associations is not None
    return {one.outcome: one.reading for one in result.associations.pairs if one.attitude == attitude}


def test_every_section_is_shown(studied: dict[str, dict[str, Any]]) -> None:
    shown = sections(studied["nps"])
    assert {"associations", "drivers", "survival", "nonresponse", "weights", "quality"} <= {
        one.key for one in shown
    }
    assert not [one.key for one in shown if one.lack]


def test_the_real_link_stands_and_selection_does_not(studied: dict[str, dict[str, Any]]) -> None:
    result = Result.of(studied["nps"])
    assert pairs(result, "nps")["orders"] == "stands"
    assert pairs(result, "nps")["revenue"] == "stands"
    # CES leans on how often somebody buys anyway: its placebo is as large.
    assert pairs(result, "ces")["orders"] == "matched_by_placebo"
    assert pairs(result, "ces")["revenue"] == "matched_by_placebo"
    # CSAT leans on nothing that changes what follows.
    assert "stands" not in pairs(result, "csat").values()


def test_the_declared_link_is_a_family_of_its_own(studied: dict[str, dict[str, Any]]) -> None:
    result = Result.of(studied["nps"])
    assert result.facts.declared == 4  # the three contrasts of its bands and the pair
    assert result.facts.tests == 3 + 11 * 4
    assert [one.declared for one in Result.of(studied["ces"]).associations.pairs] == [False] * 44  # type: ignore[union-attr]


def test_the_ledger_says_who_answered(studied: dict[str, dict[str, Any]]) -> None:
    """Planted: those who spent more, and the happier, answer more; gold is always sampled."""
    found = Result.of(studied["nps"]).nonresponse
    assert found is not None
    stages = {one.key: one for one in found.stages}
    counts = [one.customers for one in found.stages]
    assert counts == sorted(counts, reverse=True)
    gaps = {one.metric: one.difference for one in found.gaps}
    assert gaps["revenue"].low > 0
    assert set(found.ineligible) == {"opted_out", "no_address", "quarantine"}
    assert stages["answered"].segments["Gold"] > stages["eligible"].segments["Gold"]


def test_weights_bring_the_bands_towards_those_eligible(studied: dict[str, dict[str, Any]]) -> None:
    """Every customer's answer is known to the generator, given or not: detractors answer less, so that there are more
    of them among those eligible than among those who answered."""
    block = World(Truth(), Plan(HALDEN, CUSTOMERS, []).seed, UNTIL, CUSTOMERS).block(0)
    asks = block.asks
    due = (asks.survey == 0) & (asks.reason == 0)
    everybody = float((bands(block.answers.score[due]) == 0).mean())
    given = float((bands(block.answers.score[due & asks.answered]) == 0).mean())
    assert everybody > given
    found = Result.of(studied["nps"]).nonresponse
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
