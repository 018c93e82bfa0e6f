"""Import of customers, and of the companies they belong to."""

from psycopg2 import sql

from accounts.models import Organization
from crm.models import Company, Customer

from . import importer as kinds
from .importer import Counts
from .mapping import Mapping
from .rows import RowImporter
from .staging import Staging
from .upsert import OWN_ID, Upsert, refuse_repeated

EMAIL = r"[^@\s]{1,64}@[^@\s]+"
#: What a customer has when the mapping does not say.
INITIAL = {
    "name": "''",
    "email": "''",
    "phone": "''",
    "company_id": "NULL",
    "segment": "''",
    "country": "''",
    "language": "''",
    "since": "NULL",
    "attributes": "'{}'",
}


class CustomerImporter(RowImporter):
    kind = "customers"
    fills = (Customer, Company)
    targets = {
        "external_id": kinds.own_id(required=True),
        "name": kinds.text(200),
        "email": kinds.pattern(EMAIL, "an e-mail address"),
        "phone": kinds.phone(),
        "company": kinds.text(200),
        "segment": kinds.text(60),
        "country": kinds.pattern(
            "[A-Z]{2}", "a country's two letters (ISO 3166), such as PT", fold=str.upper
        ),
        "language": kinds.pattern("[A-Za-z]{2,3}([-_][A-Za-z0-9]+)*", "a language tag, such as pt or pt-BR"),
        "since": kinds.instant(),
        "attributes": kinds.group("text"),
    }

    def write(self, staging: Staging, mapping: Mapping, organization: Organization) -> Counts:
        refuse_repeated(staging, list(staging.columns)[1:])
        fields: dict[str, sql.Composable] = {
            name: sql.Identifier("s", name)
            for name in mapping.columns
            if name not in ("external_id", "company")
        }
        joins: sql.Composable = sql.SQL("")
        if "company" in mapping.columns:
            create_companies(staging, organization)
            fields["company_id"] = sql.SQL("company.id")
            joins = sql.SQL("LEFT JOIN crm_company company ON company.external_id = s.company")
        created, updated = Upsert(
            "crm_customer",
            OWN_ID,
            fields,
            merged=["attributes"],
            initial={name: sql.SQL(value) for name, value in INITIAL.items() if name not in fields},
            joins=joins,
        ).run(staging, organization.pk)
        return Counts(created, updated)


def create_companies(staging: Staging, organization: Organization) -> None:
    """Make the companies that rows name and nobody knows yet; they are called by their id at first."""
    staging.run(
        """
        INSERT INTO crm_company (organization_id, id, external_id, name, created_at)
        SELECT DISTINCT ON (s.company) %(organization)s, cem_uuid7(), s.company, s.company, now()
          FROM {rows} s WHERE s.company <> ''
        ON CONFLICT (organization_id, external_id) DO NOTHING
        """,
        {"organization": organization.pk},
    )
