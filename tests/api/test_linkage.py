"""Studies and runs over REST: asked, run, cancelled, repeated, compared, kept in order, taken away."""

import csv
import io
import zipfile
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import pytest

from accounts.models import AuditEntry, OutboxEntry
from accounts.tenancy import organization_context
from analytics.frames import store
from analytics.models import Run, Schedule, Study
from analytics.studies import schedule
from feedback.models import Score
from tests.analytics import simulated
from tests.analytics.runs import EFFECT, do, start, study
from tests.api.conftest import Api, problem
from tests.cast import Cast
from tests.dashboards import results

pytestmark = pytest.mark.django_db

FINANCIAL = {"name": "Revenue after NPS", "predictor": "nps", "outcome": "revenue"}
OPERATIONAL = {"name": "Waits", "kind": "operational", "predictor": "wait_seconds", "outcome": "csat"}


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def asked(cast: Cast) -> Study:
    with organization_context(cast.organization):
        return study()


def finished(cast: Cast, asked: Study, **changes: Any) -> Run:
    result = {**results.two()[0], "kind": "financial", **changes}
    with organization_context(cast.organization):
        run = start(asked)
        Run.objects.filter(pk=run.pk).update(status="finished", result=result, frame_hash="a" * 64)
        run.refresh_from_db()
    return run


# --- studies -----------------------------------------------------------------------------------------------


def test_a_study_is_asked_and_read_back(api: Api) -> None:
    made = api.post("/studies", {**FINANCIAL, "horizon_days": 60, "controls": ["segment"]})
    assert made.status_code == 201, made.content
    body = made.json()
    assert (body["kind"], body["horizon_days"], body["controls"]) == ("financial", 60, ["segment"])
    assert body["archived_at"] is None
    assert api.get(made.headers["Location"].removeprefix("http://testserver/api/v1")).json() == body


def test_what_only_some_kinds_ask_stands_in_options(api: Api) -> None:
    made = api.post("/studies", {**OPERATIONAL, "options": {"threshold": 240}}).json()
    assert made["options"] == {"threshold": 240}
    assert made["controls"] == ["channel", "touchpoint", "hour", "previous"]
    asked = {
        "name": "Teams",
        "kind": "constituency",
        "predictor": "rating:engagement",
        "outcome": "csat",
        "options": {"period": "month", "when": "next"},
    }
    assert api.post("/studies", asked).json()["options"] == {"period": "month", "when": "next"}


@pytest.mark.parametrize(
    ("body", "places"),
    [
        ({**FINANCIAL, "outcome": "happiness"}, ["#/outcome"]),
        ({**FINANCIAL, "predictor": "mood"}, ["#/predictor"]),
        ({**FINANCIAL, "horizon_days": 0}, ["#/horizon_days"]),
        ({**FINANCIAL, "colour": "red"}, ["#/colour"]),
        ({"name": "Nothing"}, ["#/predictor", "#/outcome"]),
        ({**OPERATIONAL, "options": {"threshold": "long"}}, ["#/options"]),
        ({**OPERATIONAL, "options": {"period": "month"}}, ["#/options"]),
        ({**OPERATIONAL, "horizon_days": 30}, ["#/horizon_days"]),
        ({**OPERATIONAL, "predictor": "mood"}, ["#/predictor"]),
    ],
)
def test_what_cannot_be_asked_is_refused_at_its_place(api: Api, body: Any, places: list[str]) -> None:
    problem(api.post("/studies", body), 422, *places)
    assert api.get("/studies").json()["data"] == []


def test_two_studies_share_no_name(api: Api, asked: Study) -> None:
    assert "exists already" in problem(api.post("/studies", FINANCIAL), 422, "#/name")["errors"][0]["detail"]


def test_a_study_is_renamed_archived_and_restored(api: Api, cast: Cast, asked: Study) -> None:
    path = f"/studies/{asked.pk}"
    with organization_context(cast.organization):
        schedule.run_weekly(study=asked)
    changed = api.send("PATCH", path, {"name": "What promoters buy", "archived": True}).json()
    assert changed["name"] == "What promoters buy"
    assert changed["archived_at"] is not None
    assert not Schedule.objects.exists()
    problem(api.post(f"{path}/runs", {}), 422, "#/study")
    assert api.get("/studies?archived=false").json()["data"] == []
    assert [row["id"] for row in api.get("/studies?archived=true").json()["data"]] == [str(asked.pk)]
    problem(api.get("/studies?archived=perhaps"), 400, "archived")
    assert api.send("PATCH", path, {"archived": False}).json()["archived_at"] is None
    assert api.post(f"{path}/runs", {}).status_code == 202
    problem(api.send("PATCH", path, {"predictor": "csat"}), 422, "#/predictor")
    with organization_context(cast.organization):
        entry = AuditEntry.objects.filter(action="study.changed").order_by("pk")[1]
        assert (entry.actor_kind, entry.actor_name) == ("key", "test")


