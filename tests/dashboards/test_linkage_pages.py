"""The wizard, the page of a run and what can be taken away from it, comparison and weekly runs."""

import csv
import io
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from django.test import Client

from accounts.models import OutboxEntry
from accounts.tenancy import organization_context
from analytics.models import Run, Schedule, Study
from analytics.studies import schedule
from analytics.studies.services import start_run
from analytics.tasks import repeat_run, run_weekly, sweep_schedule
from cem.lib.ids import uuid7
from dashboards.linkage.parts import associations
from dashboards.linkage.report import MOST_ROWS
from feedback.models import Response, Score, Survey
from tests.analytics import simulated
from tests.analytics.runs import do, study
from tests.cast import Cast
from tests.dashboards import results, world
from tests.factories import NOW
from tests.queries import QueryBudget

pytestmark = pytest.mark.django_db

L = "/o/halden/linkage/"


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    # The lease is in the test's own transaction, so a heartbeat, which would not see it, must not come.
    settings.LEASE_SECONDS = 3_600


@pytest.fixture
def maya(client: Client, cast: Cast) -> Client:
    client.force_login(cast.maya)
    return client


@pytest.fixture
def filled(cast: Cast) -> simulated.Truth:
    with organization_context(cast.organization):
        return simulated.fill(500, effect={"promoter": 1.6, "detractor": 0.6})


def ran(cast: Cast, **fields: Any) -> Run:
    """A finished run, made as a worker makes it."""
    with organization_context(cast.organization):
        asked = Study.objects.filter(name="Revenue after NPS").first() or study()
        begun = start_run(study=asked, **{"as_of": NOW, "seed": 1, **fields})
    run = do(cast.organization, begun)
    assert run.status == "finished", run.error
    return run


ASKED = {
    "predictor": "nps",
    "outcome": "revenue",
    "horizon_days": 60,
    "lookback_days": 60,
    "answered_from": "",
    "answered_until": "",
    "controls": ["outcome", "tenure_days", "segment"],
    "minimum_n": 30,
    "name": "",
}


def test_the_wizard_offers_what_was_asked_and_explains_it(maya: Client, filled: simulated.Truth) -> None:
    page = maya.get(f"{L}new/").content.decode()
    assert 'name="predictor" value="nps"' in page
    assert 'value="csat"' not in page, "nobody answered a CSAT question"
    assert "Customers without an order count as 0" in page
    assert "New study" in maya.get(L).content.decode()


def test_the_wizard_asks_what_is_expected_and_the_review_says_it(
    maya: Client, cast: Cast, filled: simulated.Truth
) -> None:
    page = maya.get(f"{L}new/").content.decode()
    for words in (
        "This study’s own link",
        "NPS → Contacts",
        "Expected beforehand",
        "the more each has to show",
    ):
        assert words in page
    boxes = re.findall(r"<input[^>]*name=\"declared\"[^>]*>", page)
    assert len(boxes) == 5
    assert not any("checked" in box for box in boxes)  # what nobody ticked was not expected
    asked = {**ASKED, "outcomes": ["orders"], "declared": ["own", "nps>orders"]}
    review = maya.post(f"{L}new/", {**asked, "step": "review"}).content.decode()
    assert "NPS → Revenue, NPS → Orders" in review
    assert "revenue, orders" in review
    maya.post(f"{L}new/", {**asked, "step": "create"})
    with organization_context(cast.organization):
        made = Study.objects.get()
    assert (made.outcomes, made.declared) == (["orders"], ["nps>revenue", "nps>orders"])
    wrong = maya.post(f"{L}new/", {**asked, "name": "Two", "declared": ["nps>contacts"], "step": "run"})
    assert wrong.status_code == 422
    assert "&#x27;contacts&#x27; is not among this study’s outcomes" in wrong.content.decode()


def test_the_wizard_without_any_answer_says_what_to_do(maya: Client) -> None:
    assert "There is nothing to study yet" in maya.get(f"{L}new/").content.decode()


