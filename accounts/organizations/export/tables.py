"""What a full export holds: every table that belongs to an organization, of whatever room, found by itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, models

from accounts.models import Membership, Organization, OrganizationExport, OutboxEntry, User
from accounts.organizations.belongings import owned_models
from accounts.privacy.marks import readable_fields
from accounts.roles import SCOPES

#: Tables that are not the organization's data, each with what the README says of it.
LEFT_OUT = {OutboxEntry: "work that is owed at this moment, such as a mail about to leave"}
#: Folders of files that can be made again from what is in the export, or are exports themselves.
FOLDERS_LEFT_OUT = {"exports", "privacy"}


@dataclass(frozen=True)
class Column:
    name: str
    kind: str
    meaning: str


@dataclass(frozen=True)
class Table:
    """One file of JSON Lines: an object a row, named by columns."""

    name: str
    label: str
    meaning: str
    columns: tuple[Column, ...]
    #: A query of one parameter, the organization's id.
    query: str
    #: The same, counted.
    count: str

    @property
    def file(self) -> str:
        return f"data/{self.name}.jsonl"


def tables() -> list[Table]:
    """By name, so that two exports have the same order."""
    models_ = [Organization, *(model for model in owned_models() if model not in LEFT_OUT)]
    return sorted((_table(model) for model in models_), key=lambda table: table.name)


def _table(model: Any) -> Table:
    options = model._meta
    fields = readable_fields(model)
    name = connection.ops.quote_name(options.db_table)
    owner = "id" if model is Organization else "organization_id"
    columns = [_column(field) for field in fields]
    wanted = [_expression(field) for field in fields]
    source = f"{name} t"
    if model is Membership:  # accounts are people's own; who they are here is the organization's
        source += f' JOIN "{User._meta.db_table}" u ON u.id = t.user_id'
        wanted += ["u.name AS user_name", "u.email AS user_email"]
        columns += [
            Column("user_name", "varchar", "the person's name"),
            Column("user_email", "varchar", "the person's address"),
        ]
    where = f"WHERE t.{owner} = %s"
    key = connection.ops.quote_name(options.pk.column)
    return Table(
        name=options.db_table,
        label=str(options.verbose_name_plural).capitalize(),
        meaning=" ".join((model.__doc__ or "").split()),
        columns=tuple(columns),
        query=f"SELECT {', '.join(wanted)} FROM {source} {where} ORDER BY t.{key}",
        count=f"SELECT count(*) FROM {name} t {where}",
    )


def _expression(field: Any) -> str:
    """Decimal numbers as text, as the API gives them: a JSON number loses digits on the way."""
    name = connection.ops.quote_name(field.column)
    return f"t.{name}::text AS {name}" if isinstance(field, models.DecimalField) else f"t.{name}"


def _column(field: Any) -> Column:
    kind = (field.db_type(connection) or "").split(" GENERATED")[0]
    said = [str(field.help_text)] if field.help_text else []
    if field.is_relation:
        target = field.remote_field.model._meta
        said.append(f"refers to {target.db_table}.{target.pk.column}")
    if field.choices:
        said.append("; ".join(f"{value!r}: {label}" for value, label in field.flatchoices))
    if isinstance(field, models.DateTimeField):
        said.append("a moment, in UTC")
    if isinstance(field, models.DecimalField):
        said.append("a decimal number, as text")
    if field.name == "scopes":
        said.append(f"of {', '.join(SCOPES)}")
    return Column(field.column, kind, "; ".join(said) or str(field.verbose_name))


@dataclass(frozen=True)
class StoredFile:
    """A file that a room keeps for the organization, such as the frame of a run."""

    path: Path
    name: str


def stored_files(organization_id: Any) -> Iterator[StoredFile]:
    """What lies in MEDIA_ROOT/<kind>/<organization>/; half-written files begin with a dot and are none."""
    for folder in sorted(Path(settings.MEDIA_ROOT).glob(f"*/{organization_id}")):
        kind = folder.parent.name
        if kind in FOLDERS_LEFT_OUT:
            continue
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                yield StoredFile(path, f"files/{kind}/{path.relative_to(folder)}")


def relative_path(row: OrganizationExport) -> str:
    return f"exports/{row.organization_id}/{row.pk}.zip"
