"""Who was due to be asked: one row an occasion, asked or not, with what the customer did before it.

The surveys are those that ask the study's attitude. Occasions whose horizon is not over at the as-of moment
are left out, since nobody who answered them could have been followed. An invitation that was never made has
no row, so the ledger speaks for customers whom a rule or a draw considered.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa

from .copied import copied
from .financial import parameters
from .following import HELD, following
from .question import Question

SCHEMA = pa.schema(
    [
        ("customer", pa.string()),
        ("asked_at", pa.timestamp("us", "UTC")),
        ("probability", pa.float64()),
        ("reason", pa.string()),
        ("sampled", pa.int64()),
        ("delivered", pa.int64()),
        ("answered", pa.int64()),
        ("tenure_days", pa.float64()),
        ("segment", pa.string()),
        ("revenue", pa.float64()),
        ("orders", pa.float64()),
        ("contacts", pa.float64()),
        ("next_days", pa.float64()),
        ("followed_days", pa.float64()),
    ]
)

#: The figures of the look-back are in [t−w, t): nothing of them is later than the invitation.
_STATEMENT = """
    WITH occasions AS MATERIALIZED (
        SELECT i.id, i.customer_id, i.sent_at AS t, i.sent_at - make_interval(secs => %(w)s) AS t_back,
               i.sampling_probability, i.ineligible_reason, i.status
          FROM feedback_invitation i
         WHERE i.organization_id = %(organization)s
           AND i.survey_id IN (SELECT DISTINCT s.survey_id FROM feedback_score s
                                WHERE s.organization_id = %(organization)s AND s.metric = %(metric)s AND s.counts)
           AND (%(from)s::timestamptz IS NULL OR i.sent_at >= %(from)s::timestamptz)
           AND (%(until)s::timestamptz IS NULL OR i.sent_at < %(until)s::timestamptz)
           AND i.sent_at + make_interval(secs => %(h)s) <= %(as_of)s
    ), replied AS MATERIALIZED (
        SELECT DISTINCT r.invitation_id
          FROM feedback_score s
          JOIN feedback_response r ON r.organization_id = %(organization)s AND r.id = s.response_id
         WHERE s.organization_id = %(organization)s AND s.metric = %(metric)s AND s.counts
           AND s.answered_at <= %(as_of)s AND r.invitation_id IS NOT NULL
    )
    SELECT NULL::uuid AS customer_id, NULL::bigint AS t, NULL::float8, count(*)::text, NULL::int, NULL::int,
           NULL::int, NULL::float8, NULL::text, NULL::numeric, NULL::bigint, NULL::bigint, NULL::float8, NULL::float8
      FROM occasions
    UNION ALL
    SELECT k.customer_id, (extract(epoch FROM k.t) * 1000000)::bigint, k.sampling_probability,
           k.ineligible_reason, (k.status <> 'not_asked')::int,
           (k.status NOT IN ('not_asked', 'bounced'))::int, (p.invitation_id IS NOT NULL)::int,
           CASE WHEN c.since IS NOT NULL THEN greatest(0, extract(epoch FROM k.t - c.since) / 86400) END::float8,
           c.segment, b.revenue, b.orders, n.contacts, {next_days}, {followed_days}
      FROM occasions k
      JOIN crm_customer c ON c.organization_id = %(organization)s AND c.id = k.customer_id
      LEFT JOIN replied p ON p.invitation_id = k.id
     CROSS JOIN LATERAL (
            SELECT coalesce(sum(x.reporting_amount), 0) AS revenue, count(*) AS orders
              FROM crm_transaction x
             WHERE x.organization_id = %(organization)s AND x.customer_id = k.customer_id AND x.kind = 'order'
               AND x.occurred_at >= k.t_back AND x.occurred_at < k.t
           ) b
     CROSS JOIN LATERAL (
            SELECT count(*) AS contacts FROM crm_interaction x
             WHERE x.organization_id = %(organization)s AND x.customer_id = k.customer_id
               AND x.occurred_at >= k.t_back AND x.occurred_at < k.t
           ) n
      {held}
      {join}
     ORDER BY 1 NULLS FIRST, 2"""


def build(question: Question, path: Path, *, alive: Callable[[], None] = lambda: None) -> dict[str, Any]:
    """Write the part; its hash and rows."""
    waited = following(question)
    statement = _STATEMENT.format(
        held=HELD if waited.needs_subscription else "",
        join=waited.join,
        next_days=waited.next_days,
        followed_days=waited.followed_days,
    )
    rows, digest, _ = copied(SCHEMA, statement, parameters(question), path, alive=alive)
    return {"hash": digest, "rows": rows}
