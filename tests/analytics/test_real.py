"""Real data from file to page: imported, studied, run, shown. Skipped, and said so, where the files are not there."""

import csv
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from django.test import Client

from accounts.tenancy import organization_context
from analytics.models import Run
from analytics.stats import drivers as shares
from analytics.stats import reliability
from crm.imports.run import import_file
from crm.models import ImportRun, Transaction
from feedback.surveys.services import create_survey, publish
from tests.analytics import runs
from tests.cast import Cast
from tests.crm.files import EXAMPLES, counts, shared

# Real transactions: an import of seconds renews its lease from a thread of its own.
pytestmark = pytest.mark.django_db(transaction=True)

MONTH = timedelta(days=30)
END = datetime(2026, 11, 1, tzinfo=UTC)
CONTRACTS = {"Month-to-month": 1, "One year": 2, "Two year": 3}


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def maya(client: Client, cast: Cast) -> Client:
    client.force_login(cast.maya)
    return client


def take(cast: Cast, kind: str, path: Path, mapping: dict[str, Any]) -> ImportRun:
    return import_file(kind=kind, path=path, organization=cast.organization, mapping=mapping)


def example(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((EXAMPLES / name).read_text())
    return found


def run(cast: Cast, *, as_of: datetime, **fields: Any) -> Run:
    with organization_context(cast.organization):
        begun = runs.start(runs.study(name="Real", **fields), as_of=as_of)
    found = runs.do(cast.organization, begun)
    assert found.status == "finished", found.error
    return found


def page(client: Client, found: Run) -> str:
    answer = client.get(f"/o/halden/linkage/runs/{found.pk}/")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def ecsi(cast: Cast) -> pd.DataFrame:
    """250 customers of the European satisfaction model: 27 items 0–10 in six matrices."""
    table = pd.read_csv(shared("ecsi_satisfaction.csv"))
    with organization_context(cast.organization):
        document = example("ecsi.survey.json")
        publish(create_survey(key="ecsi", name="ECSI", kind="relationship", document=document))
    people = take(cast, "customers", shared("ecsi_satisfaction.csv"), example("ecsi.customers.mapping.json"))
    answers = take(cast, "responses", shared("ecsi_satisfaction.csv"), example("ecsi.mapping.json"))
    assert counts(people) == counts(answers) == (250, 0, 0, 0)
    return table


def scale(table: pd.DataFrame, name: str) -> list[str]:
    return [column for column in table if column.startswith(name)]


@pytest.mark.parametrize(
    ("predictor", "column", "own"),
    [("rating:satisfaction-1", "sat1", "sat"), ("rating:loyalty-1", "loy1", "loy")],
    ids=["satisfaction", "loyalty"],
)
def test_drivers_and_scales_of_the_satisfaction_model(
    cast: Cast, maya: Client, ecsi: pd.DataFrame, predictor: str, column: str, own: str
) -> None:
    found = run(cast, as_of=datetime(2025, 1, 1, tzinfo=UTC), predictor=predictor)
    result = found.result or {}

    told = result["drivers"]
    others = [name for name in ecsi.columns[1:28] if not name.startswith(own)]
    expected = shares.relative_weights(ecsi[others], ecsi[column])
    assert (told["n"], told["lost"], told["method"]) == (
        250,
        0,
        "relative_weights",
    )  # 23 items are above twelve
    by_importance = sorted(expected.importance.values(), reverse=True)
    assert [one["importance"]["value"] for one in told["drivers"]] == pytest.approx(by_importance, rel=1e-8)
    assert told["r_squared"]["value"] == pytest.approx(expected.r_squared, rel=1e-8)
    assert len(told["left_out"]) == 3
    assert all("same scale" in why for why in told["left_out"].values())
    assert all(one["importance"]["low"] < one["importance"]["value"] for one in told["drivers"])

    alphas = {one["name"]: one for one in result["quality"]["scales"]}
    assert set(alphas) == {"imag", "expe", "qual", "val", "sat", "loy"}
    for name, one in alphas.items():
        there = reliability.cronbach_alpha(ecsi[scale(ecsi, name)])
        assert (one["n"], len(one["items"])) == (250, len(scale(ecsi, name)))
        assert one["alpha"] == pytest.approx({"value": there.value, "low": there.low, "high": there.high})
        k, covariance = len(scale(ecsi, name)), ecsi[scale(ecsi, name)].cov().to_numpy()
        by_hand = k / (k - 1) * (1 - covariance.trace() / covariance.sum())
        assert one["alpha"]["value"] == pytest.approx(by_hand)
    figures = {"imag": 0.82, "expe": 0.84, "qual": 0.87, "val": 0.83, "sat": 0.89, "loy": 0.82}
    assert {name: round(one["alpha"]["value"], 2) for name, one in alphas.items()} == figures
    assert {one["verdict"] for one in alphas.values()} == {"good"}

    assert result["reading"] == "insufficient_evidence"  # nobody bought anything in these data
    shown = page(maya, found)
    assert "The items of all 6 scales hang together: alpha .82 to .89" in shown
    assert "Johnson’s relative weights" in shown
    assert "share a halo" in shown
    assert "Revenue is the same for every customer" in shown


def test_the_page_of_drivers_shows_what_a_run_found(cast: Cast, maya: Client, ecsi: pd.DataFrame) -> None:
    assert "No run has drivers yet" in maya.get("/o/halden/drivers/").content.decode()
    found = run(cast, as_of=datetime(2025, 1, 1, tzinfo=UTC), predictor="rating:satisfaction-1")
    shown = maya.get("/o/halden/drivers/").content.decode()
    assert "No run has drivers yet" not in shown
    assert f"/o/halden/linkage/runs/{found.pk}/" in shown
    assert "Satisfaction 1" in shown


def test_a_scale_whose_items_disagree_is_reported_as_low(
    cast: Cast, maya: Client, ecsi: pd.DataFrame
) -> None:
    """Three items of three scales, asked as if they were one."""
    document = {
        "title": "Mixed",
        "languages": ["en"],
        "questions": [
            {"id": "nps", "type": "nps", "title": "How likely?"},
            {
                "id": "mixed",
                "type": "matrix",
                "title": "Mixed",
                "min": 0,
                "max": 10,
                "items": [
                    {"id": name, "title": name, "metric": f"rating:mixed-{name}"}
                    for name in ("imag4", "loy4", "expe3")
                ],
            },
        ],
    }
    with organization_context(cast.organization):
        publish(create_survey(key="mixed", name="Mixed", kind="relationship", document=document))
    mapping = {
        "kind": "responses",
        "survey": "mixed",
        "columns": {"customer": {"column": 1}, "answered_at": {"constant": "2024-01-01"}},
        "answers": {"nps": "sat1", "mixed": {name: name for name in ("imag4", "loy4", "expe3")}},
    }
    assert counts(take(cast, "responses", shared("ecsi_satisfaction.csv"), mapping)) == (250, 0, 0, 0)
    found = run(cast, as_of=datetime(2025, 1, 1, tzinfo=UTC))
    (one,) = (found.result or {})["quality"]["scales"]
    assert one["verdict"] == "low"
    assert one["alpha"]["value"] == pytest.approx(
        reliability.cronbach_alpha(ecsi[["imag4", "loy4", "expe3"]]).value
    )
    assert "Items hang together poorly in “Mixed”" in page(maya, found)
    assert (found.result or {})["drivers"]["method"] == "shapley"


@pytest.fixture
def telco(cast: Cast, tmp_path: Path) -> pd.DataFrame:
    """7,043 subscriptions: begun so many months before the end, cancelled at it or held on; the contract that was
    chosen at the beginning as the answer, 1 to 3."""
    table = pd.read_csv(shared("telco_churn.csv"))
    table["id"] = [f"tel-{row}" for row in range(len(table))]
    table["begun"] = [(END - months * MONTH).isoformat() for months in table["tenure"]]
    table["answer"] = table["contract"].map(CONTRACTS)
    people, answers, rows = (tmp_path / f"{name}.csv" for name in ("people", "answers", "rows"))
    table[["id", "begun", "senior_citizen"]].to_csv(people, index=False)
    table[["id", "begun", "answer"]].to_csv(answers, index=False)
    with rows.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["row", "id", "kind", "at", "amount"])
        writer.writerows(subscriptions(table))
    document = {
        "title": "Joining",
        "languages": ["en"],
        "questions": [
            {
                "id": "contract",
                "type": "rating",
                "title": "Contract",
                "min": 1,
                "max": 3,
                "metric": "rating:contract",
            }
        ],
    }
    with organization_context(cast.organization):
        publish(create_survey(key="joining", name="Joining", kind="relationship", document=document))
    taken = [
        take(
            cast,
            "customers",
            people,
            {"columns": {"external_id": "id", "since": "begun", "segment": "senior_citizen"}},
        ),
        take(
            cast,
            "transactions",
            rows,
            {
                "columns": {
                    "external_id": "row",
                    "customer": "id",
                    "kind": "kind",
                    "occurred_at": "at",
                    "amount": "amount",
                    "currency": {"constant": "EUR"},
                }
            },
        ),
        take(
            cast,
            "responses",
            answers,
            {
                "survey": "joining",
                "columns": {"customer": "id", "answered_at": "begun"},
                "answers": {"contract": "answer"},
            },
        ),
    ]
    assert [counts(one) for one in taken] == [(7043, 0, 0, 0), (7043 + 1869, 0, 0, 0), (7043, 0, 0, 0)]
    return table