# --- runs --------------------------------------------------------------------------------------------------


def test_a_run_is_cancelled_once(api: Api, cast: Cast, asked: Study) -> None:
    run = api.post(f"/studies/{asked.pk}/runs", {}).json()
    for _ in range(2):
        assert api.post(f"/runs/{run['id']}/cancel", {}).json()["status"] == "cancelled"
    done = finished(cast, asked)
    assert "over already: finished" in problem(api.post(f"/runs/{done.pk}/cancel", {}), 409)["detail"]
    problem(api.post(f"/runs/{done.pk}/cancel", {"why": "x"}), 422, "#/why")


def test_a_run_is_repeated_in_the_background(api: Api, cast: Cast, asked: Study) -> None:
    waiting = api.post(f"/studies/{asked.pk}/runs", {}).json()
    assert "no result to repeat" in problem(api.post(f"/runs/{waiting['id']}/repeat", {}), 409)["detail"]
    run = finished(cast, asked)
    for _ in range(2):
        again = api.post(f"/runs/{run.pk}/repeat", {})
        assert again.status_code == 202
        assert again.json()["repeat"]["state"] == "waiting"
    assert OutboxEntry.objects.filter(task="analytics.repeat_run").count() == 1, "asked for once"


def test_a_run_is_removed_and_brought_back(api: Api, cast: Cast, asked: Study) -> None:
    waiting = api.post(f"/studies/{asked.pk}/runs", {}).json()
    assert "under way" in problem(api.send("DELETE", f"/runs/{waiting['id']}"), 409)["detail"]
    run = finished(cast, asked)
    assert api.send("DELETE", f"/runs/{run.pk}").json()["removed_at"] is not None
    for path in ("", "/result", "/files/run.xlsx"):
        problem(api.get(f"/runs/{run.pk}{path}"), 404)
    assert [row["id"] for row in api.get("/runs").json()["data"]] == [waiting["id"]]
    assert [row["id"] for row in api.get(f"/studies/{asked.pk}/runs").json()["data"]] == [waiting["id"]]
    assert api.post(f"/runs/{run.pk}/restore", {}).json()["removed_at"] is None
    assert api.get(f"/runs/{run.pk}").status_code == 200


def test_a_result_alone(api: Api, cast: Cast, asked: Study) -> None:
    waiting = api.post(f"/studies/{asked.pk}/runs", {}).json()
    assert "has no result: queued" in problem(api.get(f"/runs/{waiting['id']}/result"), 409)["detail"]
    run = finished(cast, asked)
    assert api.get(f"/runs/{run.pk}/result").json() == run.result


def test_two_runs_are_compared(api: Api, cast: Cast, asked: Study) -> None:
    path = f"/studies/{asked.pk}/comparison"
    first = finished(cast, asked)
    assert "fewer than two" in problem(api.get(path), 409)["detail"]
    finished(cast, asked, reading="noise")
    third = finished(cast, asked)
    found = api.get(path).json()
    assert (found["first"]["number"], found["second"]["number"]) == (2, 3)
    assert (found["readings"], found["reading_changed"]) == (["noise", first.result["reading"]], True)
    assert found["same_rows"] is True
    names = [one["name"] for one in found["differences"]]
    assert names == ["highest_lowest", "highest_middle", "lowest_middle"]
    assert found["differences"][0]["second"] == third.result["contrasts"][0]["after"]
    assert found["differences"][0]["overlap"] is True
    other = api.get(f"{path}?a=3&b=1").json()
    assert (other["first"]["number"], other["second"]["number"]) == (1, 3), "the earlier one stands first"
    assert other["reading_changed"] is False
    for query, place in (("a=1", "b"), ("a=1&b=9", "b"), ("a=x&b=1", "a"), ("a=1&b=1", "b"), ("c=1", "c")):
        problem(api.get(f"{path}?{query}"), 400, place)


