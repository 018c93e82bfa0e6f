"""What there is to study, counted before anything is run."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.tenancy import current_organization_id
from analytics.frames import attitudes
from feedback import scoring

# From one metric to the next in the index, so that a look costs as many steps as there are metrics.
_METRICS = """
WITH RECURSIVE metric(name) AS (
    (SELECT metric FROM feedback_score
      WHERE organization_id = %(organization)s AND counts ORDER BY metric LIMIT 1)
    UNION ALL
    SELECT (SELECT s.metric FROM feedback_score s
             WHERE s.organization_id = %(organization)s AND s.counts AND s.metric > metric.name
             ORDER BY s.metric LIMIT 1)
      FROM metric WHERE metric.name IS NOT NULL
)
SELECT name FROM metric WHERE name IS NOT NULL
"""
_OF_CUSTOMERS = f"""
SELECT m.name FROM ({_METRICS}) m
 WHERE EXISTS (SELECT 1 FROM feedback_score s
                WHERE s.organization_id = %(organization)s AND s.metric = m.name AND s.counts
                  AND s.customer_id IS NOT NULL)
"""
_ANSWERS = """
WITH answers AS MATERIALIZED (
    SELECT s.customer_id, s.answered_at, s.value,
           s.answered_at + make_interval(secs => %(horizon)s) <= %(as_of)s AS is_over
      FROM feedback_score s
     WHERE s.organization_id = %(organization)s AND s.metric = %(metric)s AND s.counts
       AND (%(from)s::timestamptz IS NULL OR s.answered_at >= %(from)s::timestamptz)
       AND (%(until)s::timestamptz IS NULL OR s.answered_at < %(until)s::timestamptz)
       AND s.answered_at <= %(as_of)s
){cuts}, kept AS (
    SELECT DISTINCT ON (customer_id) value FROM answers
     WHERE is_over AND customer_id IS NOT NULL ORDER BY customer_id, answered_at
)
SELECT (SELECT count(*) FROM answers),
       (SELECT count(*) FROM answers WHERE is_over),
       (SELECT count(*) FROM answers WHERE is_over AND customer_id IS NOT NULL),
       (SELECT json_object_agg(band, n) FROM (SELECT {band} AS band, count(*) AS n FROM kept GROUP BY 1) b)
"""
_CONTACTS = """
SELECT count(*), count(x.id), count(*) FILTER (WHERE jsonb_typeof(x.measures -> %(measure)s) = 'number')
  FROM feedback_score s
  JOIN feedback_response r ON r.organization_id = %(organization)s AND r.id = s.response_id
  LEFT JOIN feedback_invitation i ON i.organization_id = %(organization)s AND i.id = r.invitation_id
  LEFT JOIN crm_interaction x
         ON x.organization_id = %(organization)s AND x.id = coalesce(r.interaction_id, i.interaction_id)
 WHERE s.organization_id = %(organization)s AND s.metric = %(metric)s AND s.counts AND NOT r.is_test
   AND (%(from)s::timestamptz IS NULL OR s.answered_at >= %(from)s::timestamptz)
   AND (%(until)s::timestamptz IS NULL OR s.answered_at < %(until)s::timestamptz)
"""
_OF_EMPLOYEES = """
  FROM feedback_score s
  JOIN feedback_survey v
    ON v.organization_id = %(organization)s AND v.id = s.survey_id AND v.kind = 'employee'
"""
_RATINGS = f"""
SELECT m.name FROM ({_METRICS}) m
 WHERE m.name LIKE 'rating:%%'
   AND EXISTS (SELECT 1 {_OF_EMPLOYEES}
                WHERE s.organization_id = %(organization)s AND s.metric = m.name AND s.counts)
"""
_TEAMS = f"""
SELECT coalesce(sum(n), 0), count(team) FILTER (WHERE team IS NOT NULL),
       count(team) FILTER (WHERE n >= %(employees)s)
  FROM (SELECT r.answers ->> 'team' AS team, count(*) AS n {_OF_EMPLOYEES}
          JOIN feedback_response r ON r.organization_id = %(organization)s AND r.id = s.response_id
         WHERE s.organization_id = %(organization)s AND s.metric = %(metric)s AND s.counts AND NOT r.is_test
           AND (%(from)s::timestamptz IS NULL OR s.answered_at >= %(from)s::timestamptz)
           AND (%(until)s::timestamptz IS NULL OR s.answered_at < %(until)s::timestamptz)
         GROUP BY 1) t