def test_the_review_counts_before_anything_runs(
    maya: Client, cast: Cast, filled: simulated.Truth, query_budget: Callable[[int], QueryBudget]
) -> None:
    maya.get(f"{L}new/")
    with query_budget(14):
        answer = maya.post(f"{L}new/", {**ASKED, "step": "review"})
    page = answer.content.decode()
    assert "Do promoters go on to spend more than passives and detractors" in page
    assert "500 customers can be followed, enough to begin" in page
    assert "revenue, tenure, segment" in page
    with organization_context(cast.organization):
        assert not Study.objects.exists()


def test_the_review_says_when_it_cannot_be_told(maya: Client, filled: simulated.Truth) -> None:
    page = maya.post(f"{L}new/", {**ASKED, "minimum_n": 400, "step": "review"}).content.decode()
    assert "insufficient evidence" in page
    assert "fewer than 400" in page
    last = (NOW - timedelta(days=61)).date().isoformat()
    page = maya.post(
        f"{L}new/", {**ASKED, "answered_from": last, "answered_until": last, "step": "review"}
    ).content.decode()
    assert "500 customers" not in page, "the period is counted, not everything"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"predictor": "mood"}, "Select a valid choice"),
        ({"horizon_days": "0"}, "At least 1 day is needed"),
        ({"horizon_days": "soon"}, "Give a whole number of days"),
        ({"lookback_days": "99999"}, "At most 3,650 days"),
        ({"minimum_n": "3"}, "Choose 10 or more"),
        ({"answered_from": "2026-05-02", "answered_until": "2026-05-01"}, "Exchange the two"),
        ({"controls": ["weather"]}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    maya: Client, cast: Cast, filled: simulated.Truth, changes: dict[str, Any], words: str
) -> None:
    answer = maya.post(f"{L}new/", {**ASKED, **changes, "step": "run"})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    with organization_context(cast.organization):
        assert not Study.objects.exists()


def test_create_makes_the_study_and_run_starts_it(maya: Client, cast: Cast, filled: simulated.Truth) -> None:
    period = {"answered_from": "2026-01-01", "answered_until": "2026-09-30"}
    answer = maya.post(f"{L}new/", {**ASKED, **period, "step": "create"})
    with organization_context(cast.organization):
        made = Study.objects.get()
        assert answer.headers["Location"] == f"{L}{made.pk}/"
        assert (made.name, made.controls) == ("Revenue after NPS", ["revenue", "tenure_days", "segment"])
        assert made.answered_from is not None
        assert made.answered_until is not None
        # Days of Lisbon: summer time ends the last one an hour early in UTC.
        assert made.answered_from.isoformat() == "2026-01-01T00:00:00+00:00"
        assert made.answered_until.isoformat() == "2026-09-30T23:00:00+00:00"
        assert made.created_by is not None
        assert made.created_by.user_id == cast.maya.pk
    answer = maya.post(f"{L}new/", {**ASKED, "step": "run"}, follow=True)
    assert "Waiting for a worker" in answer.content.decode()
    with organization_context(cast.organization):
        assert Run.objects.get().study.name == "Revenue after NPS (2)", "the first name is taken"
    taken = maya.post(f"{L}new/", {**ASKED, "name": "Revenue after NPS", "step": "run"})
    assert "exists already" in taken.content.decode()
    page = maya.post(f"{L}new/", {**ASKED, "horizon_days": 45, "step": "edit"}).content.decode()
    assert 'value="45"' in page


def test_the_page_of_a_run_stays_within_its_budget(
    maya: Client, cast: Cast, filled: simulated.Truth, query_budget: Callable[[int], QueryBudget]
) -> None:
    run = ran(cast)
    maya.get(f"{L}runs/{run.pk}/")
    with query_budget(14):
        page = maya.get(f"{L}runs/{run.pk}/").content.decode()
    for words in ("went on to spend", "Take it away", "Script that repeats it", "Run only when somebody"):
        assert words in page


def test_a_run_without_a_result_leads_back_to_its_page(maya: Client, cast: Cast) -> None:
    with organization_context(cast.organization):
        run = start_run(study=study())
    for name in ("run.xlsx", "table.csv", "report.html", "frame.parquet", "repeat.py"):
        answer = maya.get(f"{L}runs/{run.pk}/{name}", follow=True)
        assert "has no result to download" in answer.content.decode(), name