def subscriptions(table: pd.DataFrame) -> Iterator[list[Any]]:
    for row in table.itertuples():
        yield [f"{row.id}-start", row.id, "subscription_start", row.begun, row.monthly_charges]
        if row.churn == "Yes":
            yield [f"{row.id}-end", row.id, "subscription_cancel", END.isoformat(), 0]


def test_contracts_and_how_soon_they_are_cancelled(cast: Cast, maya: Client, telco: pd.DataFrame) -> None:
    lifelines = pytest.importorskip("lifelines")
    with organization_context(cast.organization):
        kinds = dict(
            Transaction.objects.values_list("kind").order_by("kind").distinct().values_list("kind", "kind")
        )
        assert set(kinds) == {"subscription_start", "subscription_cancel"}
    found = run(
        cast,
        as_of=END,
        predictor="rating:contract",
        outcome="churned_contract",
        controls=["segment"],
        horizon_days=360,
        lookback_days=30,
    )
    result = found.result or {}
    told = result["survival"]

    # Kaplan–Meier of months and cancellations, by contract, as lifelines has it of the file.
    followed = telco[telco["tenure"] >= 1]
    for curve, contract in zip(told["curves"], ("Two year", "One year", "Month-to-month"), strict=True):
        rows = followed[followed["contract"] == contract]
        cancelled = rows["churn"] == "Yes"
        there = lifelines.KaplanMeierFitter().fit(rows["tenure"], cancelled)
        assert (curve["n"], curve["events"]) == (len(rows), int(cancelled.sum()))
        assert (rows["tenure"] * 30 >= curve["until"]).sum() >= 10
        for step in curve["steps"][1:]:
            months = step["day"] / 30
            assert step["share"] == pytest.approx(float(there.predict(months)), rel=1e-9)
        assert curve["median"] == (None if contract != "Month-to-month" else 30 * there.median_survival_time_)
    test = lifelines.statistics.multivariate_logrank_test(
        followed["tenure"], followed["contract"], followed["churn"] == "Yes"
    )
    assert told["logrank_statistic"] == pytest.approx(float(test.test_statistic), rel=1e-8)
    assert told["logrank_statistic"] == pytest.approx(2352.87, abs=0.01)  # as often published of these data

    dummies = pd.DataFrame(
        {
            "two": (followed["contract"] == "Two year").astype(float),
            "monthly": (followed["contract"] == "Month-to-month").astype(float),
            "senior": followed["senior_citizen"].astype(float),
            "tenure": followed["tenure"],
            "churn": (followed["churn"] == "Yes").astype(float),
        }
    )
    fit = lifelines.CoxPHFitter().fit(dummies, "tenure", "churn")
    hazards = {one["name"]: one for one in told["hazards"]}
    for name, column in (("band_high", "two"), ("band_low", "monthly"), ("segment 1", "senior")):
        assert hazards[name]["ratio"]["value"] == pytest.approx(float(fit.hazard_ratios_[column]), rel=1e-4)

    # Proportional hazards do not hold, and the page says so in words.
    assert told["outcome"] == "days_to_cancellation"
    assert told["ph_violated"] is True
    assert told["ph_global_p"] < 1e-6
    shown = page(maya, found)
    assert "The ratio changes over time: read the curves, not the ratio" in shown
    assert "How soon customers cancel differs by band" in shown
    assert "Among customers with a subscription" in shown
    assert "low 1, middle 2, high 3" in shown

    # Who answered less than 360 days ago is not followed long enough; the others cancelled so often.
    after = {row["band"]: row for row in result["after"]["rows"]}
    year = telco[telco["tenure"] >= 12]
    for band, contract in (("low", "Month-to-month"), ("middle", "One year"), ("high", "Two year")):
        rows = year[year["contract"] == contract]
        within = (rows["churn"] == "Yes") & (rows["tenure"] <= 12)
        assert after[band]["n"] == len(rows)
        if result["contrasts"]:
            assert after[band]["mean"] == pytest.approx(float(within.mean()))
    assert result["before"] is None  # a subscription that has ended has nobody to ask
