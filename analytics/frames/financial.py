"""The financial frame: one row a customer, from their first answer in the period.

With t the moment of the answer, h the horizon and w the look-back, all windows half-open so that nothing at t
explains or follows:

=========  ==============  ==================  ===========================================================
column     link            placebo             meaning
=========  ==============  ==================  ===========================================================
outcome    (t, t+h]        –                   what the customer went on to do
placebo    –               [t−h, t)            the same, backwards: an answer cannot have caused it
c_<name>   [t−w, t)        –                   what the link holds fixed
p_<name>   –               [t−h−w, t−h)        what the placebo holds fixed
=========  ==============  ==================  ===========================================================

Facts about the customer (segment, country, language) are as they stand when the frame is built. The contact
that an answer was asked about is in no window. Rows after the as-of moment are not looked at.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
from django.db import connection

from accounts.tenancy import current_organization_id

from . import attitudes, metrics, store
from .copied import CopiedRows
from .question import Question

BATCH = 50_000  # rows in memory at once
_LINK = {"outcome": "x.occurred_at > k.t AND x.occurred_at <= k.t_after"}
_PLACEBO = {"placebo": "x.occurred_at >= k.t_before AND x.occurred_at < k.t"}
_CONTROL = "x.occurred_at >= k.t_back AND x.occurred_at < k.t"
_PLACEBO_CONTROL = "x.occurred_at >= k.t_before_back AND x.occurred_at < k.t_before"
_TABLES = {"transaction": "crm_transaction", "interaction": "crm_interaction"}


@dataclass(frozen=True, slots=True)
class Built:
    """What was written: rows, digest of the content, and the ledger of answers kept and left out."""

    rows: int
    digest: str
    ledger: list[dict[str, Any]]


def schema(question: Question) -> pa.Schema:
    """Columns of the frame and their types."""
    fields = [
        ("customer", pa.string()),
        ("answered_at", pa.timestamp("us", "UTC")),
        ("value", pa.float64()),
        ("band", pa.string()),
        ("outcome", pa.float64()),
        ("placebo", pa.float64()),
        ("lookback_covered", pa.int64()),
        ("placebo_possible", pa.int64()),
    ]
    for name in question.controls:
        metric = metrics.control(name)
        if metric.in_window:
            fields += [(f"c_{name}", pa.float64()), (f"p_{name}", pa.float64())]
        else:
            fields.append((name, pa.string() if metric.unit == "text" else pa.float64()))
    return pa.schema(fields)


def build(
    question: Question, path: Path, *, batch_rows: int = BATCH, alive: Callable[[], None] = lambda: None
) -> Built:
    """Read the organization's rows by one statement into a Parquet file.

    Args:
        path: where the frame goes; it appears there only when whole.
        alive: called once a batch; may raise to stop.

    Raises:
        ValueError: on unknown names, or a horizon or look-back of no days.
    """
    columns = schema(question)
    with store.new_frame(path, columns) as writer, connection.cursor() as cursor:
        rows = CopiedRows(columns, writer, batch_rows, alive)
        text = cursor.mogrify(statement(question), parameters(question)).decode()
        try:
            cursor.copy_expert(f"COPY ({text}) TO STDOUT WITH (FORMAT csv, NULL '')", rows)
        except Exception as error:
            raise (rows.error or error) from error
        rows.flush()
        digest = writer.close()
    return Built(writer.rows, digest, ledger(rows.counts))


def parameters(question: Question) -> dict[str, Any]:
    if question.horizon_days < 1 or question.lookback_days < 1:
        raise ValueError("horizon_days and lookback_days: at least 1 day is needed.")
    return {
        "organization": str(current_organization_id()),
        "metric": question.predictor,
        "from": question.answered_from,
        "until": question.answered_until,
        "as_of": question.as_of,
        "h": question.horizon_days * 86_400,
        "w": question.lookback_days * 86_400,
    }


def statement(question: Question) -> str:
    """The one statement. Its first row (customer NULL) is the ledger, so that rows and ledger are one
    snapshot.
    """
    attitude = attitudes.attitude(question.predictor)
    outcome = metrics.outcome(question.outcome)
    aggregates: dict[str, list[str]] = {"transaction": [], "interaction": []}
    facts: list[str] = []

    def add(metric: metrics.Metric, column: str, window: str) -> None:
        aggregates[metric.source].append(f"{metric.sql.format(window=window)} AS {column}")

    for column, window in (_LINK | _PLACEBO).items():
        add(outcome, column, window)
    names = ["outcome", "placebo"]
    selected = ["outcome", "placebo", "lookback_covered", "placebo_possible"]
    for name in question.controls:
        metric = metrics.control(name)
        if metric.in_window:
            add(metric, f"c_{name}", _CONTROL)
            add(metric, f"p_{name}", _PLACEBO_CONTROL)
            names += [f"c_{name}", f"p_{name}"]
            selected += [f"c_{name}", f"p_{name}"]
        else:
            facts.append(f"{metric.sql} AS {name}")
            selected.append(name)
    used = {source for source, list_ in aggregates.items() if list_}
    looks_back = len(names) > 2
    laterals = "\n".join(
        f"""CROSS JOIN LATERAL (
            SELECT {", ".join(aggregates[source])}
              FROM {_TABLES[source]} x
             WHERE x.organization_id = %(organization)s AND x.customer_id = k.customer_id
               AND x.occurred_at >= least(k.t_back, k.t_before_back) AND x.occurred_at <= k.t_after
               {
            "AND x.id IS DISTINCT FROM coalesce(r.interaction_id, i.interaction_id)"
            if source == "interaction"
            else ""
        }
        ) {source}s"""
        for source in sorted(used)
    )
    starts = ", ".join(
        f"(SELECT min(occurred_at) FROM {_TABLES[source]} "
        "WHERE organization_id = %(organization)s AND occurred_at <= %(as_of)s)"
        for source in sorted(used)
    )
    # A look-back that begins before the data do is not covered; without look-back only the placebo's
    # window counts.
    back, before = ("k.t_back", "k.t_before_back") if looks_back else ("k.t", "k.t_before")
    placebo_possible = f"(h.start <= {before} AND (c.since IS NULL OR c.since <= k.t_before))"
    extra = "".join(f", {fact}" for fact in facts)
    typed = ", ".join(_null(column, schema(question)) for column in selected)
    return f"""
    WITH answers AS MATERIALIZED (
        SELECT s.id, s.customer_id, s.response_id, s.answered_at, s.value,
               s.answered_at + make_interval(secs => %(h)s) <= %(as_of)s AS is_over
          FROM feedback_score s
         WHERE s.organization_id = %(organization)s AND s.metric = %(metric)s AND s.counts
           AND (%(from)s::timestamptz IS NULL OR s.answered_at >= %(from)s::timestamptz)
           AND (%(until)s::timestamptz IS NULL OR s.answered_at < %(until)s::timestamptz)
           AND s.answered_at <= %(as_of)s
    ), kept AS MATERIALIZED (
        SELECT DISTINCT ON (customer_id) customer_id, response_id, value, answered_at AS t,
               answered_at + make_interval(secs => %(h)s) AS t_after,
               answered_at - make_interval(secs => %(h)s) AS t_before,
               answered_at - make_interval(secs => %(w)s) AS t_back,
               answered_at - make_interval(secs => %(h)s + %(w)s) AS t_before_back
          FROM answers
         WHERE is_over AND customer_id IS NOT NULL
         ORDER BY customer_id, answered_at, id
    ), history AS MATERIALIZED (SELECT greatest({starts}) AS start
    ), measured AS (
        SELECT k.customer_id, (extract(epoch FROM k.t) * 1000000)::bigint AS t, k.value,
               {attitude.band_sql("k.value")} AS band,
               coalesce(h.start <= {back}, false)::int AS lookback_covered,
               coalesce({placebo_possible}, false)::int AS placebo_possible,
               {", ".join(names)}{extra}
          FROM kept k
          CROSS JOIN history h
          JOIN crm_customer c ON c.organization_id = %(organization)s AND c.id = k.customer_id
          JOIN feedback_response r ON r.organization_id = %(organization)s AND r.id = k.response_id
          LEFT JOIN feedback_invitation i
                 ON i.organization_id = %(organization)s AND i.id = r.invitation_id
          {laterals}
    )
    SELECT NULL::uuid AS customer_id, NULL::bigint, NULL::float8,
           concat_ws(' ', count(*), count(*) FILTER (WHERE NOT is_over),
                     count(*) FILTER (WHERE is_over AND customer_id IS NULL),
                     count(*) FILTER (WHERE is_over AND customer_id IS NOT NULL)
                       - count(DISTINCT customer_id) FILTER (WHERE is_over)), {typed}
      FROM answers
    UNION ALL
    SELECT customer_id, t, value, band, {", ".join(selected)} FROM measured
     ORDER BY 1 NULLS FIRST"""


def _null(column: str, columns: pa.Schema) -> str:
    kind = columns.field(column).type
    if pa.types.is_string(kind):
        return "NULL::text"
    return "NULL::int" if pa.types.is_integer(kind) else "NULL::numeric"


def ledger(counts: list[int]) -> list[dict[str, Any]]:
    """Answers found, left out by reason, and kept; what is left out and kept adds up to what was found."""
    found, open_, anonymous, later = counts
    kept = found - open_ - anonymous - later
    return [
        {"reason": reason, "label": label, "n": n, "dropped": dropped}
        for reason, label, n, dropped in (
            ("answers", "Answers in the period", found, False),
            ("window_open", "Outcome window not over", open_, True),
            ("anonymous", "Anonymous, no customer to follow", anonymous, True),
            ("later_answers", "Later answers of the same customer", later, True),
            ("kept", "Kept, one row each", kept, False),
        )
    ]