def test_the_workbook_holds_numbers_as_numbers(maya: Client, cast: Cast, filled: simulated.Truth) -> None:
    run = ran(cast)
    answer = maya.get(f"{L}runs/{run.pk}/run.xlsx")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="revenue-after-nps-run-1.xlsx"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert {"Findings", "Bands", "Differences", "Associations", "Ledger", "Settings"} <= set(book.sheetnames)
    assert run.result is not None
    table = list(book["Differences"].iter_rows(values_only=True))
    heads = list(table[0])
    stored = run.result["contrasts"][0]
    assert table[1][heads.index("After")] == stored["after"]["value"]
    assert isinstance(table[1][heads.index("q")], float)
    assert dict(book["Ledger"].iter_rows(values_only=True))["Kept, one row each"] == 500
    assert run.frame_hash in [cell for row in book["Settings"].iter_rows(values_only=True) for cell in row]


def test_a_name_is_never_a_formula(maya: Client, cast: Cast, filled: simulated.Truth) -> None:
    run = ran(cast)
    with organization_context(cast.organization):
        Study.objects.update(name='=HYPERLINK("http://x")\r\nX-Bad: 1')
    answer = maya.get(f"{L}runs/{run.pk}/run.xlsx")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="hyperlinkhttpx-x-bad-1-run-1.xlsx"'
    cell = openpyxl.load_workbook(io.BytesIO(answer.content))["Settings"]["B2"]
    assert cell.data_type == "s"
    assert str(cell.value).startswith("=HYPERLINK")
    rows = maya.get(f"{L}runs/{run.pk}/table.csv", {"name": "settings"}).content.decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(rows)))[1][1].startswith("'=HYPERLINK")


def test_every_table_is_there_as_csv(maya: Client, cast: Cast, filled: simulated.Truth) -> None:
    run = ran(cast)
    page = maya.get(f"{L}runs/{run.pk}/").content.decode()
    for name in ("findings", "bands", "differences", "associations", "ledger", "settings"):
        address = f"{L}runs/{run.pk}/table.csv?name={name}"
        assert address in page
        answer = maya.get(address)
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert len(rows) > 1, name
        assert len({len(row) for row in rows}) == 1, name
    assert maya.get(f"{L}runs/{run.pk}/table.csv?name=unknown").status_code == 404


def test_the_report_needs_nothing_else(maya: Client, cast: Cast, filled: simulated.Truth) -> None:
    run = ran(cast)
    answer = maya.get(f"{L}runs/{run.pk}/report.html")
    page = answer.content.decode()
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert "<svg" in page
    assert "<script" not in page
    assert "<form" not in page
    assert "href=" not in page
    assert "src=" not in page
    assert page.count("<style>") == 1
    assert '<details class="data" open>' in page
    for piece in page.split('<details class="data">')[1:]:  # only what would fill pages of paper stays closed
        assert piece.partition("</details>")[0].count("<tr>") > MOST_ROWS
    assert run.frame_hash in page


def test_the_script_repeats_the_run_from_the_frame_alone(
    maya: Client, cast: Cast, filled: simulated.Truth, tmp_path: Path
) -> None:
    run = ran(cast)
    frame = maya.get(f"{L}runs/{run.pk}/frame.parquet")
    (tmp_path / "frame.parquet").write_bytes(b"".join(frame.streaming_content))  # type: ignore[attr-defined]
    (tmp_path / "repeat.py").write_bytes(maya.get(f"{L}runs/{run.pk}/repeat.py").content)
    told = pd.read_parquet(tmp_path / "frame.parquet")
    assert len(told) == 500
    assert not {"name", "email", "phone"} & set(told.columns)

    def repeat() -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-I", "repeat.py", "frame.parquet"]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)

    done = repeat()
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count(" same\n") == 6, "three differences after the answer, three before"
    assert run.result is not None
    for one in run.result["contrasts"]:
        assert f"{one['after']['value']:.6f}" in done.stdout

    told.loc[told["band"] == "promoter", "outcome"] *= 1.01
    told.to_parquet(tmp_path / "frame.parquet")
    done = repeat()
    assert done.returncode == 1, "it notices another frame"
    assert "DIFFERENT" in done.stdout


