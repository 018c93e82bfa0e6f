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

from accounts.tenancy import current_organization_id

from . import attitudes, metrics
from .copied import BATCH, copied
from .following import HELD, SUBSCRIPTIONS, following
from .ledger import Built, ledger
from .question import Question

__all__ = ["Built", "Followed", "build", "ledger", "schema", "statement"]

_LINK = "x.occurred_at > k.t AND x.occurred_at <= k.t_after"
_PLACEBO = "x.occurred_at >= k.t_before AND x.occurred_at < k.t"
_CONTROL = "x.occurred_at >= k.t_back AND x.occurred_at < k.t"
_PLACEBO_CONTROL = "x.occurred_at >= k.t_before_back AND x.occurred_at < k.t_before"
_TABLES = {"transaction": "crm_transaction", "interaction": "crm_interaction"}
#: Subscriptions may reach back further than what was bought is known.
_BUYING = {"transaction": f" AND kind NOT IN {SUBSCRIPTIONS}"}


@dataclass(frozen=True, slots=True)
class Followed:
    """A metric that is followed, and its columns: after the answer and, backwards, before it."""

    metric: metrics.Metric
    after: str = "outcome"
    before: str = "placebo"


def followed(question: Question) -> tuple[Followed, ...]:
    """What a study's own frame follows: its one outcome."""
    return (Followed(metrics.outcome(question.outcome)),)


def schema(question: Question, pairs: tuple[Followed, ...], *, returning: bool = False) -> pa.Schema:
    """Columns of the frame and their types."""
    fields = [
        ("customer", pa.string()),
        ("answered_at", pa.timestamp("us", "UTC")),
        ("value", pa.float64()),
        ("band", pa.string()),
        *((column, pa.float64()) for one in pairs for column in (one.after, one.before)),
        ("lookback_covered", pa.int64()),
        ("placebo_possible", pa.int64()),
    ]
    for name in question.controls:
        metric = metrics.control(name)
        if metric.in_window:
            fields += [(f"c_{name}", pa.float64()), (f"p_{name}", pa.float64())]
        else:
            fields.append((name, pa.string() if metric.unit == "text" else pa.float64()))
    if returning:
        fields += [("next_days", pa.float64()), ("followed_days", pa.float64())]
    return pa.schema(fields)


def build(
    question: Question,
    path: Path,
    *,
    pairs: tuple[Followed, ...] | None = None,
    returning: bool = False,
    batch_rows: int = BATCH,
    alive: Callable[[], None] = lambda: None,
) -> Built:
    """Read the organization's rows by one statement into a Parquet file.

    Args:
        pairs: what is followed where it is not the question's own outcome; the attitude may then be one
            without bands.
        returning: adds the days until the next order and those followed until the as-of moment, and keeps
            answers whose window is not over.
        path: where the frame goes; it appears there only when whole.
        alive: called once a batch; may raise to stop.

    Raises:
        ValueError: on unknown names, or a horizon or look-back of no days.
    """
    if pairs is None:
        attitudes.attitude(question.predictor)
        pairs = followed(question)
    columns = schema(question, pairs, returning=returning)
    text = statement(question, pairs, returning=returning)
    rows, digest, counts = copied(
        columns, text, parameters(question), path, batch_rows=batch_rows, alive=alive
    )
    return Built(rows, digest, ledger(counts))


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


def statement(
    question: Question, pairs: tuple[Followed, ...] | None = None, *, returning: bool = False
) -> str:
    """The one statement. Its first row (customer NULL) is the ledger, so that rows and ledger are one
    snapshot.
    """
    pairs = followed(question) if pairs is None else pairs
    own = attitudes.with_bands(question.predictor)
    band = own.band_sql("k.value") if own else "''"
    aggregates: dict[str, list[str]] = {"transaction": [], "interaction": []}
    facts: list[str] = []

    def add(metric: metrics.Metric, column: str, window: str) -> None:
        sql = metric.sql.format(window=window) if window != _PLACEBO or metric.has_placebo else "NULL::int"
        aggregates[metric.source].append(f"{sql} AS {column}")

    names = []
    for one in pairs:
        add(one.metric, one.after, _LINK)
        add(one.metric, one.before, _PLACEBO)
        names += [one.after, one.before]
    selected = [*names, "lookback_covered", "placebo_possible"]
    windows = len(names)
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
    looks_back = len(names) > windows
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
        f"WHERE organization_id = %(organization)s AND occurred_at <= %(as_of)s{_BUYING.get(source, '')})"
        for source in sorted(used)
    )
    # A look-back that begins before the data do is not covered; without look-back only the placebo's
    # window counts.
    back, before = ("k.t_back", "k.t_before_back") if looks_back else ("k.t", "k.t_before")
    placebo_possible = f"(h.start <= {before} AND (c.since IS NULL OR c.since <= k.t_before))"
    waited = following(question) if returning else None
    if waited is not None:
        facts += [f"{waited.next_days} AS next_days", f"{waited.followed_days} AS followed_days"]
        selected += ["next_days", "followed_days"]
    held = any(one.metric.needs_subscription for one in pairs) or (waited and waited.needs_subscription)
    measures = "".join(f", {one}" for one in [*names, *facts])
    columns = schema(question, pairs, returning=returning)
    typed = ", ".join(_null(column, columns) for column in selected)
    return f"""
    WITH answers AS MATERIALIZED (
        SELECT s.id, s.customer_id, s.response_id, s.answered_at, s.value,
               s.answered_at + make_interval(secs => %(h)s) <= %(as_of)s AS is_over
          FROM feedback_score s
         WHERE s.organization_id = %(organization)s AND s.metric = %(metric)s AND s.counts
           AND (%(from)s::timestamptz IS NULL OR s.answered_at >= %(from)s::timestamptz)
           AND (%(until)s::timestamptz IS NULL OR s.answered_at < %(until)s::timestamptz)
           AND s.answered_at <= %(as_of)s
    ){own.cuts_sql if own else ""}, kept AS MATERIALIZED (
        SELECT DISTINCT ON (customer_id) customer_id, response_id, value, answered_at AS t,
               answered_at + make_interval(secs => %(h)s) AS t_after,
               answered_at - make_interval(secs => %(h)s) AS t_before,
               answered_at - make_interval(secs => %(w)s) AS t_back,
               answered_at - make_interval(secs => %(h)s + %(w)s) AS t_before_back
          FROM answers
         WHERE {"" if returning else "is_over AND"} customer_id IS NOT NULL
         ORDER BY customer_id, answered_at, id
    ), history AS MATERIALIZED (SELECT {f"greatest({starts})" if used else "NULL::timestamptz"} AS start
    ), measured AS (
        SELECT k.customer_id, (extract(epoch FROM k.t) * 1000000)::bigint AS t, k.value,
               {band} AS band,
               coalesce(h.start <= {back}, false)::int AS lookback_covered,
               coalesce({placebo_possible}, false)::int AS placebo_possible{measures}
          FROM kept k
          CROSS JOIN history h
          JOIN crm_customer c ON c.organization_id = %(organization)s AND c.id = k.customer_id
          JOIN feedback_response r ON r.organization_id = %(organization)s AND r.id = k.response_id
          LEFT JOIN feedback_invitation i
                 ON i.organization_id = %(organization)s AND i.id = r.invitation_id
          {HELD if held else ""}
          {laterals}
          {waited.join if waited else ""}
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
