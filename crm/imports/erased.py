"""Rows that would bring back somebody who was erased on request are refused, in one statement a kind of identity."""

from psycopg2 import sql

from accounts.models import ErasedIdentity, Organization
from accounts.privacy.erased import matches, reason

from .staging import Staging

Kind = ErasedIdentity.Kind
#: Of customers: staging column → what it is. Rows of other kinds name a customer by their id alone.
OF_CUSTOMERS = {"external_id": Kind.EXTERNAL_ID, "email": Kind.EMAIL, "phone": Kind.PHONE}
OF_OTHERS = {"customer": Kind.EXTERNAL_ID}


def refuse_erased(staging: Staging, kind: str, organization: Organization) -> int:
    """Take such rows out. In the transaction that writes the others. Returns how many."""
    refused = 0
    for column, what in (OF_CUSTOMERS if kind == "customers" else OF_OTHERS).items():
        if column not in staging.columns:
            continue
        cell = sql.Identifier("s", column)
        if (same := matches(what, cell)) is None:
            return 0  # nobody was erased here
        refused += staging.refuse(
            sql.SQL("e.organization_id = {}::uuid AND {} <> '' AND {} AND NOT {}").format(
                sql.Literal(str(organization.pk)), cell, same, _theirs(column, organization)
            ),
            column,
            _reason(what),
            using=sql.SQL("accounts_erasedidentity e"),
        )
    return refused


def _reason(what: ErasedIdentity.Kind) -> sql.Composable:
    before, after = reason(what.label.lower(), "\0").split("\0")
    return sql.SQL("{} || to_char(e.erased_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') || {}").format(
        sql.Literal(before), sql.Literal(after)
    )


def _theirs(column: str, organization: Organization) -> sql.Composable:
    """An address that another customer has had all along, as families do, brings nobody back."""
    if column not in ("email", "phone"):
        return sql.SQL("false")
    return sql.SQL(
        "EXISTS (SELECT FROM crm_customer c WHERE c.organization_id = {}::uuid AND c.external_id = s.external_id "
        "AND c.{} = s.{})"
    ).format(sql.Literal(str(organization.pk)), sql.Identifier(column), sql.Identifier(column))
