"""Teams, their employees' answers and those of the customers they served, where a test puts them."""

from datetime import datetime
from typing import Any

from crm.models import Employee, Interaction, Team
from feedback.models import Response, Score, Survey, SurveyVersion
from tests import factories


def pulse() -> SurveyVersion:
    found = SurveyVersion.objects.filter(survey__key="pulse").first()
    if found is None:
        asked = Survey.objects.create(key="pulse", name="Pulse", kind="employee")
        found = SurveyVersion.objects.create(survey=asked, number=1, document={})
    return found


def contact_survey() -> SurveyVersion:
    found = SurveyVersion.objects.filter(survey__key="contact").first()
    if found is None:
        asked = Survey.objects.create(key="contact", name="Contact", kind="transactional")
        found = SurveyVersion.objects.create(survey=asked, number=1, document={})
    return found


def team(name: str, region: Team | None = None, people: int = 1) -> tuple[Team, list[Employee]]:
    made = Team.objects.create(external_id=f"T-{name}", name=name, parent=region)
    return made, [
        Employee.objects.create(external_id=f"E-{name}-{number}", name=f"{name} {number}", team=made)
        for number in range(people)
    ]


def feel(unit: str, values: list[float], at: datetime, **fields: Any) -> None:
    """Employees' answers that name the team of this external id."""
    version = pulse()
    for value in values:
        response = Response.objects.create(
            survey=fields.get("survey", version.survey),
            version=version,
            customer=fields.get("customer"),
            answered_at=at,
            answers={"team": unit},
            is_test=fields.get("is_test", False),
        )
        Score.objects.create(
            response=response,
            customer=response.customer,
            survey=response.survey,
            metric="rating:engagement",
            question="engagement",
            channel="link",
            value=value,
            answered_at=at,
            counts=fields.get("counts", True),
        )


def contact(who: Any, at: datetime, agent: Employee | None = None, **fields: Any) -> Interaction:
    defaults = {"measures": {"wait_seconds": 100}, "channel": "phone"}
    return factories.interaction(who, occurred_at=at, employee=agent, **{**defaults, **fields})


def rate(about: Interaction | None, value: float, at: datetime, who: Any = "its own", **fields: Any) -> Score:
    """An answer about a contact, of its customer unless another (or nobody) is named."""
    version = contact_survey()
    customer = about.customer if who == "its own" and about is not None else who
    response = Response.objects.create(
        survey=version.survey,
        version=version,
        customer=None if customer == "its own" else customer,
        interaction=about,
        invitation=fields.pop("invitation", None),
        answered_at=at,
        is_test=fields.pop("is_test", False),
    )
    defaults = {"metric": "csat", "question": "q", "channel": "link", "counts": True}
    return Score.objects.create(
        response=response,
        customer=response.customer,
        survey=version.survey,
        value=value,
        answered_at=at,
        **{**defaults, **fields},
    )
