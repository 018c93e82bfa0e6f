"""Surveys and answers for the tests of this room. Inside an organization_context."""

from datetime import datetime
from itertools import count
from typing import Any

from crm.models import Customer
from feedback.intake.services import submit
from feedback.models import Response, Survey, SurveyVersion
from feedback.surveys.services import create_survey, publish
from feedback.surveys.templates import TEMPLATES

_number = count(1)


def survey(template: str = "relationship-nps", **fields: Any) -> Survey:
    """A published survey from a template, or of what `document` (a function of the name) returns."""
    name, kind, make = TEMPLATES[template]
    document = fields.pop("document", make)("Halden Home")
    made = create_survey(
        key=fields.pop("key", f"s{next(_number)}"),
        name=fields.pop("name", name),
        kind=fields.pop("kind", kind),
        document=document,
    )
    assert not fields
    publish(made)
    return made


def version(of: Survey) -> SurveyVersion:
    return SurveyVersion.objects.select_related("survey").get(survey=of)


def answer(of: Survey, answers: dict[str, Any], who: Customer | None = None, **fields: Any) -> Response:
    when: datetime | None = fields.pop("at", None)
    made = submit(
        version=version(of), answers=answers, customer_id=who and who.pk, answered_at=when, **fields
    ).response
    assert made is not None
    return made
