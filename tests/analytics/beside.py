"""What stands beside the simulated answers: invitations, answered or not, and further attitudes. Inside a context."""

from datetime import timedelta

import numpy as np

from cem.lib.ids import uuid7
from crm.models import Customer
from feedback.models import Invitation, Response, Score
from tests import factories
from tests.factories import NOW


def invite(*, silent: int = 200, seed: int = 3) -> None:
    """One invitation to everybody who answered, a day before, and `silent` more customers who did not answer."""
    survey = Response.objects.select_related("survey").first()
    assert survey is not None
    random = np.random.default_rng(seed)
    made, answers = [], []
    for response in Response.objects.order_by("external_id"):
        response.invitation = Invitation(
            pk=uuid7(),
            survey=survey.survey,
            customer_id=response.customer_id,
            status="answered",
            sampling_probability=0.8,
            sent_at=response.answered_at - timedelta(days=1),
        )
        made.append(response.invitation)
        answers.append(response)
    for number in range(silent):
        customer = Customer.objects.create(
            external_id=f"Q-{number}", segment="basic", since=NOW - timedelta(days=800 + 7 * number % 700)
        )
        moment = NOW - timedelta(days=float(random.uniform(70, 170)))
        if number % 2:
            factories.transaction(customer, occurred_at=moment - timedelta(days=9), amount="30.00")
        made.append(
            Invitation(
                pk=uuid7(),
                survey=survey.survey,
                customer=customer,
                status=("delivered", "not_asked", "bounced")[number % 3] if number % 10 else "not_asked",
                ineligible_reason="" if number % 10 else "opted_out",
                sampling_probability=0.8,
                sent_at=moment,
            )
        )
    Invitation.objects.bulk_create(made)
    Response.objects.bulk_update(answers, ["invitation"])


def rate(metric: str = "csat", *, seed: int = 5) -> None:
    """Another attitude in every response: noise around the first."""
    random = np.random.default_rng(seed)
    Score.objects.bulk_create(
        Score(
            response_id=one.response_id,
            customer_id=one.customer_id,
            survey_id=one.survey_id,
            metric=metric,
            question=metric,
            value=int(np.clip(round(float(one.value) / 2 + random.normal(0, 0.8)), 1, 5)),
            channel="link",
            answered_at=one.answered_at,
        )
        for one in Score.objects.filter(metric="nps").order_by("response__external_id")
    )