def test_a_frame_that_is_gone_is_said(
    maya: Client, cast: Cast, filled: simulated.Truth, settings: Any
) -> None:
    run = ran(cast)
    (Path(settings.MEDIA_ROOT) / run.frame_path).unlink()
    page = maya.get(f"{L}runs/{run.pk}/frame.parquet", follow=True).content.decode()
    assert "is not stored any more" in page


def test_two_runs_are_compared(
    maya: Client, cast: Cast, filled: simulated.Truth, query_budget: Callable[[int], QueryBudget]
) -> None:
    earlier = ran(cast, as_of=NOW - timedelta(days=60))
    later = ran(cast)
    assert earlier.frame_hash != later.frame_hash
    address = f"{L}{later.study_id}/compare/"
    maya.get(address)
    with query_budget(14):
        page = maya.get(address).content.decode()
    assert "more customers than run 1: 500 after" in page
    assert "Promoters less detractors" in page
    assert "not tested here" in page
    other_way = maya.get(address, {"a": later.pk, "b": earlier.pk}).content.decode()
    assert "more customers than run 1: 500 after" in other_way, "the earlier one stands first"
    assert "Choose two different runs" in maya.get(address, {"a": later.pk, "b": later.pk}).content.decode()
    assert maya.get(address, {"a": "nonsense"}).status_code == 404
    assert f"compare/?a={earlier.pk}&amp;b={later.pk}" in maya.get(f"{L}runs/{later.pk}/").content.decode()


def test_the_same_rows_are_said_to_be_the_same(maya: Client, cast: Cast, filled: simulated.Truth) -> None:
    ran(cast)
    run = ran(cast)
    page = maya.get(f"{L}{run.study_id}/compare/").content.decode()
    assert "exactly the same 500 customers" in page
    assert "both times" in page


def test_one_run_cannot_be_compared(maya: Client, cast: Cast, filled: simulated.Truth) -> None:
    run = ran(cast)
    assert "fewer than two finished runs" in maya.get(f"{L}{run.study_id}/compare/").content.decode()


def test_a_study_is_run_once_a_week_even_if_the_sweep_fires_twice(maya: Client, cast: Cast) -> None:
    with organization_context(cast.organization):
        asked = study()
    page = maya.post(f"{L}{asked.pk}/weekly/", {"on": "1"}, follow=True).content.decode()
    assert "is now run every week" in page
    assert "Stop running it weekly" in page
    due = Schedule.objects.get().due_at
    assert sweep_schedule() == 0, "not due yet"

    sixteen_days = due + timedelta(days=16)
    assert schedule.owe_due(now=sixteen_days) == 1
    assert schedule.owe_due(now=sixteen_days) == 0, "the second sweep finds nothing"
    assert Schedule.objects.get().due_at == due + timedelta(days=21), "the same weekday and time"
    entry = OutboxEntry.objects.get(task="analytics.run_weekly")
    for _ in range(2):  # published twice, done once
        run_weekly(organization_id=str(cast.organization.pk), outbox_id=entry.pk, **entry.arguments)
    with organization_context(cast.organization):
        assert Run.objects.count() == 1
        schedule.start_scheduled(study_id=str(asked.pk))
        assert Run.objects.count() == 1, "one is waiting already"

    page = maya.post(f"{L}{asked.pk}/weekly/", {"on": "0"}, follow=True).content.decode()
    assert "only when somebody starts it" in page
    assert not Schedule.objects.exists()


def test_the_sweep_stays_in_each_ones_organization(cast: Cast) -> None:
    for organization in (cast.organization, cast.other):
        with organization_context(organization):
            schedule.run_weekly(study=study())
    Schedule.objects.update(due_at=NOW - timedelta(days=1))
    assert schedule.owe_due(now=NOW) == 2
    for entry in OutboxEntry.objects.filter(task="analytics.run_weekly"):
        run_weekly(organization_id=str(entry.organization_id), outbox_id=entry.pk, **entry.arguments)
    for organization in (cast.organization, cast.other):
        with organization_context(organization):
            assert Run.objects.count() == 1


