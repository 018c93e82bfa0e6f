"""The words that go with an export: what is in it, and what each column means."""

from datetime import datetime
from typing import Any

from accounts.models import Organization

from .archive import Part
from .tables import LEFT_OUT, Table

#: Counted up when files, names or formats change, so that a program which reads exports can tell.
SCHEMA_VERSION = 1

_HEAD = """# {name}: full export

Made {made_at:%Y-%m-%d %H:%M} UTC, schema version {version}. Everything in it is of one moment: rows written later are
not in it, and references between files hold.

- `data/*.jsonl`: one table a file, one row a line, each line a JSON object (JSON Lines, UTF-8). Moments are ISO 8601 in
  UTC, amounts are decimal numbers as text with their currency beside them, ids are UUIDs.
- `files/`: what is kept as files, such as the frames of studies (Parquet) and refused rows of imports (CSV).
- `manifest.json`: the same list for programs: rows, bytes, SHA-256 and columns of every file.
- `SHA256SUMS`: check with `sha256sum --check SHA256SUMS`.

Left out: passwords, keys, tokens and other secrets, and hashes of them, in all tables; {left_out}; exports of single
customers, which can be made again from this one. Accounts belong to people: of members this holds name, address and
role.

## Files
"""


def readme(organization: Organization, made_at: datetime, tables: list[Table], parts: list[Part]) -> str:
    left_out = "; ".join(f"`{model._meta.db_table}`, {why}" for model, why in LEFT_OUT.items())
    head = _HEAD.format(name=organization.name, made_at=made_at, version=SCHEMA_VERSION, left_out=left_out)
    rows = {part.name: part.rows for part in parts}
    return head + "\n".join(_about(table, rows.get(table.file, 0)) for table in tables)


def _about(table: Table, rows: int) -> str:
    lines = [f"\n### {table.file}\n", f"{table.label}: {rows:,} rows. {table.meaning}\n"]
    lines += ["| column | type | meaning |", "|---|---|---|"]
    for column in table.columns:
        meaning = column.meaning.replace("|", "\\|").replace("\n", " ")
        lines.append(f"| `{column.name}` | {column.kind} | {meaning} |")
    return "\n".join(lines) + "\n"


def manifest(
    organization: Organization, made_at: datetime, tables: list[Table], parts: list[Part]
) -> dict[str, Any]:
    columns = {
        table.file: [{"name": column.name, "type": column.kind} for column in table.columns]
        for table in tables
    }
    return {
        "schema_version": SCHEMA_VERSION,
        "organization": {"id": str(organization.pk), "slug": organization.slug, "name": organization.name},
        "made_at": made_at.isoformat(),
        "files": [
            {
                **{key: value for key, value in part.plain.items() if key != "label"},
                **({"columns": columns[part.name]} if part.name in columns else {}),
            }
            for part in parts
        ],
    }
