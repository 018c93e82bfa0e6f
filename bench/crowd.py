"""A large organization made by SQL alone: customers, ten transactions and a contact each, three in ten answered.

Buying follows the tier and a random propensity, answers follow the tier, and so do the chances of being asked and
of answering; promoters order once more in three after their answer. So there is something to adjust for, to weigh
and to find in every section of a study.
"""

from contextlib import nullcontext

from django.db import connection

from accounts.models import Organization
from accounts.tenancy import organization_context
from bench.bare import bare
from cem.lib.db.base import as_owner
from feedback.models import Survey, SurveyVersion

TRANSACTIONS = 10
#: So few are inserted with keys and indexes in place.
FEW = 10_000
ITEMS = ("delivery", "quality", "service", "value")
DOCUMENT = {
    "title": "Relationship",
    "languages": ["en"],
    "questions": [
        {"id": "nps", "type": "nps", "title": "Would you recommend us?"},
        {
            "id": "rated",
            "type": "matrix",
            "title": "How satisfied are you with …",
            "items": [{"id": one, "title": one.title(), "metric": f"rating:{one}"} for one in ITEMS],
        },
    ],
}

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
_CONTACTS = """
    INSERT INTO crm_interaction (organization_id, id, external_id, customer_id, channel, occurred_at, subject,
                                 is_complaint, measures, properties, created_at, updated_at)
    SELECT %(o)s, gen_random_uuid(), c.external_id || '-' || k, c.id, 'phone',
           now() - random() * interval '730 days', '', random() < 0.1, '{}', '{}', now(), now()
      FROM (SELECT id, external_id, random() AS draw FROM crm_customer
             WHERE organization_id = %(o)s OFFSET 0) c
      CROSS JOIN LATERAL generate_series(1, (2 * c.draw)::int) k"""
# Six in ten were considered, some not drawn, some silent: three in ten answered.
_INVITATIONS = """
    INSERT INTO feedback_invitation (organization_id, id, survey_id, customer_id, wave, channel, status,
                                     ineligible_reason, sampling_probability, sent_at)
    SELECT %(o)s, gen_random_uuid(), %(survey)s, id, '', 'email',
           CASE WHEN random() > chance THEN 'not_asked' WHEN random() < answers THEN 'answered' ELSE 'sent' END,
           '', chance, now() - interval '110 days' - random() * interval '300 days'
      FROM (SELECT id, CASE segment WHEN 'basic' THEN 0.7 ELSE 1.0 END AS chance,
                   CASE segment WHEN 'gold' THEN 0.7 WHEN 'plus' THEN 0.55 ELSE 0.45 END AS answers
              FROM crm_customer WHERE organization_id = %(o)s AND random() < 0.6 OFFSET 0) c"""
_RESPONSES = """
    INSERT INTO feedback_response (organization_id, id, survey_id, version_id, customer_id, invitation_id, status,
                                   is_test, wave, channel, language, answers, answered_at, created_at, updated_at)
    SELECT %(o)s, gen_random_uuid(), %(survey)s, %(version)s, customer_id, id, 'complete', false, '', 'email', '',
           '{}', sent_at + random() * interval '7 days', now(), now()
      FROM feedback_invitation WHERE organization_id = %(o)s AND status = 'answered'"""
_SCORES = """
    INSERT INTO feedback_score (organization_id, response_id, customer_id, survey_id, metric, question, value, channel,
                                answered_at, counts)
    SELECT %(o)s, r.id, r.customer_id, r.survey_id, 'nps', 'nps',
           greatest(0, least(10, round(6.5 + (CASE c.segment WHEN 'gold' THEN 1.5 WHEN 'plus' THEN 0.5 ELSE 0 END)
                                       + 4 * (random() + random() - 1)))), 'email', r.answered_at, true
      FROM feedback_response r JOIN crm_customer c ON c.organization_id = r.organization_id AND c.id = r.customer_id
     WHERE r.organization_id = %(o)s"""
# Items lean on the overall answer, each less than the one before; one in 25 is left out.
_ITEMS = """
    INSERT INTO feedback_score (organization_id, response_id, customer_id, survey_id, metric, question, value, channel,
                                answered_at, counts)
    SELECT %(o)s, s.response_id, s.customer_id, s.survey_id, 'rating:' || item, 'rated.' || item,
           greatest(1, least(5, round(3.5 + (0.45 - 0.09 * k) * (s.value - 7) + 3 * (random() + random() - 1)))),
           'email', s.answered_at, true
      FROM feedback_score s CROSS JOIN unnest(%(items)s::text[]) WITH ORDINALITY i(item, k)
     WHERE s.organization_id = %(o)s AND s.metric = 'nps' AND random() < 0.96"""
_AFTERWARDS = """
    INSERT INTO crm_transaction (organization_id, id, external_id, customer_id, kind, occurred_at, amount, currency,
                                 reporting_amount, channel, description, properties, created_at, updated_at)
    SELECT %(o)s, gen_random_uuid(), 'A-' || id, customer_id, 'order',
           answered_at + (0.01 + random()) * interval '89 days', 40, 'EUR', 40, '', '', '{}', now(), now()
      FROM feedback_score
     WHERE organization_id = %(o)s AND metric = 'nps' AND value > 8 AND random() < 0.33"""
_STEPS = (
    ("crm_customer", _CUSTOMERS),
    ("crm_transaction", _TRANSACTIONS),
    ("crm_interaction", _CONTACTS),
    ("feedback_invitation", _INVITATIONS),
    ("feedback_response", _RESPONSES),
    ("feedback_score", _SCORES),
    ("feedback_score", _ITEMS),
    ("crm_transaction", _AFTERWARDS),
)


def organization(name: str, customers: int) -> Organization:
    made = Organization.objects.create(name=name, slug=name)
    with organization_context(made):
        survey = Survey.objects.create(key="relationship", name="Relationship", kind="relationship")
        version = SurveyVersion.objects.create(survey=survey, number=1, document=DOCUMENT)
    values: dict[str, str | int | list[str]] = {
        "o": str(made.pk),
        "n": customers,
        "survey": str(survey.pk),
        "version": str(version.pk),
        "items": list(ITEMS),
    }
    tables = list(dict.fromkeys(table for table, _ in _STEPS))
    with bare(*tables) if customers > FEW else nullcontext():
        for table, statement in _STEPS:
            with organization_context(made), connection.cursor() as cursor:
                cursor.execute(statement, values)
            # The next one joins what this one wrote; without statistics by a nested loop, which takes hours.
            with as_owner(connection), connection.cursor() as cursor:
                cursor.execute(f"ANALYZE {table}")
    with as_owner(connection), connection.cursor() as cursor:
        cursor.execute(f"VACUUM (ANALYZE) {', '.join(tables)}")
    return made