def test_a_study_that_is_gone_takes_its_schedule_with_it(cast: Cast) -> None:
    with organization_context(cast.organization):
        asked = study()
        schedule.run_weekly(study=asked)
        gone = str(asked.pk)
        asked.delete()
        assert schedule.start_scheduled(study_id=gone) is None
    assert not Schedule.objects.exists()


def test_a_run_computed_again_gives_the_same_digits(
    maya: Client, cast: Cast, filled: simulated.Truth
) -> None:
    run = ran(cast)
    page = maya.post(f"{L}runs/{run.pk}/again/", follow=True).content.decode()
    assert "being computed" in page

    def repeated() -> dict[str, str]:
        entry = OutboxEntry.objects.get(task="analytics.repeat_run")
        repeat_run(organization_id=str(cast.organization.pk), outbox_id=entry.pk, **entry.arguments)
        with organization_context(cast.organization):
            found = Run.objects.get(pk=run.pk).repeat
        assert found is not None
        return dict(found)

    assert repeated()["state"] == "same"
    assert "same digits" in maya.get(f"{L}runs/{run.pk}/").content.decode()
    with organization_context(cast.organization):
        changed = Run.objects.get(pk=run.pk)
        assert changed.result is not None
        changed.result["contrasts"][0]["after"]["value"] += 1e-6
        changed.save()
    maya.post(f"{L}runs/{run.pk}/again/")
    found = repeated()
    assert found["state"] == "different"
    assert "contrasts.0.after.value" in found["words"]


def with_result(cast: Cast, result: dict[str, Any], kind: str = "financial") -> Run:
    """A finished run with this result, as a worker would have stored it."""
    with organization_context(cast.organization):
        asked = study(name=f"A {kind} study")
        run = start_run(study=asked)
        Study.objects.filter(pk=asked.pk).update(kind=kind)
        Run.objects.filter(pk=run.pk).update(status="finished", result=result, finished_at=NOW)
        return run


def test_every_section_has_its_sentence_picture_and_table(
    maya: Client, cast: Cast, filled: simulated.Truth, query_budget: Callable[[int], QueryBudget]
) -> None:
    first = ran(cast)
    assert first.result is not None
    run = with_result(cast, {**first.result, **results.sections(), "schema": 2})
    maya.get(f"{L}runs/{run.pk}/")
    with query_budget(14):
        page = maya.get(f"{L}runs/{run.pk}/").content.decode()
    for words in (
        "Of 2 associations, 1 stands and 1 is noise",
        "fewer than 30 customers",
        "the 2 tests declared beforehand and the other 10 of the run",
        "Delivery on time matters and goes badly; whether Wait time matters as much is open",
        "share a halo",
        "the same answer from everybody",
        "How soon customers order again differs by band: half had ordered again after 67 days for promoters",
        "Those who did not answer",
        "The ratio changes over time: read the curves, not the ratio",
        "1.31 (1.12 to 1.52)",
        "Beforehand, those who answered had spent more",
        "Revenue, answered less not answered: +€19 (+€12 to +€26)",
        "weighted to speak for all eligible customers",
        "+€28 (+€9 to +€47)",
        "As a measure, NPS is low in reliability, fair in validity and good in definition; its usefulness is not known",
        "Items hang together poorly in “Loyalty” (alpha .47 (.41 to .52))",
        ".47 (.41 to .52)",
    ):
        assert words in page, words
    book = openpyxl.load_workbook(io.BytesIO(maya.get(f"{L}runs/{run.pk}/run.xlsx").content))
    assert {"All associations", "Drivers", "Survival", "Non-response", "Metric quality"} <= set(
        book.sheetnames
    )
    assert book["Drivers"]["C2"].value == 0.11
    assert [cell.value for cell in book["Scales"][2]] == ["Loyalty", 3, 250, 0.47, 0.41, 0.52, "low"]
    assert [cell.value for cell in book["Hazard ratios"][2]] == ["Promoters", 1.31, 1.12, 1.52, 0.0004, 0.01]
    report = maya.get(f"{L}runs/{run.pk}/report.html").content.decode()
    assert "<script" not in report
    assert "Delivery on time" in report


