"""What was answered with the attitude: the rated items of the same responses, and the matrices they are part of."""

from pathlib import Path
from typing import Any

import pytest

from accounts.tenancy import organization_context
from analytics.frames import items, store
from feedback.models import Response, Score, SurveyVersion
from feedback.surveys.services import create_survey, publish
from tests import factories
from tests.cast import Cast
from tests.frames.world import DAY, QUESTION, T

pytestmark = pytest.mark.django_db


def matrix(title: str, *names: str) -> dict[str, Any]:
    rows = [{"id": name, "title": name.capitalize(), "metric": f"rating:{name}"} for name in names]
    return {"id": "q1", "type": "matrix", "title": title, "min": 1, "max": 5, "items": rows}


def survey(key: str, *questions: dict[str, Any]) -> SurveyVersion:
    document = {
        "title": key,
        "languages": ["en"],
        "questions": [{"id": "nps", "type": "nps", "title": "How likely?"}, *questions],
    }
    return publish(create_survey(key=key, name=key, kind="relationship", document=document))


def answer(version: SurveyVersion, at: Any, who: Any, **given: float) -> None:
    response = Response.objects.create(survey=version.survey, version=version, customer=who, answered_at=at)
    for name, value in given.items():
        Score.objects.create(
            response=response,
            customer=who,
            survey=version.survey,
            metric="nps" if name == "nps" else f"rating:{name}",
            question="nps" if name == "nps" else f"q1.{name}",
            value=value,
            channel="link",
            answered_at=at,
        )


def test_items_come_with_their_first_answer_their_names_and_their_ends(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "items.parquet"
    with organization_context(cast.organization):
        shop = survey("shop", matrix("The shop", "tidy", "bright"))
        who = factories.customer()
        answer(shop, T, who, nps=9, tidy=4, bright=5)
        answer(shop, T + DAY, who, nps=2, tidy=1, bright=1)
        answer(shop, T, None, nps=7, tidy=3)
        stored = items.build(QUESTION, path)
        found = store.read(path)
    assert stored["answers"] == 3
    assert stored["own"]["label"] == "How likely?"
    assert (stored["own"]["scale"], stored["own"]["low"], stored["own"]["high"]) == ("", 0, 10)
    columns = {one["metric"]: one for one in stored["items"]}
    assert set(columns) == {"rating:tidy", "rating:bright"}
    tidy = columns["rating:tidy"]
    assert (tidy["label"], tidy["scale"], tidy["scale_label"], tidy["low"], tidy["high"]) == (
        "Tidy", "q1", "The shop", 1, 5,
    )  # fmt: skip
    mine = found[found["customer"] != ""].iloc[0]
    assert (mine["value"], mine[tidy["column"]], mine[columns["rating:bright"]["column"]]) == (9, 4, 5)
    anonymous = found[found["customer"] == ""].iloc[0]
    assert anonymous[tidy["column"]] == 3
    assert anonymous.isna()[columns["rating:bright"]["column"]]


def test_matrices_of_two_surveys_with_one_id_are_two_scales(cast: Cast, tmp_path: Path) -> None:
    with organization_context(cast.organization):
        shop = survey("shop", matrix("The shop", "tidy", "bright"))
        phone = survey("phone", matrix("The phone", "kind", "quick"))
        answer(shop, T, factories.customer(), nps=9, tidy=4, bright=5)
        answer(phone, T, factories.customer(), nps=8, kind=4, quick=5)
        stored = items.build(QUESTION, tmp_path / "items.parquet")
    scales = {one["metric"]: one["scale"] for one in stored["items"]}
    assert scales["rating:tidy"] == scales["rating:bright"]
    assert scales["rating:kind"] == scales["rating:quick"]
    assert scales["rating:tidy"] != scales["rating:kind"]
