"""The constituency frame: one row a unit (team) and period in which enough of its employees answered.

With p the calendar period (month or quarter, in the organization's time zone) of the employees' answers and t the
unit's last employee answer in it:

==========  =====================================================================================
column      meaning
==========  =====================================================================================
felt        mean of the employees' answers in p
outcome     the customers' score, about contacts handled by the unit's employees: those after t
            within p ("same"), or those of the next period ("next")
previous    the customers' score of the period before p: held fixed, and the placebo, since what
            employees answer in p cannot have changed it
earlier     the customers' score of the period before that: what the placebo holds fixed
==========  =====================================================================================

Employees' answers are those to employee surveys, without a customer; the answer `team` names the unit by its external
id. A period in which fewer than `minimum_employees` of a unit answered is suppressed: the frame does not hold it.
Teams are as they stand when the frame is built. Rows after the as-of moment are not looked at.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa

from accounts.tenancy import current_organization_id

from .copied import BATCH, copied
from .financial import Built
from .ledgers import line, microseconds, null
from .questions import Constituency as Question
from .scored import scored

#: `…_within`: sum of squares of the answers around their mean, from which agreement within units follows.
SCHEMA = pa.schema(
    [
        ("unit", pa.string()),
        ("period", pa.timestamp("us", "UTC")),
        ("name", pa.string()),
        ("region", pa.string()),
        ("size", pa.int64()),
        ("employees", pa.int64()),
        ("felt", pa.float64()),
        ("felt_within", pa.float64()),
        ("customers", pa.int64()),
        ("outcome", pa.float64()),
        ("outcome_within", pa.float64()),
        ("previous", pa.float64()),
        ("earlier", pa.float64()),
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
        SCHEMA, statement(question), parameters(question), path, batch_rows=batch_rows, alive=alive
    )
    return Built(rows, digest, ledger(counts, question))


def parameters(question: Question) -> dict[str, Any]:
    return {
        "organization": str(current_organization_id()),
        "predictor": question.predictor,
        "metric": question.outcome,
        "period": question.period,
        "step": "3 months" if question.period == "quarter" else "1 month",
        "zone": question.time_zone,
        "employees": question.minimum_employees,
        "customers": question.minimum_customers,
        "from": question.answered_from,
        "until": question.answered_until,
        "as_of": question.as_of,
    }


def statement(question: Question) -> str:
    """The one statement; its first row (unit NULL) is the ledger, of the same snapshot."""
    score = scored(question.outcome).sql("s.value")
    typed = ", ".join(null(name, SCHEMA) for name in SCHEMA.names[4:])
    later = "+ %(step)s::interval" if question.when == "next" else ""
    followed = "h.period = e.period + %(step)s::interval" if later else "h.period = e.period"
    lacks_previous = "previous IS NULL" if question.needs_previous else "false"
    return f"""
    WITH felt AS MATERIALIZED (
        SELECT u.id AS team, date_trunc(%(period)s, s.answered_at AT TIME ZONE %(zone)s) AS period,
               s.answered_at, s.value
          FROM feedback_score s
          JOIN feedback_response r ON r.organization_id = %(organization)s AND r.id = s.response_id
          JOIN feedback_survey v
            ON v.organization_id = %(organization)s AND v.id = s.survey_id AND v.kind = 'employee'
          LEFT JOIN crm_team u
                 ON u.organization_id = %(organization)s AND u.external_id = r.answers ->> 'team'
         WHERE s.organization_id = %(organization)s AND s.metric = %(predictor)s AND s.counts
           AND NOT r.is_test AND s.customer_id IS NULL
           AND (%(from)s::timestamptz IS NULL OR s.answered_at >= %(from)s::timestamptz)
           AND (%(until)s::timestamptz IS NULL OR s.answered_at < %(until)s::timestamptz)
           AND s.answered_at <= %(as_of)s
    ), employees AS MATERIALIZED (
        SELECT team, period, count(*) AS n, avg(value) AS mean,
               coalesce(var_pop(value), 0) * count(*) AS within, max(answered_at) AS t,
               (period {later} + %(step)s::interval) AT TIME ZONE %(zone)s <= %(as_of)s AS is_over
          FROM felt
         WHERE team IS NOT NULL
         GROUP BY team, period
    ), heard AS MATERIALIZED (
        SELECT DISTINCT ON (x.id) w.team_id AS team, x.occurred_at, {score} AS score,
               date_trunc(%(period)s, x.occurred_at AT TIME ZONE %(zone)s) AS period
          FROM feedback_score s
          JOIN feedback_response r ON r.organization_id = %(organization)s AND r.id = s.response_id
          LEFT JOIN feedback_invitation i
                 ON i.organization_id = %(organization)s AND i.id = r.invitation_id
          JOIN crm_interaction x
            ON x.organization_id = %(organization)s AND x.id = coalesce(r.interaction_id, i.interaction_id)
          JOIN crm_employee w ON w.organization_id = %(organization)s AND w.id = x.employee_id
         WHERE s.organization_id = %(organization)s AND s.metric = %(metric)s AND s.counts AND NOT r.is_test
           AND s.answered_at <= %(as_of)s AND x.occurred_at <= s.answered_at AND w.team_id IS NOT NULL
         ORDER BY x.id, s.answered_at, s.id
    ), past AS MATERIALIZED (
        SELECT team, period, avg(score) AS mean
          FROM heard GROUP BY team, period HAVING count(*) >= %(customers)s
    ), after AS MATERIALIZED (
        SELECT e.team, e.period, count(*) AS n, avg(h.score) AS mean, var_pop(h.score) * count(*) AS within
          FROM employees e
          JOIN heard h ON h.team = e.team AND {followed} AND h.occurred_at > e.t
         GROUP BY e.team, e.period
    ), sizes AS MATERIALIZED (
        SELECT team_id AS team, count(*) AS n
          FROM crm_employee WHERE organization_id = %(organization)s GROUP BY team_id
    ), cells AS MATERIALIZED (
        SELECT u.external_id, u.name, coalesce(up.name, '') AS region, coalesce(z.n, 0) AS size, e.period,
               e.n AS employees, e.mean AS felt, e.within AS felt_within, e.is_over,
               coalesce(a.n, 0) AS customers, a.mean AS outcome, a.within AS outcome_within,
               one.mean AS previous, two.mean AS earlier
          FROM employees e
          JOIN crm_team u ON u.organization_id = %(organization)s AND u.id = e.team
          LEFT JOIN crm_team up ON up.organization_id = %(organization)s AND up.id = u.parent_id
          LEFT JOIN sizes z ON z.team = e.team
          LEFT JOIN after a ON a.team = e.team AND a.period = e.period
          LEFT JOIN past one ON one.team = e.team AND one.period = e.period - %(step)s::interval
          LEFT JOIN past two ON two.team = e.team AND two.period = e.period - 2 * %(step)s::interval
    ), fates AS (
        SELECT *, CASE WHEN NOT is_over THEN 'open' WHEN employees < %(employees)s THEN 'suppressed'
                       WHEN customers < %(customers)s THEN 'thin'
                       WHEN {lacks_previous} THEN 'no_previous' ELSE 'kept' END AS fate
          FROM cells
    )
    SELECT NULL::text AS unit, NULL::bigint AS period, NULL::text,
           concat_ws(' ', (SELECT count(*) FROM felt), (SELECT count(*) FROM felt WHERE team IS NULL),
                     count(*), count(*) FILTER (WHERE fate = 'open'),
                     count(*) FILTER (WHERE fate = 'suppressed'), count(*) FILTER (WHERE fate = 'thin'),
                     count(*) FILTER (WHERE fate = 'no_previous')), {typed}
      FROM fates
    UNION ALL
    SELECT external_id, {microseconds("period AT TIME ZONE %(zone)s")}, name, region, size, employees, felt,
           felt_within, customers, outcome, outcome_within, previous, earlier
      FROM fates WHERE fate = 'kept'
     ORDER BY 1 NULLS FIRST, 2"""


def ledger(counts: list[int], question: Question) -> list[dict[str, Any]]:
    """Unit-periods found, left out by reason, and kept; what is left out and kept adds up to what was found."""
    answers, unnamed, cells, open_, suppressed, thin, without = counts
    return [
        line("employee_answers", "Employees’ answers", answers, dropped=False),
        line("no_unit", "Of these, naming no team of yours", unnamed, dropped=False),
        line("unit_periods", f"Teams × {question.period}s they make", cells, dropped=False),
        line("window_open", "Customers’ period not over", open_),
        line("suppressed", f"Fewer than {question.minimum_employees} employees answered", suppressed),
        line("thin", f"Fewer than {question.minimum_customers} customers answered", thin),
        line("no_previous", f"No customers’ score of the {question.period} before", without),
        line("kept", f"Kept, one row a team and {question.period}", cells - sum(counts[3:]), dropped=False),
    ]