@pytest.mark.parametrize(
    ("kind", "make", "words", "sheets"),
    [
        (
            "operational",
            results.operational_result,
            [
                "Satisfaction differs between waits",
                "4 minutes",
                "−14 pt (−20 to −8 pt)",
                "over 9 minutes (20)",
            ],
            {"Curve", "Bins", "Sides", "Differences"},
        ),
        (
            "constituency",
            results.constituency_result,
            [
                "Units with more engaged employees",
                "Branch 3",
                "+12 pt (+2 to +22 pt)",
                "14 units",
                "ICC(1)",
            ],
            {"Units", "Differences"},
        ),
    ],
)
def test_the_other_kinds_have_their_picture(
    maya: Client,
    cast: Cast,
    kind: str,
    make: Callable[[], dict[str, Any]],
    words: list[str],
    sheets: set[str],
) -> None:
    run = with_result(cast, make(), kind)
    page = maya.get(f"{L}runs/{run.pk}/").content.decode()
    for one in words:
        assert one in page, one
    assert "<svg" in page
    book = openpyxl.load_workbook(io.BytesIO(maya.get(f"{L}runs/{run.pk}/run.xlsx").content))
    assert sheets <= set(book.sheetnames)
    assert maya.get(f"{L}runs/{run.pk}/report.html").status_code == 200
    again = with_run_again(cast, run)
    compared = maya.get(f"{L}{run.study_id}/compare/").content.decode()
    assert "The reading is the same in both runs: stands" in compared
    assert maya.get(L).status_code == 200
    assert maya.get("/o/halden/").status_code == 200
    assert again.number == 2


def with_run_again(cast: Cast, run: Run) -> Run:
    with organization_context(cast.organization):
        first = Run.objects.get(pk=run.pk)
        first.pk, first.number, first._state.adding = uuid7(), 2, True
        first.save()
        return first


def test_the_wizard_asks_an_operational_study(maya: Client, cast: Cast) -> None:
    with organization_context(cast.organization):
        world.build(customers=30)
    address = f"{L}new/?kind=operational"
    page = maya.get(address).content.decode()
    assert "What the contact was like" in page
    asked = {
        "predictor": "wait_seconds",
        "outcome": "nps",
        "threshold": "240",
        "controls": ["channel", "hour"],
        "minimum_n": 10,
    }
    page = maya.post(address, {**asked, "step": "review"}).content.decode()
    assert "How does NPS about a contact go with its wait?" in page
    assert "30 contacts carry the measure, enough to begin" in page
    assert "240, declared beforehand" in page
    wrong = maya.post(address, {**asked, "threshold": "soon", "step": "run"})
    assert wrong.status_code == 422
    assert "Give a number in the measure" in wrong.content.decode()
    answer = maya.post(address, {**asked, "step": "run"}, follow=True)
    assert "Waiting for a worker" in answer.content.decode()
    with organization_context(cast.organization):
        made = Study.objects.get(kind="operational")
        assert (made.name, made.options) == ("NPS by wait", {"threshold": 240.0})


def test_the_wizard_asks_a_constituency_study(maya: Client, cast: Cast) -> None:
    address = f"{L}new/?kind=constituency"
    with organization_context(cast.organization):
        home = world.build(customers=12)
    assert "Publish an employee survey first" in maya.get(address).content.decode()
    with organization_context(cast.organization):
        told = Response.objects.filter(survey=home.survey).first()
        assert told is not None
        survey = Survey.objects.create(key="pulse", name="Pulse", kind="employee")
        for n in range(7):
            response = Response.objects.create(
                survey=survey,
                version=told.version,
                answers={"team": "t-1" if n < 6 else "t-2"},
                answered_at=NOW,
            )
            Score.objects.create(
                response=response,
                survey=survey,
                metric="rating:engagement",
                question="engagement",
                value=4,
                channel="link",
                answered_at=NOW,
            )
    asked = {
        "predictor": "rating:engagement",
        "outcome": "nps",
        "period": "month",
        "when": "next",
        "controls": ["size"],
        "minimum_n": 10,
    }
    page = maya.post(address, {**asked, "step": "review"}).content.decode()
    assert "1 teams have enough employees’ answers, too few" in page
    assert "Teams they name" in page
    maya.post(address, {**asked, "step": "create"})
    with organization_context(cast.organization):
        made = Study.objects.get(kind="constituency")
        assert made.options == {"period": "month", "when": "next"}
    assert maya.get(f"{L}{made.pk}/").status_code == 200
    assert maya.get(f"{L}new/?kind=unknown").status_code == 404


