"""A large organization made by SQL alone: customers, ten transactions each, answers of three in ten.

Buying follows the tier and a random propensity, answers follow the tier: enough for a study to have something to
adjust for. Foreign keys and indexes of the two large tables are taken off and put back, since the database is the
bench's own and they are checked all at once that way.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from accounts.models import Organization
from accounts.tenancy import organization_context
from cem.lib.db.base import as_owner
from feedback.models import Survey, SurveyVersion

TRANSACTIONS = 10
ANSWERING = 0.3

_CUSTOMERS = """
    INSERT INTO crm_customer (organization_id, id, external_id, name, email, phone, segment, country, language,
                              attributes, since, created_at, updated_at)
    SELECT %(o)s, cem_uuid7(), 'C-' || i, 'Customer ' || i, '', '', (ARRAY['basic', 'plus', 'gold'])[1 + i %% 3],
           '', '', '{}', now() - make_interval(days => 800 + (i %% 900)), now(), now()
      FROM generate_series(1, %(n)s) i"""
# One draw a customer decides how large a part of the orders is theirs, the tier shifts it.
_TRANSACTIONS = """
    INSERT INTO crm_transaction (organization_id, id, external_id, customer_id, kind, occurred_at, amount, currency,
                                 reporting_amount, channel, description, properties, created_at, updated_at)
    SELECT %(o)s, gen_random_uuid(), c.external_id || '-' || k, c.id, 'order', now() - random() * interval '730 days',
           paid, 'EUR', paid, '', '', '{}', now(), now()
      FROM (SELECT id, external_id, segment, random() AS draw FROM crm_customer
             WHERE organization_id = %(o)s OFFSET 0) c
      CROSS JOIN LATERAL generate_series(
          1, (1 + c.draw * (CASE c.segment WHEN 'gold' THEN 24 WHEN 'plus' THEN 18 ELSE 12 END))::int) k
      CROSS JOIN LATERAL (SELECT round((10 + 60 * random() + 0 * k)::numeric, 2) AS paid) p"""
_RESPONSES = """
    INSERT INTO feedback_response (organization_id, id, survey_id, version_id, customer_id, status, is_test, wave,
                                   channel, language, answers, answered_at, created_at, updated_at)
    SELECT %(o)s, gen_random_uuid(), %(survey)s, %(version)s, id, 'complete', false, '', 'link', '', '{}',
           now() - interval '100 days' - random() * interval '300 days', now(), now()
      FROM crm_customer WHERE organization_id = %(o)s AND random() < %(share)s"""
_SCORES = """
    INSERT INTO feedback_score (organization_id, response_id, customer_id, survey_id, metric, question, value, channel,
                                answered_at, counts)
    SELECT %(o)s, r.id, r.customer_id, r.survey_id, 'nps', 'nps',
           greatest(0, least(10, round(6.5 + (CASE c.segment WHEN 'gold' THEN 1.5 WHEN 'plus' THEN 0.5 ELSE 0 END)
                                       + 4 * (random() + random() - 1)))), 'link', r.answered_at, true
      FROM feedback_response r JOIN crm_customer c ON c.organization_id = r.organization_id AND c.id = r.customer_id
     WHERE r.organization_id = %(o)s"""


def organization(name: str, customers: int) -> Organization:
    made = Organization.objects.create(name=name, slug=name)
    with organization_context(made):
        survey = Survey.objects.create(key="relationship", name="Relationship", kind="relationship")
        version = SurveyVersion.objects.create(survey=survey, number=1, document={})
    values = {
        "o": str(made.pk),
        "n": customers,
        "share": ANSWERING,
        "survey": str(survey.pk),
        "version": str(version.pk),
    }
    with (
        _bare("crm_customer", "crm_transaction", "feedback_response", "feedback_score"),
        organization_context(made),
        connection.cursor() as cursor,
    ):
        for statement in (_CUSTOMERS, _TRANSACTIONS, _RESPONSES, _SCORES):
            cursor.execute(statement, values)
    with as_owner(connection), connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) crm_customer, crm_transaction, feedback_response, feedback_score")
    return made


@contextmanager
def _bare(*tables: str) -> Iterator[None]:
    """The tables without foreign keys and plain indexes, which are put back at the end."""
    with as_owner(connection), connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE contype = 'f' AND conrelid = ANY(%s::regclass[])",
            [list(tables)],
        )
        keys = cursor.fetchall()
        cursor.execute(
            "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i "
            "WHERE i.indrelid = ANY(%s::regclass[]) "
            "AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)",
            [list(tables)],
        )
        indexes = cursor.fetchall()
        for table, name, _ in keys:
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
    yield
    with as_owner(connection), connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '512MB'")
        for _, definition in indexes:
            cursor.execute(definition)
        for table, name, definition in keys:
            cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
        cursor.execute("RESET maintenance_work_mem")
