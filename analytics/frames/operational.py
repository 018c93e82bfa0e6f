"""The operational frame: one row a contact that was asked about and answered.

With c the moment of the contact and t that of the answer about it (c ≤ t):

==========  =====================================================================================
column      meaning
==========  =====================================================================================
measure     what the contact was like: a number of `Interaction.measures`
value       the answer about it, at t
previous    the customer's last answer to the same metric before c: held fixed, and the placebo,
            since a contact cannot change an answer given before it
earlier     the one before that: what the placebo holds fixed
==========  =====================================================================================

Channel, touchpoint, agent and hour are the contact's own (hour in the organization's time zone). Facts about the
customer are as they stand when the frame is built. Rows after the as-of moment are not looked at.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa

from accounts.tenancy import current_organization_id

from .copied import BATCH, copied
from .financial import Built
from .ledgers import line, microseconds, null
from .questions import OPERATIONAL_CONTROLS as CONTROLS
from .questions import Operational as Question


def facts(question: Question) -> dict[str, str]:
    """Facts about the customer that the question holds fixed, with their SQL."""
    return {name: CONTROLS[name][1] for name in question.controls if CONTROLS[name][1]}


def schema(question: Question) -> pa.Schema:
    """Columns of the frame and their types."""
    moment = pa.timestamp("us", "UTC")
    return pa.schema(
        [
            ("customer", pa.string()),
            ("answered_at", moment),
            ("contact", pa.string()),
            ("channel", pa.string()),
            ("touchpoint", pa.string()),
            ("agent", pa.string()),
            ("contact_at", moment),
            ("hour", pa.int64()),
            ("measure", pa.float64()),
            ("value", pa.float64()),
            ("previous", pa.float64()),
            ("earlier", pa.float64()),
            *((name, pa.string()) for name in facts(question)),
        ]
    )


def build(
    question: Question, path: Path, *, batch_rows: int = BATCH, alive: Callable[[], None] = lambda: None
) -> Built:
    """Read the organization's rows by one statement into a Parquet file.

    Args:
        path: where the frame goes; it appears there only when whole.
        alive: called once a batch; may raise to stop.
    """
    rows, digest, counts = copied(
        schema(question),
        statement(question),
        parameters(question),
        path,
        batch_rows=batch_rows,
        alive=alive,
    )
    return Built(rows, digest, ledger(counts))


def parameters(question: Question) -> dict[str, Any]:
    return {
        "organization": str(current_organization_id()),
        "measure": question.measure,
        "metric": question.outcome,
        "zone": question.time_zone,
        "from": question.answered_from,
        "until": question.answered_until,
        "as_of": question.as_of,
    }


def statement(question: Question) -> str:
    """The one statement; its first row (customer NULL) is the ledger, of the same snapshot."""
    columns = schema(question)
    extra = facts(question)
    typed = ", ".join(null(name, columns) for name in columns.names[4:])
    # A number of any size may stand in JSON; what no float holds is no measure.
    number = """CASE WHEN jsonb_typeof(x.measures -> %(measure)s) = 'number' THEN
                CASE WHEN abs((x.measures ->> %(measure)s)::numeric) < 1e15
                     THEN (x.measures ->> %(measure)s)::float8 END END"""
    return f"""
    WITH answers AS MATERIALIZED (
        SELECT s.id, s.customer_id, s.answered_at, s.value, x.id AS contact, x.occurred_at, x.channel,
               x.touchpoint_id, x.employee_id, {number} AS measure
          FROM feedback_score s
          JOIN feedback_response r ON r.organization_id = %(organization)s AND r.id = s.response_id
          LEFT JOIN feedback_invitation i
                 ON i.organization_id = %(organization)s AND i.id = r.invitation_id
          LEFT JOIN crm_interaction x
                 ON x.organization_id = %(organization)s
                AND x.id = coalesce(r.interaction_id, i.interaction_id)
         WHERE s.organization_id = %(organization)s AND s.metric = %(metric)s AND s.counts AND NOT r.is_test
           AND (%(from)s::timestamptz IS NULL OR s.answered_at >= %(from)s::timestamptz)
           AND (%(until)s::timestamptz IS NULL OR s.answered_at < %(until)s::timestamptz)
           AND s.answered_at <= %(as_of)s
    ), sorted AS MATERIALIZED (
        SELECT a.*, CASE WHEN contact IS NULL THEN 'no_contact'
                         WHEN customer_id IS NULL THEN 'anonymous'
                         WHEN occurred_at > answered_at THEN 'before_contact'
                         WHEN measure IS NULL THEN 'unmeasured'
                         WHEN row_number() OVER (PARTITION BY contact, customer_id IS NULL,
                                                              occurred_at > answered_at
                                                 ORDER BY answered_at, id) > 1 THEN 'again'
                         ELSE 'kept' END AS fate
          FROM answers a
    ), kept AS (
        SELECT k.customer_id, {microseconds("k.answered_at")} AS answered_at, k.contact, k.channel,
               coalesce(p.key, '') AS touchpoint, coalesce(k.employee_id::text, '') AS agent,
               {microseconds("k.occurred_at")} AS contact_at,
               extract(hour FROM k.occurred_at AT TIME ZONE %(zone)s)::int AS hour,
               k.measure, k.value, before.previous, before.earlier
               {"".join(f", {sql} AS {name}" for name, sql in extra.items())}
          FROM sorted k
          JOIN crm_customer c ON c.organization_id = %(organization)s AND c.id = k.customer_id
          LEFT JOIN crm_touchpoint p ON p.organization_id = %(organization)s AND p.id = k.touchpoint_id
          CROSS JOIN LATERAL (
              SELECT max(value) FILTER (WHERE turn = 1) AS previous,
                     max(value) FILTER (WHERE turn = 2) AS earlier
                FROM (SELECT b.value, row_number() OVER (ORDER BY b.answered_at DESC, b.id DESC) AS turn
                        FROM feedback_score b
                       WHERE b.organization_id = %(organization)s AND b.customer_id = k.customer_id
                         AND b.metric = %(metric)s AND b.counts AND b.answered_at < k.occurred_at
                       ORDER BY b.answered_at DESC, b.id DESC
                       LIMIT 2) two
          ) before
         WHERE k.fate = 'kept'
    )
    SELECT NULL::uuid AS customer, NULL::bigint AS answered_at, NULL::uuid AS contact,
           concat_ws(' ', count(*), count(*) FILTER (WHERE fate = 'no_contact'),
                     count(*) FILTER (WHERE fate = 'anonymous'),
                     count(*) FILTER (WHERE fate = 'before_contact'),
                     count(*) FILTER (WHERE fate = 'unmeasured'),
                     count(*) FILTER (WHERE fate = 'again')), {typed}
      FROM sorted
    UNION ALL
    SELECT * FROM kept
     ORDER BY 1 NULLS FIRST, 2, 3"""


def ledger(counts: list[int]) -> list[dict[str, Any]]:
    """Answers found, left out by reason, and kept; what is left out and kept adds up to what was found."""
    found, no_contact, anonymous, before, unmeasured, again = counts
    return [
        line("answers", "Answers in the period", found, dropped=False),
        line("no_contact", "Not about a contact", no_contact),
        line("anonymous", "Anonymous, no customer to follow", anonymous),
        line("before_contact", "Given before the contact", before),
        line("unmeasured", "Contact without this measure", unmeasured),
        line("again", "Later answers about the same contact", again),
        line("kept", "Kept, one row a contact", found - sum(counts[1:]), dropped=False),
    ]