def test_drivers_are_gathered_from_the_latest_runs(
    maya: Client, cast: Cast, filled: simulated.Truth, query_budget: Callable[[int], QueryBudget]
) -> None:
    assert "No run has drivers yet" in maya.get("/o/halden/drivers/").content.decode()
    first = ran(cast)
    assert first.result is not None
    run = with_result(cast, {**first.result, **results.sections()})
    with query_budget(12):
        page = maya.get("/o/halden/drivers/").content.decode()
    assert "Delivery on time matters and goes badly" in page
    assert f"{L}runs/{run.pk}/" in page
    assert page.count("<h2>The items</h2>") == 1
    assert "<select" not in page, "with one study there is nothing to choose"


def test_drivers_are_those_of_the_chosen_study(maya: Client, cast: Cast, filled: simulated.Truth) -> None:
    address = "/o/halden/drivers/"
    first = ran(cast)
    assert first.result is not None
    told = results.sections()
    run = with_result(cast, {**first.result, **told})
    with organization_context(cast.organization):
        other = study(name="Orders after NPS", outcome="orders")
        newer = do(cast.organization, start_run(study=other, as_of=NOW, seed=1))
        items = [{**one, "label": "Else"} for one in told["drivers"]["drivers"]]
        named = {**told["drivers"], "drivers": items}
        Run.objects.filter(pk=newer.pk).update(result={**(newer.result or {}), "drivers": named})
    page = maya.get(address).content.decode()
    assert '<th scope="row">Else</th>' in page, "the newest without a choice"
    assert page.count("<option") == 2
    chosen = maya.get(address, {"study": str(run.study_id)}).content.decode()
    assert "Delivery on time matters and goes badly" in chosen
    assert '<th scope="row">Else</th>' not in chosen
    assert f"nps-items.csv?study={run.study_id}" in chosen
    file = maya.get(f"{address}pictures/nps-items.csv", {"study": str(run.study_id)})
    assert "Delivery on time" in file.content.decode()
    assert maya.get(address, {"study": str(uuid7())}).status_code == 404
    assert maya.get(address, {"study": "no id"}).status_code == 404


def test_pairs_without_a_figure_are_summed_up_by_reason(cast: Cast) -> None:
    def pair(attitude: str, outcome: str, why: str) -> dict[str, Any]:
        return {
            "attitude_label": attitude, "outcome_label": outcome, "why": why, "partial": None, "raw": None,
            "n": 0, "reading": "insufficient_evidence", "declared": False, "attitude": attitude,
            "outcome": outcome, "placebo": None, "placebo_n": 0, "q": None, "p": None, "difference": None,
        }  # fmt: skip

    few = [
        pair(
            f"Item {n}",
            "Orders",
            f"{n} customers followed; an association asks for 90, as many as three bands.",
        )
        for n in range(20)
    ]
    alone = pair("NPS", "Contacts", "Contacts is the same for everybody, so there is nothing to correlate.")
    found = {"pairs": [*few, alone], "tests": 0, "declared": 0, "left_out": [], "untested": []}
    [section] = associations.sections(found, {"horizon_days": 90})
    assert "20 pairs of Item 0, Item 1, Item 2 and 17 more: too few customers followed" in section.lack
    assert "NPS → Contacts: Contacts is the same for everybody" in section.lack
    assert section.lack.count("Item") == 3
