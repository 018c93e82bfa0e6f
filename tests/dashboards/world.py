"""A small organization with enough in it for every page to have something to show."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from analytics.models import Study
from analytics.studies.services import create_study
from crm.models import Case, Company, Customer, Employee, Team, Touchpoint
from feedback.models import Invitation, Response, Score, Survey, Verbatim
from feedback.surveys import templates
from feedback.surveys.services import create_survey, publish
from tests import factories


@dataclass
class World:
    customer: Customer
    survey: Survey
    study: Study


def build(*, customers: int = 60) -> World:
    """Inside an organization_context. Half of the customers answer in each of two quarters of a year."""
    now = timezone.now()
    survey = create_survey(
        key="relationship",
        name="Relationship",
        kind="relationship",
        document=templates.relationship_nps("Halden Home"),
    )
    version = publish(survey)
    company = Company.objects.create(external_id="co-1", name="Figueira Interiores")
    team = Team.objects.create(external_id="t-1", name="Phone")
    agent = Employee.objects.create(external_id="e-1", name="Jos Smit", team=team)
    touchpoint = Touchpoint.objects.create(key="support-call", name="Support call", stage="use")
    people = [
        factories.customer(company=company, segment="gold" if n % 2 else "basic", name=f"Marta Figueira {n}")
        for n in range(customers)
    ]
    for n, person in enumerate(people):
        answered = now - timedelta(days=2 + (n * 173) % 170, hours=3)
        factories.transaction(person, occurred_at=answered - timedelta(days=12), amount=f"{20 + n}.50")
        factories.transaction(person, occurred_at=answered + timedelta(days=1), amount=f"{30 + n}.00")
        call = factories.interaction(
            person,
            occurred_at=answered - timedelta(hours=2),
            employee=agent,
            touchpoint=touchpoint,
            duration_seconds=660,
            measures={"wait_seconds": 400, "transfers": 1, "resolved_first_contact": 0},
        )
        invitation = Invitation.objects.create(
            survey=survey,
            customer=person,
            sent_at=answered - timedelta(hours=1),
            status="answered",
            answered_at=answered,
            wave="w1",
        )
        value = (9, 10, 8, 7, 4, 10)[n % 6]
        response = Response.objects.create(
            survey=survey,
            version=version,
            customer=person,
            invitation=invitation,
            interaction=call,
            answers={"nps": value, "reason": "The replacement keeps moving."},
            answered_at=answered,
            wave="w1",
        )
        Score.objects.create(
            response=response,
            customer=person,
            survey=survey,
            metric="nps",
            question="nps",
            value=value,
            channel="link",
            answered_at=answered,
        )
        Verbatim.objects.create(
            response=response,
            customer=person,
            question="reason",
            text="The replacement keeps moving.",
            answered_at=answered,
        )
    Invitation.objects.create(
        survey=survey, customer=people[0], sent_at=now, status="not_asked", ineligible_reason="quarantine"
    )
    Case.objects.create(
        number=4471,
        customer=people[0],
        subject="replacement leg",
        reason="detractor",
        owner=agent,
        team=team,
        due_at=now - timedelta(hours=5),
    )
    study = create_study(name="Revenue after NPS", predictor="nps", outcome="revenue")
    return World(people[0], survey, study)
