"""Import of survey answers: validated against the survey's published version, scored by the one engine.

Old answers are history: they count in every figure, but open no case and ask nobody to call.
"""

from typing import Any

from psycopg2 import sql

from accounts.models import Organization
from crm.imports import importer as kinds
from crm.imports.importer import Counts, read_common
from crm.imports.mapping import Checker, Mapping, suggestion
from crm.imports.plan import Plan
from crm.imports.reading import RowFile
from crm.imports.rows import RowImporter, plan_slots
from crm.imports.staging import Staging
from crm.imports.transactions import create_named_customers, refuse_unknown_customers
from crm.imports.upsert import OWN_ID, Upsert, refuse_repeated, unknown_reference
from crm.models import Customer
from feedback.answer_slots import AnswerCell, Answers, Facts, position, read_answers
from feedback.intake.supersede import supersede
from feedback.models import Response, Score, Survey, SurveyVersion, Verbatim
from feedback.surveys.document import parse
from feedback.surveys.versions import current

INITIAL = {
    "touchpoint_id": "NULL",
    "wave": "''",
    "channel": "'import'",
    "language": "''",
    "status": "'complete'",
    "is_test": "false",
}
#: Above so many customers it is cheaper to look at the whole survey.
MANY = 10_000


class ResponseImporter(RowImporter):
    kind = "responses"
    fills = (Customer, Response, Score, Verbatim)
    options = ("survey", "answers", "create_customers")
    targets = {
        "external_id": kinds.own_id(),
        "customer": kinds.text(200),
        "answered_at": kinds.instant(required=True),
        "touchpoint": kinds.text(60),
        "channel": kinds.text(16),
        "language": kinds.text(12),
        "wave": kinds.text(40),
    }

    def read(self, document: dict[str, Any], organization: Organization) -> Mapping:
        checker = Checker()
        mapping = read_common(checker, document, self.kind, self.targets, self.options)
        self.check(checker, mapping, organization)
        for name in mapping.key or ():
            if name == "external_id":
                checker.note("key", "external_id is a key already")
        version = find_version(checker, document.get("survey"))
        if version is not None:
            list(read_answers(checker, document.get("answers"), parse(version.document)))
        checker.finish()
        return mapping

    def plan(self, mapping: Mapping, file: RowFile, organization: Organization) -> Plan:
        slots = plan_slots(mapping, self.targets, file, organization.tz)
        document = parse(version_of(mapping).document)
        cells = [
            AnswerCell(name, source, position(source, file))
            for name, source in read_answers(Checker(), mapping.options["answers"], document)
        ]
        answers = Answers(document, cells)
        slots |= {"answers": answers, "facts": Facts(answers)}
        if "external_id" in mapping.columns:
            return Plan(slots)
        return Plan(slots, digest_of=[*(mapping.key or mapping.columns), "answers"])

    def write(self, staging: Staging, mapping: Mapping, organization: Organization) -> Counts:
        version = version_of(mapping)
        refuse_unknown_customers_of(staging, mapping)
        if "touchpoint" in mapping.columns:
            unknown_reference(
                staging, "touchpoint", "crm_touchpoint", "key", "touchpoint with the key", "touchpoint"
            )
        give_keys(staging, version.survey, mapping)
        customers = (
            create_named_customers(staging, mapping, organization) if "customer" in mapping.columns else 0
        )
        created, updated = upsert_of(mapping, version).run(staging, organization.pk)
        if created or updated:
            write_facts(staging, version.survey, organization)
            settle(staging, version.survey)
        return Counts(created, updated, customers)


def find_version(checker: Checker, key: Any) -> SurveyVersion | None:
    """The published version that answers are held against; notes what is wrong when there is none."""
    survey = Survey.objects.filter(key=key).first() if isinstance(key, str) else None
    if survey is None:
        known = list(Survey.objects.values_list("key", flat=True)[:40])
        said = "must be the key of a survey" if not isinstance(key, str) else f"there is no survey {key!r}"
        checker.note("survey", said + suggestion(str(key), known))
        return None
    version = current(survey.pk)
    if version is None:
        checker.note("survey", f"{key!r} is a draft: publish it, so that answers can be held against it")
    return version


def version_of(mapping: Mapping) -> SurveyVersion:
    version = find_version(checker := Checker(), mapping.options["survey"])
    checker.finish()
    if version is None:
        raise AssertionError("a mapping without a version was not refused")
    return version


def refuse_unknown_customers_of(staging: Staging, mapping: Mapping) -> None:
    if "customer" in mapping.columns:
        refuse_unknown_customers(staging, mapping)


