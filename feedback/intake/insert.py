"""A response, its scores and its verbatims in one statement.

This is the hottest write there is: one round trip instead of the ORM's three (five with the savepoint that a
refused external id would need).
"""

from functools import cache
from typing import Any

import msgspec
from django.db import connection

from feedback import scoring
from feedback.models import Response
from feedback.surveys.document import Document

_STATEMENT = """
    WITH response AS (
        INSERT INTO feedback_response ({columns}) VALUES ({places})
        ON CONFLICT (organization_id, external_id) DO NOTHING
        RETURNING *
    ), score AS (
        INSERT INTO feedback_score (
            organization_id, response_id, customer_id, survey_id, touchpoint_id,
            metric, question, value, channel, answered_at, counts)
        SELECT r.organization_id, r.id, r.customer_id, r.survey_id, r.touchpoint_id,
               s.metric, s.question, s.value, r.channel, r.answered_at,
               NOT r.is_test AND r.status <> 'dismissed'
          FROM response r,
               jsonb_to_recordset(%s::jsonb) AS s(metric text, question text, value float8)
    ), verbatim AS (
        INSERT INTO feedback_verbatim (
            organization_id, id, response_id, customer_id, question, text, language, answered_at)
        SELECT r.organization_id, cem_uuid7(), r.id, r.customer_id, v.question, v.text, r.language, r.answered_at
          FROM response r, jsonb_to_recordset(%s::jsonb) AS v(question text, text text)
    )
    SELECT id FROM response
"""


@cache
def _columns() -> tuple[str, tuple[Any, ...]]:
    """The statement and the fields whose values it takes first, from the model as it is."""
    fields = tuple(Response._meta.local_concrete_fields)
    columns = ", ".join(field.column for field in fields)
    return _STATEMENT.format(columns=columns, places=", ".join(["%s"] * len(fields))), fields


def insert(response: Response, document: Document) -> bool:
    """Insert what a response consists of. False when there is one of this external id: nothing was inserted."""
    statement, fields = _columns()
    values = [field.get_db_prep_save(field.pre_save(response, True), connection) for field in fields]
    scores = scoring.scores_of(document, response.answers)
    verbatims = scoring.verbatims_of(document, response.answers)
    values.append(msgspec.json.encode(scores).decode())
    values.append(msgspec.json.encode([{"question": q, "text": text} for q, text in verbatims]).decode())
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        inserted = cursor.fetchone() is not None
    response._state.adding = not inserted
    response._state.db = connection.alias
    return inserted
