"""Which scores count."""

from collections.abc import Iterable
from uuid import UUID

from django.db import connection

#: Decided per question, so that a later partial answer takes the place of what it answers and no more.
_SET = """
    WITH ranked AS (
        SELECT s.id,
               NOT r.is_test AND r.status <> 'dismissed' AND (
                   v.kind <> 'relationship' OR s.customer_id IS NULL OR row_number() OVER (
                       PARTITION BY r.wave, s.customer_id, s.question, r.is_test OR r.status = 'dismissed'
                       ORDER BY r.answered_at DESC, r.id DESC
                   ) = 1
               ) AS counts
          FROM feedback_score s
          JOIN feedback_response r ON r.organization_id = s.organization_id AND r.id = s.response_id
          JOIN feedback_survey v ON v.organization_id = s.organization_id AND v.id = s.survey_id
         WHERE s.survey_id = %(survey)s {customers}
    )
    UPDATE feedback_score s SET counts = ranked.counts
      FROM ranked WHERE s.id = ranked.id AND s.counts <> ranked.counts
"""


def supersede(survey_id: UUID, customer_ids: Iterable[UUID] | None = None) -> int:
    """Set `Score.counts` of one survey.

    Test and dismissed responses never count; in a relationship survey only the latest answer of a customer in
    each wave does. Responses without a customer all count, and a blank wave is one wave.

    Args:
        customer_ids: only these customers' scores; all of the survey without it.

    Returns:
        How many scores changed. Doing it again changes none.
    """
    parameters: dict[str, str | list[str]] = {"survey": str(survey_id)}
    if customer_ids is not None:
        parameters["customers"] = [str(one) for one in customer_ids]
    condition = "" if customer_ids is None else "AND s.customer_id = ANY(%(customers)s::uuid[])"
    with connection.cursor() as cursor:
        cursor.execute(_SET.format(customers=condition), parameters)
        changed: int = cursor.rowcount
    return changed


def queue_up(survey_id: UUID, customer_id: UUID) -> None:
    """Let a customer's answers to one survey be stored one after the other, until this transaction ends.

    Two at once would not see each other, and both would count.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"supersede:{survey_id}:{customer_id}"]
        )