@pytest.mark.parametrize(
    ("result", "name"),
    [(results.operational_result, "above_below"), (results.constituency_result, "slope")],
)
def test_other_kinds_are_compared_by_their_one_difference(
    api: Api, cast: Cast, asked: Study, result: Any, name: str
) -> None:
    for _ in range(2):
        finished(cast, asked, **{"contrasts": None, **result()})
    found = api.get(f"/studies/{asked.pk}/comparison").json()
    assert [one["name"] for one in found["differences"]] == [name]


# --- files -------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_run_is_taken_away(api: Api, cast: Cast) -> None:
    with organization_context(cast.organization):
        simulated.fill(300, effect=EFFECT)
        run = start(study())
    run = do(cast.organization, run)
    path = f"/runs/{run.pk}/files"

    def taken(name: str, **headers: str) -> bytes:
        answer = api.get(f"{path}/{name}", **headers)
        assert answer.status_code == 200, answer.content
        file = name.replace("run.", "run-1.") if name.startswith("run.") else f"run-1-{name}"
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{file}"'
        assert answer.headers["Cache-Control"] == "no-store"
        return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)

    assert "Bands" in openpyxl.load_workbook(io.BytesIO(taken("run.xlsx"))).sheetnames
    archive = zipfile.ZipFile(io.BytesIO(taken("run.zip", Accept="application/zip")))
    assert archive.read("frame.parquet") == taken("frame.parquet")
    assert archive.read("repeat.py") == taken("repeat.py")
    rows = list(csv.reader(io.StringIO(taken("bands.csv").decode("utf-8-sig"))))
    assert rows[0][:3] == ["Window", "Band", "n"]
    with organization_context(cast.organization):
        told = [one.after["what"] for one in AuditEntry.objects.filter(action="data.exported").order_by("pk")]
    assert told == ["run.xlsx", "run.zip", "frame.parquet", "repeat.py", "bands.csv"]
    detail = problem(api.get(f"{path}/report.doc", Accept="application/zip"), 404)["detail"]
    assert "run.zip" in detail
    assert "bands.csv" in detail
    store.absolute(run.frame_path).unlink()
    for name in ("frame.parquet", "run.zip"):
        assert "not stored any more" in problem(api.get(f"{path}/{name}"), 404)["detail"]


def test_a_run_without_a_result_has_no_files(api: Api, asked: Study) -> None:
    run = api.post(f"/studies/{asked.pk}/runs", {}).json()
    problem(api.get(f"/runs/{run['id']}/files/run.xlsx"), 409)


# --- the registry ------------------------------------------------------------------------------------------


def test_what_studies_can_name_can_be_asked_for(api: Api, cast: Cast) -> None:
    with organization_context(cast.organization):
        simulated.fill(30)
        one = Score.objects.select_related("response", "survey").first()
        assert one is not None
        for metric in ("rating:delivery", "csat:help"):
            one.pk, one.metric, one.question, one.value = None, metric, metric, 4
            one.save(force_insert=True)
    found = api.get("/measures").json()["data"]
    by = {(one["kind"], one["name"], one["role"]): one for one in found}
    assert by["financial", "nps", "predictor"]["unit"] == "points"
    assert by["financial", "revenue", "both"]["direction"] == 1
    assert by["financial", "contacts", "both"]["direction"] == -1
    assert by["operational", "wait_seconds", "predictor"]["unit"] == "seconds"
    assert by["operational", "nps", "outcome"]["label"] == "NPS"
    assert ("operational", "csat:help", "outcome") in by
    assert ("operational", "rating:delivery", "outcome") not in by, "a rating is no score"
    assert by["constituency", "region", "control"]["usual"] is True
    assert ("financial", "csat", "predictor") not in by, "nobody answered it"
    for one in found:  # what it lists can be asked
        if one["kind"] == "financial" and one["role"] in ("both", "outcome"):
            body = {"name": one["name"], "predictor": "nps", "outcome": one["name"]}
            assert api.post("/studies", body).status_code == 201, one


@pytest.mark.parametrize("kind", ["financial", "operational", "constituency"])
def test_the_shape_of_results_can_be_asked_for(api: Api, kind: str) -> None:
    found = api.get(f"/result-schemas/{kind}").json()
    jsonschema.Draft202012Validator.check_schema(found)
    assert found["$id"].startswith(f"urn:cem:linkage-result:{kind}:")
    assert "There are: financial" in problem(api.get("/result-schemas/other"), 404)["detail"]
