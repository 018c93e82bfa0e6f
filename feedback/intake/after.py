"""What follows from a response, outside the request that stored it."""

from celery import shared_task

from accounts.models import CasePriority
from accounts.work.task import OrganizationTask
from crm.cases import open_case
from crm.models import Case
from feedback import scoring
from feedback.models import Response, Score

#: Families whose unfavourable answers ask for somebody to call: what the case says.
_REASONS = {"nps": "detractor", "csat": "low_csat"}


@shared_task(name="feedback.after_response", base=OrganizationTask)
def after_response(response_id: str) -> None:
    """May run twice; a response that was erased in between needs nothing."""
    response = Response.objects.filter(pk=response_id).select_related("survey").first()
    if response is not None:
        close_the_loop(response)


def close_the_loop(response: Response) -> list[Case]:
    """Open a case for each reason that a known customer's answer gives: a detractor (0–6), a low CSAT (1–2).

    Test, partial and dismissed responses open none: nobody finished saying something.
    """
    if response.customer_id is None or response.is_test or response.status != Response.Status.COMPLETE:
        return []
    worst: dict[str, Score] = {}
    for score in response.scores.order_by("value", "question"):
        reason = _REASONS.get(scoring.family(score.metric).key)
        if reason and scoring.side(score.metric, score.value) < 0:
            worst.setdefault(reason, score)
    return [
        open_case(
            customer_id=response.customer_id,
            reason=reason,
            source=f"response:{response.pk}",
            subject=_subject(score, response),
            priority=_priority(score),
        )
        for reason, score in worst.items()
    ]


def _priority(score: Score) -> CasePriority:
    """Nobody can be less content than the end of the scale says."""
    scale = scoring.family(score.metric).scale
    return CasePriority.HIGH if scale and score.value <= scale[0] else CasePriority.NORMAL


def _subject(score: Score, response: Response) -> str:
    scale = scoring.family(score.metric).scale
    most = f" of {scale[1]}" if scale else ""
    return f"{scoring.label(score.metric)} {score.value:g}{most} in {response.survey.name}"[:300]
