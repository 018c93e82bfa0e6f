"""What else was answered with the attitude: the rated items of the same responses, one row a respondent.

A customer's first answer in the period, and every anonymous one. No window follows, so nothing waits for
the horizon.
"""

from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
from django.db import connection

from feedback import scoring
from feedback.models import SurveyVersion
from feedback.surveys.document import Document, parse
from feedback.surveys.questions import Matrix

from .copied import copied
from .financial import parameters
from .item import Item
from .question import Question

_PERIOD = """s.organization_id = %(organization)s AND s.metric = %(metric)s AND s.counts
           AND (%(from)s::timestamptz IS NULL OR s.answered_at >= %(from)s::timestamptz)
           AND (%(until)s::timestamptz IS NULL OR s.answered_at < %(until)s::timestamptz)
           AND s.answered_at <= %(as_of)s"""


def build(question: Question, path: Path, *, alive: Callable[[], None] = lambda: None) -> dict[str, Any]:
    """Write the part; its hash, rows and items. The attitude itself is the column "value"."""
    values = parameters(question)
    own, found = _items(question, values)
    columns = pa.schema(
        [
            ("customer", pa.string()),
            ("answered_at", pa.timestamp("us", "UTC")),
            ("value", pa.float64()),
            ("touchpoint", pa.string()),
            *((item.column, pa.float64()) for item in found),
        ]
    )
    pivot = "".join(
        f", max(o.value) FILTER (WHERE o.metric = %({item.column})s) AS {item.column}" for item in found
    )
    nulls = ", NULL::float8" * len(found)
    named = "".join(f", {item.column}" for item in found)
    statement = f"""
    WITH answers AS MATERIALIZED (
        SELECT DISTINCT ON (coalesce(s.customer_id, s.response_id)) s.customer_id, s.response_id, s.answered_at,
               s.value, s.touchpoint_id
          FROM feedback_score s
         WHERE {_PERIOD}
         ORDER BY coalesce(s.customer_id, s.response_id), s.answered_at, s.id
    ), pivoted AS (
        SELECT a.response_id{pivot}
          FROM answers a
          JOIN feedback_score o ON o.organization_id = %(organization)s AND o.response_id = a.response_id
         GROUP BY a.response_id
    ), rows AS (
        SELECT a.customer_id, a.response_id, (extract(epoch FROM a.answered_at) * 1000000)::bigint AS t, a.value,
               coalesce(a.touchpoint_id::text, '') AS touchpoint{named}
          FROM answers a JOIN pivoted USING (response_id)
    )
    SELECT NULL::uuid AS customer, NULL::bigint AS t, NULL::float8 AS value, count(*)::text AS touchpoint{nulls}
      FROM feedback_score s WHERE {_PERIOD}
    UNION ALL
    (SELECT customer_id, t, value, touchpoint{named} FROM rows ORDER BY customer_id NULLS LAST, t, response_id)"""
    names = {item.column: item.metric for item in found}
    rows, digest, counts = copied(columns, statement, {**values, **names}, path, alive=alive)
    return {
        "hash": digest,
        "rows": rows,
        "items": [asdict(item) for item in found],
        "own": asdict(own) if own else None,
        "answers": counts[0],
    }


def _items(question: Question, values: dict[str, Any]) -> tuple[Item | None, list[Item]]:
    """The attitude as an item (where a survey's document knows it), and the rated items beside it."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT o.metric, o.question, r.version_id, count(*)
                  FROM feedback_score s
                  JOIN feedback_score o ON o.organization_id = %(organization)s AND o.response_id = s.response_id
                  JOIN feedback_response r ON r.organization_id = %(organization)s AND r.id = s.response_id
                 WHERE {_PERIOD}
                 GROUP BY 1, 2, 3 ORDER BY 1, 4 DESC, 2, 3""",
            values,
        )
        rows = cursor.fetchall()
    known = SurveyVersion.objects.filter(pk__in={row[2] for row in rows})
    documents = {
        pk: (survey, parse(document))
        for pk, survey, document in known.values_list("pk", "survey_id", "document")
        if document
    }
    scales: dict[str, Any] = {}  # whose the name of a scale is, since two surveys may each have a matrix "q1"
    own: Item | None = None
    found: dict[str, Item] = {}
    for metric, asked, version, _ in rows:
        if metric in found or version not in documents:
            continue
        survey, document = documents[version]
        item = _item(f"i{len(found)}", metric, asked, document)
        if item is None:
            continue
        if item.scale and scales.setdefault(item.scale, survey) != survey:
            item = replace(item, scale=f"{item.scale} of {survey}")
        if metric == question.predictor:
            own = own or item
        elif scoring.family(metric).key == "rating":
            found[metric] = item
    return own, list(found.values())


def _item(column: str, metric: str, asked: str, document: Document) -> Item | None:
    ends = {question_id: (low, high) for question_id, _, low, high in document.bound()}
    if asked not in ends:
        return None
    question = document.question(asked)
    language = document.languages[0]
    title = document.text(question.title, language)
    label, scale, scale_label = title, "", ""
    if isinstance(question, Matrix):
        part = asked.partition(".")[2]
        item = next(one for one in question.items if one.id == part)
        label, scale, scale_label = document.text(item.title, language), question.id, title
    low, high = ends[asked]
    return Item(column, metric, label, scale, scale_label, float(low), float(high))