"""


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of one group, and how many the study asks for."""

    noun: str
    n: int
    asked: int

    @property
    def suffices(self) -> bool:
        return self.n >= self.asked


@dataclass(frozen=True, slots=True)
class Availability:
    """Counts from the answers down to the rows of a study (the last), and the groups that need enough."""

    counts: tuple[tuple[str, int], ...]
    groups: tuple[Group, ...]
    noun: str

    @property
    def rows(self) -> int:
        return self.counts[-1][1]

    @property
    def suffices(self) -> bool:
        return all(group.suffices for group in self.groups)


def attitudes_asked() -> list[str]:
    """Attitudes that customers have answered: families in their usual order, each before its own names."""
    with connection.cursor() as cursor:
        cursor.execute(_OF_CUSTOMERS, {"organization": str(current_organization_id())})
        found = [name for (name,) in cursor.fetchall() if attitudes.with_bands(name)]
    order = list(scoring.METRICS)
    return sorted(found, key=lambda name: (order.index(scoring.family(name).key), name))


def scores_asked() -> list[str]:
    """Customers' scores that were answered: attitudes but for ratings, which no other kind of study explains."""
    return [name for name in attitudes_asked() if scoring.family(name).key != "rating"]


def ratings_of_employees() -> list[str]:
    """Ratings that employees gave in employee surveys."""
    with connection.cursor() as cursor:
        cursor.execute(_RATINGS, {"organization": str(current_organization_id())})
        return sorted(name for (name,) in cursor.fetchall())


def customers(
    *,
    predictor: str,
    horizon_days: int,
    minimum_n: int,
    answered_from: datetime | None = None,
    answered_until: datetime | None = None,
    as_of: datetime | None = None,
) -> Availability:
    """For a financial study, by one statement over the answers alone: what customers did is not looked at."""
    attitude = attitudes.attitude(predictor)
    answers, over, known, counted = _row(
        _ANSWERS.replace("{band}", attitude.band_sql("value")).replace("{cuts}", attitude.cuts_sql),
        metric=predictor,
        horizon=horizon_days * 86_400,
        as_of=as_of or timezone.now(),
        **_period(answered_from, answered_until),
    )
    groups = tuple(
        Group(noun, (counted or {}).get(key, 0), minimum_n)
        for key, noun in zip(attitude.bands, attitude.nouns, strict=True)
    )
    return Availability(
        (
            ("Answers in the period", answers),
            (f"Their {horizon_days:,} days are over", over),
            ("From a known customer", known),
            ("Customers, by their first answer", sum(group.n for group in groups)),
        ),
        groups,
        "customers can be followed",
    )


def contacts(
    *,
    measure: str,
    outcome: str,
    minimum_n: int,
    answered_from: datetime | None = None,
    answered_until: datetime | None = None,
) -> Availability:
    """For an operational study. Both sides of a threshold need enough, so twice the minimum is asked for."""
    answers, about, measured = _row(
        _CONTACTS, metric=outcome, measure=measure, **_period(answered_from, answered_until)
    )
    return Availability(
        (
            ("Answers in the period", answers),
            ("About a contact", about),
            ("Contacts with the measure", measured),
        ),
        (Group("contacts on both sides", measured, 2 * minimum_n),),
        "contacts carry the measure",
    )


def teams(
    *,
    rating: str,
    minimum_n: int,
    employees: int,
    answered_from: datetime | None = None,
    answered_until: datetime | None = None,
) -> Availability:
    """For a constituency study: teams in which enough employees answered, over the whole period."""
    answers, named, enough = _row(
        _TEAMS, metric=rating, employees=employees, **_period(answered_from, answered_until)
    )
    return Availability(
        (
            ("Employees’ answers", int(answers)),
            ("Teams they name", named),
            (f"Teams with {employees} answers or more", enough),
        ),
        (Group("teams", enough, minimum_n),),
        "teams have enough employees’ answers",
    )


def _period(first: datetime | None, until: datetime | None) -> dict[str, Any]:
    return {"from": first, "until": until}


def _row(statement: str, **asked: Any) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"organization": str(current_organization_id()), **asked})
        found: tuple[Any, ...] = cursor.fetchone()
    return found
