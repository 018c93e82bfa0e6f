from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import OutboxEntry
from accounts.tenancy import organization_context
from analytics.models import Run, Study
from tests.api.conftest import Api, problem
from tests.cast import Cast
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def study(cast: Cast) -> Study:
    with organization_context(cast.organization):
        return Study.objects.create(
            name="NPS and revenue", predictor="nps", outcome="revenue", controls=["segment"]
        )


def test_a_run_is_started_and_followed(api: Api, cast: Cast, study: Study) -> None:
    started = api.post(f"/studies/{study.pk}/runs", {}, Idempotency_Key="k")
    assert started.status_code == 202, started.content
    body = started.json()
    assert (body["study"], body["number"], body["status"], body["progress"]) == (
        str(study.pk),
        1,
        "queued",
        0,
    )
    assert api.post(f"/studies/{study.pk}/runs", {}, Idempotency_Key="k").json() == body
    assert OutboxEntry.objects.get().arguments == {"run": body["id"]}
    with organization_context(cast.organization):
        Run.objects.update(status="finished", progress=1, result={"n": 3}, finished_at=NOW)
    followed = api.get(started.headers["Location"].removeprefix("http://testserver/api/v1")).json()
    assert (followed["status"], followed["progress"], followed["result"]) == ("finished", 1, {"n": 3})
    for path in ("/runs", f"/studies/{study.pk}/runs", f"/runs?study={study.pk}&status=finished"):
        (row,) = api.get(path).json()["data"]
        assert row["id"] == body["id"]
        assert "result" not in row  # a page stays small
    assert api.get("/runs?status=failed").json()["data"] == []


def test_what_a_run_may_be_started_with(api: Api, study: Study) -> None:
    path = f"/studies/{study.pk}/runs"
    started = api.post(path, {"as_of": "2026-01-01T00:00:00Z", "seed": 7}).json()
    assert started["as_of"] == "2026-01-01T00:00:00Z"
    assert api.get(f"/runs/{started['id']}").json()["seed"] == 7
    assert api.send("POST", path).status_code == 202  # no body is an empty one
    later = (timezone.now() + timedelta(days=1)).isoformat()
    for field, value in {"as_of": later, "seed": -1, "study": str(study.pk)}.items():
        problem(api.post(path, {field: value}), 422, f"#/{field}")
    problem(api.post(path, {"as_of": "0001-01-01T00:00:00Z"}), 422, "#/as_of")


def test_studies(api: Api, study: Study) -> None:
    (row,) = api.get("/studies?kind=financial&predictor=nps&outcome=revenue").json()["data"]
    assert row == api.get(f"/studies/{study.pk}").json()
    assert (row["name"], row["controls"]) == ("NPS and revenue", ["segment"])
    assert api.get("/studies?outcome=churn").json()["data"] == []
