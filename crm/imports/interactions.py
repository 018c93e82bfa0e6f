"""Import of interactions: contacts with their channel, touchpoint, employee and measures."""

from psycopg2 import sql

from accounts.models import Organization
from crm.models import Customer, Interaction
from crm.models.interaction import Channel

from . import importer as kinds
from .importer import Counts
from .mapping import Mapping
from .rows import RowImporter
from .staging import Staging
from .transactions import create_named_customers, refuse_unknown_customers
from .upsert import HASH_ID, OWN_ID, Upsert, refuse_repeated, unknown_reference

INITIAL = {
    "touchpoint_id": "NULL",
    "employee_id": "NULL",
    "duration_seconds": "NULL",
    "subject": "''",
    "is_complaint": "false",
    "measures": "'{}'",
    "properties": "'{}'",
}
#: Field → table, its key, and what to call it.
REFERENCES = {
    "touchpoint": ("crm_touchpoint", "key", "touchpoint with the key"),
    "employee": ("crm_employee", "external_id", "employee with the id"),
}


class InteractionImporter(RowImporter):
    kind = "interactions"
    fills = (Customer, Interaction)
    options = ("create_customers",)
    targets = {
        "external_id": kinds.own_id(),
        "customer": kinds.text(200, required=True),
        "channel": kinds.choice(Channel.values, required=True),
        "touchpoint": kinds.text(60),
        "employee": kinds.text(200),
        "occurred_at": kinds.instant(required=True),
        "duration_seconds": kinds.whole(),
        "subject": kinds.text(300),
        "is_complaint": kinds.flag(),
        "measures": kinds.group("number"),
        "properties": kinds.group("text"),
    }

    def write(self, staging: Staging, mapping: Mapping, organization: Organization) -> Counts:
        has_id = "external_id" in mapping.columns
        refuse_unknown_customers(staging, mapping)
        fields: dict[str, sql.Composable] = {
            name: sql.Identifier("s", name)
            for name in mapping.columns
            if name not in ("external_id", "customer", *REFERENCES)
        }
        joins: list[sql.Composable] = [
            sql.SQL("JOIN crm_customer customer ON customer.external_id = s.customer")
        ]
        fields["customer_id"] = sql.SQL("customer.id")
        for name, (table, key, what) in REFERENCES.items():
            if name in mapping.columns:
                unknown_reference(staging, name, table, key, what, name)
                fields[f"{name}_id"] = sql.SQL("{}.id").format(sql.Identifier(name))
                joins.append(
                    sql.SQL("LEFT JOIN {table} {name} ON {name}.{key} = s.{name}").format(
                        table=sql.Identifier(table), name=sql.Identifier(name), key=sql.Identifier(key)
                    )
                )
        if has_id:
            refuse_repeated(staging, list(staging.columns)[1:])
        customers = create_named_customers(staging, mapping, organization)
        created, updated = Upsert(
            "crm_interaction",
            OWN_ID if has_id else HASH_ID,
            fields,
            merged=["measures", "properties"],
            initial={name: sql.SQL(value) for name, value in INITIAL.items() if name not in fields},
            joins=sql.SQL(" ").join(joins),
        ).run(staging, organization.pk)
        return Counts(created, updated, customers)