def give_keys(staging: Staging, survey: Survey, mapping: Mapping) -> None:
    """Rows' own ids, or for rows without one their hash and the ordinal among equal rows of this survey."""
    if "external_id" in mapping.columns:
        refuse_repeated(staging, [name for name in staging.columns if name not in ("line", "facts")])
        return
    staging.run("ALTER TABLE {rows} ADD COLUMN external_id text")
    staging.run(
        """
        UPDATE {rows} s SET external_id = numbered.key
          FROM (SELECT line, %(survey)s || ':' || digest || '-' ||
                       row_number() OVER (PARTITION BY digest ORDER BY line) AS key FROM {rows}) numbered
         WHERE numbered.line = s.line
        """,
        {"survey": survey.key},
    )
    staging.run("ANALYZE {rows}")


def upsert_of(mapping: Mapping, version: SurveyVersion) -> Upsert:
    fields: dict[str, sql.Composable] = {
        name: sql.Identifier("s", name)
        for name in mapping.columns
        if name not in ("external_id", "customer", "touchpoint")
    }
    fields |= {"answers": sql.SQL("s.answers"), "survey_id": _uuid(version.survey_id)}
    joins = []
    for name, table, key in (
        ("customer", "crm_customer", "external_id"),
        ("touchpoint", "crm_touchpoint", "key"),
    ):
        if name in mapping.columns:
            fields[f"{name}_id"] = sql.Identifier(name, "id")
            joins.append(
                sql.SQL("LEFT JOIN {table} {name} ON {name}.{key} = s.{name}").format(
                    table=sql.Identifier(table), name=sql.Identifier(name), key=sql.Identifier(key)
                )
            )
    initial = {**INITIAL, "customer_id": "NULL"}
    return Upsert(
        "feedback_response",
        OWN_ID,
        fields,
        initial={name: sql.SQL(value) for name, value in initial.items() if name not in fields},
        # A newer version with the same answers is no change; other answers were held against it.
        along={"version_id": _uuid(version.pk)},
        joins=sql.SQL(" ").join(joins),
    )


def _uuid(value: Any) -> sql.Composable:
    return sql.SQL("{}::uuid").format(sql.Literal(str(value)))


#: The responses that this transaction wrote, with their staged rows: now() is the transaction's own.
WRITTEN = sql.SQL(
    "feedback_response r JOIN {rows} s ON s.external_id = r.external_id "
    "WHERE r.organization_id = %(organization)s AND r.updated_at = now()"
)


def write_facts(staging: Staging, survey: Survey, organization: Organization) -> None:
    """Scores and verbatims of the responses that were written, in the place of those they had."""
    written = WRITTEN.format(rows=staging.rows)
    parameters = {"organization": organization.pk}
    for table in ("feedback_score", "feedback_verbatim"):
        staging.run(
            "DELETE FROM {table} f WHERE f.response_id IN (SELECT r.id FROM {written})",
            parameters,
            table=sql.Identifier(table),
            written=written,
        )
    staging.run(
        """
        INSERT INTO feedback_score (organization_id, response_id, customer_id, survey_id, touchpoint_id,
                                    metric, question, value, channel, answered_at, counts)
        SELECT w.organization_id, w.id, w.customer_id, w.survey_id, w.touchpoint_id, score->>0, score->>1,
               (score->>2)::float8, w.channel, w.answered_at, NOT w.is_test AND w.status <> 'dismissed'
          FROM (SELECT r.*, s.facts FROM {written}) w, jsonb_array_elements(w.facts->'scores') AS score
        """,
        parameters,
        written=written,
    )
    staging.run(
        """
        INSERT INTO feedback_verbatim (organization_id, id, response_id, customer_id, question, text,
                                       language, answered_at)
        SELECT w.organization_id, cem_uuid7(), w.id, w.customer_id, said->>0, said->>1, w.language,
               w.answered_at
          FROM (SELECT r.*, s.facts FROM {written}) w, jsonb_array_elements(w.facts->'verbatims') AS said
        """,
        parameters,
        written=written,
    )


def settle(staging: Staging, survey: Survey) -> None:
    """In a relationship survey a customer's later answer in a wave takes the earlier one's place."""
    if survey.kind != Survey.Kind.RELATIONSHIP:
        return
    customers = staging.all(
        "SELECT DISTINCT customer_id FROM feedback_response r WHERE updated_at = now() AND survey_id = %s "
        "AND customer_id IS NOT NULL LIMIT %s",
        [survey.pk, MANY + 1],
    )
    ids = [customer for (customer,) in customers]
    supersede(survey.pk, ids if len(ids) <= MANY else None)
