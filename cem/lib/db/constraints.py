"""Row-level security and composite references as `Meta.constraints`, so that the autodetector migrates them."""

from typing import Any

from django.db import models
from django.db.backends.ddl_references import Statement, Table
from django.db.models.constraints import BaseConstraint

#: The sub-select is evaluated once a query (four times faster on scans). Unset: NULL, so no row. After a
#: transaction the setting is an empty string rather than unset, hence nullif.
CURRENT_ORGANIZATION = "(SELECT nullif(current_setting('app.organization_id', true), '')::uuid)"


class SqlConstraint(BaseConstraint):
    """A constraint that is a statement after CREATE TABLE, not a clause inside it."""

    def constraint_sql(self, model: type[models.Model], schema_editor: Any) -> None:  # type: ignore[override]
        schema_editor.deferred_sql.append(self.create_sql(model, schema_editor))

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """The database alone checks it."""


class TenantPolicy(SqlConstraint):
    """ENABLE ROW LEVEL SECURITY and the one policy, for reads and writes.

    No FORCE: definer functions, owned by the table's owner, are the reviewed way past it.
    """

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TenantPolicy) and self.name == other.name

    __hash__ = None  # type: ignore[assignment]

    def create_sql(self, model: Any, schema_editor: Any) -> Statement:  # type: ignore[override]
        policy = schema_editor.quote_name(self.name)
        return Statement(
            "ALTER TABLE %(table)s ENABLE ROW LEVEL SECURITY; CREATE POLICY "
            + policy
            + " ON %(table)s USING (organization_id = "
            + CURRENT_ORGANIZATION
            + ")",
            table=Table(model._meta.db_table, schema_editor.quote_name),
        )

    def remove_sql(self, model: Any, schema_editor: Any) -> str:
        table = schema_editor.quote_name(model._meta.db_table)
        policy = schema_editor.quote_name(self.name)
        return f"DROP POLICY {policy} ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"


class TenantReference(SqlConstraint):
    """FOREIGN KEY (organization_id, x_id) REFERENCES target (organization_id, id).

    PostgreSQL checks foreign keys past row-level security, so a plain one could point into another organization.
    Deferred, so that rows may be written and deleted in any order within a transaction.
    """

    def __init__(self, *, field: str, name: str) -> None:
        super().__init__(name=name)
        self.field = field

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        kwargs["field"] = self.field
        return path, args, kwargs

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TenantReference) and (self.name, self.field) == (other.name, other.field)

    __hash__ = None  # type: ignore[assignment]

    def create_sql(self, model: Any, schema_editor: Any) -> Statement:  # type: ignore[override]
        quote = schema_editor.quote_name
        field = model._meta.get_field(self.field)
        return Statement(
            "ALTER TABLE %(table)s ADD CONSTRAINT "
            + quote(self.name)
            + " FOREIGN KEY (organization_id, "
            + quote(field.column)
            + ") REFERENCES %(target)s (organization_id, id) DEFERRABLE INITIALLY DEFERRED",
            table=Table(model._meta.db_table, quote),
            target=Table(field.remote_field.model._meta.db_table, quote),
        )

    def remove_sql(self, model: Any, schema_editor: Any) -> str:
        quote = schema_editor.quote_name
        return f"ALTER TABLE {quote(model._meta.db_table)} DROP CONSTRAINT {quote(self.name)}"
